import type { RequestFacts } from "../events/request.ts";
import type { Mark } from "./app-state.ts";

export const MOST_MARKS = 1_000;
/** Names, URIs and user agents of strangers: what is longer is read in the log. */
const LONGEST_FACT = 1_024;

/** With a request marked anew, which keeps its note; beyond `MOST_MARKS` nothing is marked. */
export function withMark(marks: readonly Mark[], facts: RequestFacts, log: string | null): readonly Mark[] {
  return withRestored(marks, [{ id: markId(facts), facts: bounded(facts), note: "", log }]);
}

/** With marks of an earlier run; what is marked already stays as it is. */
export function withRestored(marks: readonly Mark[], restored: readonly Mark[]): readonly Mark[] {
  const known = new Set(marks.map(({ id }) => id));
  const fresh = restored.filter(({ id }) => !known.has(id)).slice(0, Math.max(0, MOST_MARKS - marks.length));
  return fresh.length === 0 ? marks : [...marks, ...fresh].sort(byTime);
}

/** With the rows where marked requests were found. */
export function withRows(
  marks: readonly Mark[],
  rows: readonly { readonly id: string; readonly seq: number }[],
): readonly Mark[] {
  const seqs = new Map(rows.map(({ id, seq }) => [id, seq]));
  return marks.map((mark) => ({ ...mark, facts: { ...mark.facts, seq: seqs.get(mark.id) ?? mark.facts.seq } }));
}

/** Of the request behind a row of lists, which lack its auditID. */
export function markAt(marks: readonly Mark[], seq: number): Mark | undefined {
  return marks.find(({ facts }) => facts.seq === seq);
}

/** Its row is among those kept. */
export function isFound({ facts }: Mark): boolean {
  return !Number.isNaN(facts.seq);
}

/** Clients choose their auditIDs: the time tells requests of one apart. */
export function markId({ auditID, receivedUs, seq }: RequestFacts): string {
  return auditID === "" ? `row ${seq}` : `${auditID.slice(0, LONGEST_FACT)} ${receivedUs}`;
}

/** Those without a time last; where times are the same, as they came. */
function byTime({ facts: a }: Mark, { facts: b }: Mark): number {
  const [x, y] = [a.receivedUs, b.receivedUs];
  const times = x !== x || y !== y ? Number(x !== x) - Number(y !== y) : x - y;
  return times || a.seq - b.seq || 0;
}

function bounded(facts: RequestFacts): RequestFacts {
  const cut = Object.entries(facts).map(([key, value]): [string, unknown] => [
    key,
    typeof value === "string" ? value.slice(0, LONGEST_FACT) : value,
  ]);
  return { ...(Object.fromEntries(cut) as unknown as RequestFacts), groups: [], sourceIPs: [], annotations: {} };
}
