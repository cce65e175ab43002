import type { Level } from "../events/vocabulary.ts";
import type { AuditedEvent } from "./audited-event.ts";
import type { Replayed } from "./replay.ts";

/** What one policy makes of some events. */
export interface ChangeSide {
  /** -1: no rule matches. */
  readonly rule: number;
  readonly level: Level;
  /** None, or a stage that is omitted. */
  readonly omitted: boolean;
  bytes: number;
}

/** Events that two policies treat differently, by the rules that decide. */
export interface Change {
  readonly a: ChangeSide;
  readonly b: ChangeSide;
  events: number;
  /** The first of them. */
  readonly example: { readonly auditID: string; readonly verb: string; readonly target: string; readonly user: string };
}

const MOST_CHANGES = 20_000;

/** Two policies over one log. */
export class ReplayChanges {
  private readonly changes = new Map<string, Change>();
  /** Events whose change is not kept: there were too many kinds. */
  others = 0;

  see(event: AuditedEvent, a: Replayed, b: Replayed): void {
    if (a.isWritten === b.isWritten && a.bytes === b.bytes && (!a.isWritten || a.level === b.level)) return;
    const key = `${sideKey(a)} ${sideKey(b)}`;
    let change = this.changes.get(key);
    if (change === undefined) {
      if (this.changes.size >= MOST_CHANGES) {
        this.others += 1;
        return;
      }
      const { auditID, attributes, target, user } = event;
      const { verb, path } = attributes;
      const [shownVerb = "", shownTarget = "", shownUser = ""] = [verb, target || path, user?.name ?? ""].map(short);
      const example = { auditID: short(auditID), verb: shownVerb, target: shownTarget, user: shownUser };
      change = { a: side(a), b: side(b), events: 0, example };
      this.changes.set(key, change);
    }
    change.events += 1;
    change.a.bytes += a.bytes;
    change.b.bytes += b.bytes;
  }

  /** What makes the most difference in bytes first. */
  list(): readonly Change[] {
    const weight = ({ a, b }: Change): number => Math.abs(a.bytes - b.bytes);
    return [...this.changes.values()].sort((x, y) => weight(y) - weight(x) || y.events - x.events);
  }
}

/** Strangers choose these. */
function short(text: string): string {
  return text.length > 256 ? `${text.slice(0, 256)}…` : text;
}

function sideKey({ rule, isWritten }: Replayed): string {
  return `${String(rule)}${isWritten ? "+" : "-"}`;
}

function side({ rule, level, isWritten }: Replayed): ChangeSide {
  return { rule, level, omitted: !isWritten, bytes: 0 };
}
