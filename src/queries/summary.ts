import { isoTime } from "../events/time.ts";
import { ABSENT, type RequestIndex } from "../index/contract.ts";

/** Distinct values among the rows kept; "" is no value. Resources without their subresources. */
export function distinctOf(index: RequestIndex): { user: number; resource: number; namespace: number } {
  const users = new Uint8Array(index.dictionaries.user.size);
  const resources = new Uint8Array(index.dictionaries.resource.size);
  const namespaces = new Uint8Array(index.dictionaries.namespace.size);
  const actors = new Uint8Array(index.actors.size);
  const targets = new Uint8Array(index.targets.size);
  for (const block of index.blocks) {
    for (let row = 0; row < block.count; row++) {
      actors[block.actor[row] as number] = 1;
      targets[block.target[row] as number] = 1;
    }
  }
  actors.forEach((used, id) => {
    if (used === 1) users[index.actors.user[id] ?? ABSENT] = 1;
  });
  targets.forEach((used, id) => {
    if (used === 0) return;
    resources[index.targets.resource[id] ?? ABSENT] = 1;
    namespaces[index.targets.namespace[id] ?? ABSENT] = 1;
  });
  return { user: countUsed(users), resource: countUsed(resources), namespace: countUsed(namespaces) };
}

function countUsed(used: Uint8Array): number {
  return used.reduce((sum, one) => sum + one, 0) - (used[ABSENT] ?? 0);
}

export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

const BINS = 65_536;
const MOST_GAPS = 100;
/** Shorter silences are normal even on a busy cluster: leases are renewed every few seconds. */
const LEAST_GAP_US = 5e6;

/**
 * Silences of the whole log, longest first: nothing received and nothing answered for longer than chance explains, at the
 * log's mean rate (4 × mean distance × ln n), and for at least 5 s.
 */
export function gapsOf(index: RequestIndex): Gap[] {
  const times = new BusyBins(index);
  if (times.count < 2) return [];
  const mean = times.spanUs / times.count;
  const least = Math.max(LEAST_GAP_US, 4 * mean * Math.log(times.count + 1));
  return times
    .silences(least)
    .sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs))
    .slice(0, MOST_GAPS)
    .map(({ fromUs, toUs }) => ({
      from: isoTime(fromUs) ?? "",
      to: isoTime(toUs) ?? "",
      seconds: (toUs - fromUs) / 1e6,
    }));
}

/** First and last moment of activity in each of 65,536 parts of the span: silences longer than two parts are exact. */
class BusyBins {
  count = 0;
  spanUs = 0;
  private readonly first = new Float64Array(BINS).fill(Number.POSITIVE_INFINITY);
  private readonly last = new Float64Array(BINS).fill(Number.NEGATIVE_INFINITY);

  constructor(index: RequestIndex) {
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const block of index.blocks) {
      if (block.minReceivedUs < from) from = block.minReceivedUs;
      for (let row = 0; row < block.count; row++) {
        const end = block.receivedUs(row) + Math.max(0, block.latencyUs(row));
        if (end > to) to = end;
      }
    }
    if (!(to > from)) return;
    this.spanUs = to - from;
    const scale = (BINS - 1) / this.spanUs;
    const mark = (us: number): void => {
      const bin = Math.floor((us - from) * scale);
      if (!(bin >= 0 && bin < BINS)) return;
      if (us < (this.first[bin] as number)) this.first[bin] = us;
      if (us > (this.last[bin] as number)) this.last[bin] = us;
    };
    for (const block of index.blocks) {
      for (let row = 0; row < block.count; row++) {
        const us = block.receivedUs(row);
        mark(us);
        mark(us + Math.max(0, block.latencyUs(row)));
        this.count++;
      }
    }
  }

  silences(leastUs: number): { fromUs: number; toUs: number }[] {
    const found: { fromUs: number; toUs: number }[] = [];
    let previous = Number.NaN;
    for (let bin = 0; bin < BINS; bin++) {
      const first = this.first[bin] as number;
      if (first === Number.POSITIVE_INFINITY) continue;
      if (first - previous >= leastUs) found.push({ fromUs: previous, toUs: first });
      previous = this.last[bin] as number;
    }
    return found;
  }
}
