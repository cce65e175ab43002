import type { Access } from "./access.ts";
import type { Identity } from "./authorizer.ts";
import { type Implied, impersonating, impliedBy } from "./implied.ts";
import { type Outcome, outcomeOf, refusedImpersonation } from "./outcome.ts";
import { allowedBy } from "./reason.ts";
import { type Right, rightKey } from "./right.ts";
import { isSubject, type Subject, withOwnGroups } from "./subject.ts";

export interface Tally {
  readonly requests: number;
  /** µs; NaN when no event had a time. */
  readonly firstUs: number;
  readonly lastUs: number;
}

export const NEVER: Tally = { requests: 0, firstUs: Number.NaN, lastUs: Number.NaN };

/** All that is known about one right of a subject. */
export interface Entry {
  readonly right: Right;
  allowed: Tally | null;
  refused: Tally | null;
  /** Why it was needed although nobody asked for it, with how often. */
  implied: ReadonlyMap<string, Tally>;
  /** All reasons it is implied for are optional. */
  optional: boolean;
  /** As whom it was asked: a user has several where its groups differ; of a group's members the groups count. */
  readonly identities: Identity[];
  /** Only the Node authorizer has allowed it. */
  byNode: boolean;
}

/** Implied, but nobody can say what exactly; or a right that something failed for. */
export interface Hint extends Tally {
  readonly right: Right | null;
  readonly why: string;
  readonly failed: boolean;
}

const NOTHING: ReadonlyMap<string, Tally> = new Map();

/** What a subject did and was refused, by right. */
export class Ledger {
  readonly subject: Subject;
  readonly entries = new Map<string, Entry>();
  readonly hints = new Map<string, Hint>();
  /** As whom it asked, each once. */
  readonly identities = new Map<string, Identity>();
  /** Requests by what came of asking. */
  readonly requests: Record<Outcome, number> = { allowed: 0, refused: 0, starting: 0, unasked: 0 };
  /** Of the allowed ones: by whom, and how many without a decision, by their answer. */
  readonly by = { superuser: 0, node: 0, answer: 0 };
  /** Groups it had, for all its requests. */
  readonly groups = new Set<string>();
  /** As somebody else, which it had to be allowed to. */
  acting = 0;
  /** Of all of these; null when there are none. */
  span: Tally | null = null;

  constructor(subject: Subject, accesses: readonly Access[]) {
    this.subject = subject;
    for (const access of accesses) this.add(access);
  }

  private add(access: Access): void {
    const own = { user: access.user, groups: access.groups };
    const outcome = outcomeOf(access);
    if (isSubject(this.subject, own)) this.addOwn(access, outcome, withOwnGroups(own));
    if (access.asFrom === "" || outcome === "unasked") return;
    const realGroups = access.evidence.flatMap((evidence) => evidence.realGroups);
    const real = withOwnGroups({ user: access.asFrom, groups: [...new Set(realGroups)] });
    if (!isSubject(this.subject, real)) return;
    this.acting += access.requests;
    this.span = added(this.span, access);
    for (const implied of impersonating(access)) this.addImplied(implied, access, real);
  }

  private addOwn(access: Access, outcome: Outcome, identity: Identity): void {
    this.requests[outcome] += access.requests;
    for (const group of identity.groups) this.groups.add(group);
    this.span = added(this.span, access);
    if (outcome === "refused") {
      const entry = this.entry(refusedImpersonation(access) ?? access.attributes);
      entry.refused = added(entry.refused, access);
    }
    if (outcome !== "allowed") return;
    const authorizer = allowedBy(access);
    if (access.decision === "") this.by.answer += access.requests;
    else if (authorizer === "superuser" || authorizer === "node") this.by[authorizer] += access.requests;
    const entry = this.entry(access.attributes);
    entry.byNode = authorizer === "node" && (entry.byNode || entry.allowed === null);
    entry.allowed = added(entry.allowed, access);
    this.addIdentity(entry, identity);
    for (const implied of impliedBy(access)) this.addImplied(implied, access, identity);
  }

  private addImplied({ right, why, optional, failed }: Implied, access: Access, identity: Identity): void {
    if (right === null || failed) {
      const key = `${right === null ? "" : rightKey(right)} ${why}`;
      this.hints.set(key, { ...added(this.hints.get(key) ?? null, access), right, why, failed });
      return;
    }
    const entry = this.entry(right);
    if (entry.implied.size === 0) entry.optional = optional;
    else entry.optional &&= optional;
    entry.implied = new Map([...entry.implied, [why, added(entry.implied.get(why) ?? null, access)]]);
    this.addIdentity(entry, identity);
  }

  private addIdentity(entry: Entry, { user, groups }: Identity): void {
    const own = { user: this.subject.kind === "Group" ? "" : user, groups };
    const key = JSON.stringify(own);
    const identity = this.identities.get(key) ?? own;
    this.identities.set(key, identity);
    if (!entry.identities.includes(identity)) entry.identities.push(identity);
  }

  private entry(right: Right): Entry {
    const key = rightKey(right);
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      right,
      allowed: null,
      refused: null,
      implied: NOTHING,
      optional: false,
      identities: [],
      byNode: false,
    };
    this.entries.set(key, entry);
    return entry;
  }
}

export function added(tally: Tally | null, more: Tally): Tally {
  const { requests, firstUs, lastUs } = more;
  if (tally === null) return { requests, firstUs, lastUs };
  return {
    requests: tally.requests + requests,
    firstUs: tally.firstUs <= firstUs || Number.isNaN(firstUs) ? tally.firstUs : firstUs,
    lastUs: tally.lastUs >= lastUs || Number.isNaN(lastUs) ? tally.lastUs : lastUs,
  };
}
