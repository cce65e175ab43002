import type { ObjectState } from "../../engine/contract.ts";
import { displayWidth, wrapText } from "../../models/display-width.ts";
import { jsonLines } from "../../models/json-lines.ts";
import { line, lineWidth, span } from "../../models/line.ts";
import { MASK, maskBody } from "../../masking/mask.ts";
import { escapedText, safeText } from "../../models/text-safety.ts";
import type { Line, Tone } from "../../models/view.ts";
import { NOT_FOUND, valueAt } from "./masked-value.ts";

/** One row of the diff; all rows of one change share `path`. */
export interface DiffLine {
  readonly line: Line;
  readonly path: string;
  readonly copy: string;
}

export interface DiffOptions {
  readonly width: number;
  readonly unicode: boolean;
  readonly unmasked: boolean;
  /** Also what every write changes by itself: resourceVersion, generation, and the controllers' timestamps. */
  readonly everything: boolean;
}

/** What every write changes by itself. */
const BOOKKEEPING =
  /^metadata\.(?:resourceVersion|generation)$|\.(?:lastTransitionTime|lastUpdateTime|lastHeartbeatTime|lastProbeTime)$|\.?observedGeneration$/;

export function isBookkeeping(path: string): boolean {
  return BOOKKEEPING.test(path);
}

const MARKS = { added: "+", removed: "-", changed: "~" } as const;
const TONES: Readonly<Record<keyof typeof MARKS, Tone>> = { added: "good", removed: "danger", changed: "warn" };
/** Lines of one added or removed value. */
const MOST_LINES = 40;

export function changeLines(
  state: Pick<ObjectState, "resource" | "before" | "after" | "changes">,
  options: DiffOptions,
): DiffLine[] {
  const { width, unicode } = options;
  const subject = { resource: state.resource };
  const before = options.unmasked ? state.before : maskBody(state.before, subject);
  const after = options.unmasked ? state.after : maskBody(state.after, subject);
  const lines: DiffLine[] = [];
  for (const change of state.changes) {
    if (!options.everything && isBookkeeping(change.path)) continue;
    const shown = (side: unknown): unknown => {
      const found = valueAt(side, change.path);
      // What can't be found in the masked copy is not shown at all.
      return found === NOT_FOUND ? MASK : found;
    };
    const was = change.before === undefined ? undefined : shown(before);
    const is = change.after === undefined ? undefined : shown(after);
    const add = (spans: Line, copy: string): void => {
      lines.push({ line: spans, path: change.path, copy });
    };
    const mark = span(`${MARKS[change.kind]} `, TONES[change.kind], true);
    const path = options.unmasked ? escapedText(change.path, unicode) : safeText(change.path, unicode);
    const [old, now] = [scalarText(was, unicode), scalarText(is, unicode)];
    const masked = change.kind === "changed" && old !== null && old === now ? "  (both masked, they differ)" : "";
    const value = valueSpans(change.kind, old, now, masked);
    if (value !== null) {
      if (lineWidth(value) <= width - 2 - displayWidth(path) - 2) {
        add(line(mark, span(path, "accent"), "  ", ...value), now ?? old ?? "");
        continue;
      }
    }
    for (const [at, piece] of wrapText(path, Math.max(10, width - 2), 3).entries())
      add(line(at === 0 ? mark : "  ", span(piece, "accent")), path);
    if (value !== null && lineWidth(value) <= width - 6) {
      add(line("    ", ...value), now ?? old ?? "");
      continue;
    }
    if (was !== undefined) sideLines(was, "-", "danger", options, add);
    if (is !== undefined) sideLines(is, "+", "good", options, add);
  }
  return lines;
}

function valueSpans(
  kind: keyof typeof MARKS,
  old: string | null,
  now: string | null,
  masked: string,
): ReturnType<typeof line> | null {
  if (kind === "added") return now === null ? null : line(span(now, "good"));
  if (kind === "removed") return old === null ? null : line(span(old, "danger"));
  if (old === null || now === null) return null;
  return line(span(old, "danger"), span(" → ", "muted"), span(now, "good"), span(masked, "muted"));
}

/** A value that is neither object nor list as JSON; null for the others and for none. */
function scalarText(value: unknown, unicode: boolean): string | null {
  if (value === undefined) return null;
  if (value !== null && typeof value === "object" && Object.keys(value).length > 0) return null;
  return escapedText(typeof value === "string" ? value : JSON.stringify(value), unicode);
}

function sideLines(
  value: unknown,
  mark: string,
  tone: Tone,
  options: DiffOptions,
  add: (spans: Line, copy: string) => void,
): void {
  const lines = jsonLines(value, {
    width: Math.max(20, options.width - 6),
    unicode: options.unicode,
    isFolded: (_, key) => key === "managedFields",
  });
  for (const json of lines.slice(0, MOST_LINES))
    add([{ text: `    ${mark} `, tone }, ...json.line.map((part) => ({ ...part, tone }))], json.copy ?? "");
  if (lines.length > MOST_LINES)
    add(line(span(`      … ${lines.length - MOST_LINES} more lines; the request card has them all`, "muted")), "");
}
