import { isoTime } from "../events/time.ts";
import { ABSENT, type RequestIndex } from "../index/contract.ts";

export interface Distinct {
  readonly user: number;
  readonly resource: number;
  readonly namespace: number;
}

/** Distinct values among the rows kept; empty values don't count. */
export function distinctOf(index: RequestIndex): Distinct {
  const { actors, targets } = index;
  const users = new Set<number>();
  const resources = new Set<number>();
  const namespaces = new Set<number>();
  for (const actor of usedTuples(index, "actor", actors.size)) users.add(actors.user[actor] as number);
  for (const target of usedTuples(index, "target", targets.size)) {
    resources.add(targets.resource[target] as number);
    namespaces.add(targets.namespace[target] as number);
  }
  for (const codes of [users, resources, namespaces]) codes.delete(ABSENT);
  return { user: users.size, resource: resources.size, namespace: namespaces.size };
}

function usedTuples(index: RequestIndex, column: "actor" | "target", size: number): number[] {
  const used = new Uint8Array(size);
  for (const block of index.blocks) {
    const ids = block[column];
    for (let row = 0; row < block.count; row += 1) used[ids[row] as number] = 1;
  }
  const ids: number[] = [];
  used.forEach((isUsed, id) => {
    if (isUsed === 1) ids.push(id);
  });
  return ids;
}

export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

const GAPS_SHOWN = 20;
/** A silence is a gap when it lasts this many times the mean time between requests … */
const TIMES_MEAN = 30;
/** … and at least this long, µs. */
const AT_LEAST_US = 2_000_000;

/** Silences of the whole log, longest first: the API server was down, or its log is missing. Rows without a time don't count. */
export function gapsOf(index: RequestIndex): Gap[] {
  const times = new Float64Array(index.rowCount);
  let count = 0;
  for (const block of index.blocks) {
    for (let row = 0; row < block.count; row += 1) {
      const us = block.receivedUs(row);
      if (us === us) times[count++] = us;
    }
  }
  const sorted = times.subarray(0, count).sort();
  const span = (sorted[count - 1] ?? 0) - (sorted[0] ?? 0);
  const threshold = Math.max(AT_LEAST_US, (TIMES_MEAN * span) / Math.max(1, count - 1));
  const gaps: { fromUs: number; toUs: number }[] = [];
  for (let at = 1; at < count; at += 1) {
    const fromUs = sorted[at - 1] as number;
    const toUs = sorted[at] as number;
    if (toUs - fromUs >= threshold) gaps.push({ fromUs, toUs });
  }
  gaps.sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs) || a.fromUs - b.fromUs);
  return gaps.slice(0, GAPS_SHOWN).map(({ fromUs, toUs }) => ({
    from: isoTime(fromUs) ?? "",
    to: isoTime(toUs) ?? "",
    seconds: (toUs - fromUs) / 1e6,
  }));
}
