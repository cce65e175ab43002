import type { RequestIndex } from "../index/contract.ts";
import type { Dimension } from "./contract.ts";
import type { GroupIds } from "./group-ids.ts";
import { type GroupSort, type Measured, type MeasureId, MEASURES } from "./measures.ts";

/** Texts remembered: ties among many groups would otherwise keep them all. */
const KEYS_KEPT = 8_192;

/** Keys as texts, made when first needed. */
export class GroupKeys {
  private readonly index: RequestIndex;
  private readonly groups: GroupIds;
  private readonly by: readonly Dimension[];
  private readonly made = new Map<number, readonly string[]>();
  /** Many groups are compared with the worst of those chosen so far, which was compared last. */
  private last: { readonly group: number; readonly text: string } = { group: -1, text: "" };

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
    const { single } = this.groups;
    if (single !== null) {
      if (this.last.group !== b) this.last = { group: b, text: single.text(this.index, b) };
      const x = single.text(this.index, a);
      return x === this.last.text ? 0 : x < this.last.text ? -1 : 1;
    }
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

export function isPercentile(sort: GroupSort): boolean {
  return sort !== "key" && MEASURES[sort].percentile !== undefined;
}

export interface GroupOrder {
  /** What has the larger one comes first, whatever compare() would say; equal ones are compared. */
  rank(group: number): number;
  compare(a: number, b: number): number;
}

/** Largest first, groups without a value last (keys: A first), turned round by `reverse`; ties by key. */
export function orderOf(sort: GroupSort, reverse: boolean, measured: Measured, keys: GroupKeys): GroupOrder {
  if (sort === "key") {
    return { rank: () => 0, compare: reverse ? (a, b) => keys.compare(b, a) : (a, b) => keys.compare(a, b) };
  }
  const value = sortValue(sort, measured);
  const rank = reverse ? (group: number): number => -value(group) : value;
  return {
    rank,
    compare(a, b) {
      const [x, y] = [rank(a), rank(b)];
      return x === y ? keys.compare(a, b) : x > y ? -1 : 1;
    },
  };
}

function sortValue(sort: MeasureId, measured: Measured): (group: number) => number {
  const { read, percentile } = MEASURES[sort];
  const valueOf = (group: number): number => {
    const value = read(measured, group);
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  if (percentile === undefined) return valueOf;
  const known = new Map<number, number>();
  return (group) => {
    let value = known.get(group);
    if (value === undefined) known.set(group, (value = valueOf(group)));
    return value;
  };
}
