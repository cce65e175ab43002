import type { RequestIndex } from "../index/contract.ts";
import type { Dimension, GroupSort } from "./contract.ts";
import type { GroupIds } from "./group-ids.ts";
import type { GroupTotals } from "./group-totals.ts";
import type { Percentiles } from "./latencies.ts";

/** Texts remembered: ties among many groups would otherwise keep them all. */
const KEYS_KEPT = 8_192;

/** Keys as texts, made when first needed. */
export class GroupKeys {
  private readonly index: RequestIndex;
  private readonly groups: GroupIds;
  private readonly by: readonly Dimension[];
  private readonly made = new Map<number, readonly string[]>();

  constructor(index: RequestIndex, groups: GroupIds, by: readonly Dimension[]) {
    this.index = index;
    this.groups = groups;
    this.by = by;
  }

  key(group: number): Record<string, string> {
    const values = this.values(group);
    return Object.fromEntries(this.by.map((dimension, i) => [dimension, values[i] ?? ""]));
  }

  compare(a: number, b: number): number {
    const [left, right] = [this.values(a), this.values(b)];
    for (let i = 0; i < left.length; i++) {
      const [x = "", y = ""] = [left[i], right[i]];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  }

  private values(group: number): readonly string[] {
    const known = this.made.get(group);
    if (known !== undefined) return known;
    const key = this.groups.key(this.index, group);
    const values = this.by.map((dimension) => key.get(dimension) ?? "");
    if (this.made.size >= KEYS_KEPT) this.made.clear();
    this.made.set(group, values);
    return values;
  }
}

export const P = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

export function isPercentile(sort: GroupSort): sort is keyof typeof P {
  return Object.hasOwn(P, sort);
}

/** Largest first (keys: A first), turned round by `reverse`; ties by key. */
export function comparison(
  sort: GroupSort,
  reverse: boolean,
  totals: GroupTotals,
  percentiles: Percentiles,
  keys: GroupKeys,
): (a: number, b: number) => number {
  if (sort === "key") return reverse ? (a, b) => keys.compare(b, a) : (a, b) => keys.compare(a, b);
  const value = sortValue(sort, totals, percentiles);
  const sign = reverse ? -1 : 1;
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    return x === y ? keys.compare(a, b) : x > y ? -sign : sign;
  };
}

function sortValue(
  sort: Exclude<GroupSort, "key">,
  totals: GroupTotals,
  percentiles: Percentiles,
): (group: number) => number {
  switch (sort) {
    // The rate has the same span for all.
    case "requests":
    case "rate":
      return (group) => totals.requests(group);
    case "errors":
      return (group) => totals.clientErrors(group) + totals.serverErrors(group);
    case "max":
      return (group) => totals.latencyMax(group);
    case "sum":
      return (group) => totals.latencySum(group);
    case "lastSeen":
      return (group) => totals.lastSeen(group);
    case "p50":
    case "p90":
    case "p99": {
      const known = new Map<number, number>();
      return (group) => {
        let value = known.get(group);
        if (value === undefined) {
          const count = totals.timed(group);
          value = count === 0 ? -1 : percentiles.percentile(group, P[sort], count);
          if (Number.isNaN(value)) value = -1;
          known.set(group, value);
        }
        return value;
      };
    }
    default:
      return sort satisfies never;
  }
}
