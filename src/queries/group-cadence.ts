import type { RequestBlock } from "../index/contract.ts";
import { cadenceOf, LEAST_BEATS, medianOf } from "./cadence.ts";
import type { GroupCadence, GroupQuery, GroupRow } from "./contract.ts";
import type { GroupPass, PassInput } from "./group-passes.ts";
import type { Pauses } from "./scan.ts";
import type { GroupedRows } from "./tally-rows.ts";
import type { DimensionCodes } from "./tuple-codes.ts";

/** Objects looked at between two pauses. */
const PART = 256;

/** How regularly the requests of a group come. 8 bytes a request until the end, 12 where values are told apart. */
export class CadencePass implements GroupPass {
  readonly extendables: readonly DimensionCodes[];
  private readonly input: PassInput;
  private readonly calls: readonly Calls[];

  constructor(input: PassInput, { each }: NonNullable<GroupQuery["cadence"]>) {
    this.input = input;
    this.extendables = each === undefined ? [] : [input.codesOf(each)];
    this.calls = Array.from({ length: input.slots }, (_, slot) => new Calls(input.requests(slot), each !== undefined));
  }

  add(block: RequestBlock, { rows, ids, count }: GroupedRows): void {
    const { calls } = this;
    const [each] = this.extendables;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const us = block.receivedUs(row);
      if (Number.isNaN(us)) continue;
      const tuple =
        each === undefined ? 0 : each.table === "source" ? block.source(row) : (block[each.table][row] ?? 0);
      calls[ids[i] as number]?.push(us, each?.codes[tuple] ?? 0);
    }
  }

  *result(): Pauses<(slot: number) => Partial<GroupRow>> {
    const { index } = this.input;
    const [each] = this.extendables;
    const found: GroupCadence[] = [];
    for (const calls of this.calls) {
      yield;
      const whole = cadenceOf(calls.sorted());
      if (each === undefined) {
        found.push({ whole, each: null });
        continue;
      }
      const parts = calls.byValue().filter(({ value }) => each.text(index, value) !== "");
      found.push({ whole, each: parts.length < 2 ? null : yield* eachOf(parts) });
    }
    return (slot) => ({ cadence: found[slot] ?? { whole: null, each: null } });
  }
}

/** null when no value is called for often enough, or when most of those that are, are at random. */
function* eachOf(parts: readonly { readonly times: Float64Array }[]): Pauses<GroupCadence["each"]> {
  const periods: number[] = [];
  let told = 0;
  for (const [at, { times }] of parts.entries()) {
    if (at % PART === PART - 1) yield;
    const cadence = times.length < LEAST_BEATS ? null : cadenceOf(times.sort());
    if (cadence === null) continue;
    told += 1;
    if (cadence.kind === "regular") periods.push(cadence.periodMs);
  }
  if (periods.length === 0 || periods.length * 2 < told) return null;
  return { periodMs: medianOf(Float64Array.from(periods)), regular: periods.length, told };
}

/** When the requests of one group came. */
class Calls {
  private readonly times: Float64Array;
  private readonly values: Uint32Array;
  private length = 0;

  /** At most `count`; those that came since are left out. */
  constructor(count: number, hasValues: boolean) {
    this.times = new Float64Array(count);
    this.values = new Uint32Array(hasValues ? count : 0);
  }

  push(us: number, value: number): void {
    if (this.length === this.times.length) return;
    this.values[this.length] = value;
    this.times[this.length++] = us;
  }

  sorted(): Float64Array {
    return this.times.slice(0, this.length).sort();
  }

  /** Times by value, in any order, in pieces of one array. */
  byValue(): { readonly value: number; readonly times: Float64Array }[] {
    const values = this.values.subarray(0, this.length);
    const counts = new Map<number, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    const grouped = new Float64Array(this.length);
    const ends = new Map<number, number>();
    const lists: { value: number; times: Float64Array }[] = [];
    let start = 0;
    for (const [value, count] of counts) {
      ends.set(value, start);
      lists.push({ value, times: grouped.subarray(start, start + count) });
      start += count;
    }
    values.forEach((value, at) => {
      const end = ends.get(value) ?? 0;
      grouped[end] = this.times[at] as number;
      ends.set(value, end + 1);
    });
    return lists;
  }
}
