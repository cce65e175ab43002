import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Dimension, GroupQuery, GroupRow, PercentileId } from "./contract.ts";
import { CadencePass } from "./group-cadence.ts";
import { MAX_LATENCY_US } from "./latency-histogram.ts";
import { SortedLatencies } from "./latencies.ts";
import { MEASURES } from "./measures.ts";
import { PairIds } from "./pair-ids.ts";
import type { Extendable } from "./reach.ts";
import type { RowFacts } from "./row-facts.ts";
import type { Pauses } from "./scan.ts";
import type { GroupedRows } from "./tally-rows.ts";
import type { DimensionCodes } from "./tuple-codes.ts";
import { grown } from "./grown.ts";

/** What is told of the groups that are answered alone, from another look at their rows. `ids` of rows are slots of groups. */
export interface GroupPass {
  readonly extendables: readonly Extendable[];
  add(block: RequestBlock, rows: GroupedRows): void;
  /** By slot what it adds to the group's row. */
  result(): Pauses<(slot: number) => Partial<GroupRow>>;
}

export interface PassInput {
  readonly index: RequestIndex;
  readonly facts: RowFacts;
  readonly query: GroupQuery;
  /** How many groups are answered, and the requests of each. */
  readonly slots: number;
  readonly requests: (slot: number) => number;
  /** Time that is cut into buckets. */
  readonly span: { readonly fromUs: number; readonly toUs: number };
  readonly codesOf: (dimension: Dimension) => DimensionCodes;
}

/** Another thing that only the answered groups tell is a row here; null: it is not asked for. */
const PASSES: readonly ((input: PassInput) => GroupPass | null)[] = [
  (input) => (hasBuckets(input) ? new SparkPass(input) : null),
  (input) => ((input.query.distinct ?? []).length > 0 ? new DistinctPass(input) : null),
  (input) => (input.query.cadence === undefined ? null : new CadencePass(input, input.query.cadence)),
];

export function passesFor(input: PassInput): readonly GroupPass[] {
  return input.slots === 0 ? [] : PASSES.flatMap((make) => make(input) ?? []);
}

/** What has to cover the tuples of rows before passes of this query look at them. */
export function passDimensions({ distinct = [], cadence }: GroupQuery): readonly Dimension[] {
  return cadence?.each === undefined ? distinct : [...distinct, cadence.each];
}

function percentilesOf({ sparkPercentiles = [] }: GroupQuery): readonly PercentileId[] {
  return sparkPercentiles;
}

function hasBuckets({ query, span }: PassInput): boolean {
  return (query.sparkBuckets ?? 0) > 0 && !Number.isNaN(span.fromUs);
}

/** Buckets of the span, the same for every group. */
class Buckets {
  readonly count: number;
  private readonly fromUs: number;
  private readonly scale: number;

  constructor({ query, span }: PassInput) {
    this.count = Math.floor(query.sparkBuckets ?? 0);
    this.fromUs = span.fromUs;
    this.scale = this.count / Math.max(1, span.toUs - span.fromUs);
  }

  /** −1 without a time, and before the span. */
  of(us: number): number {
    if (!(us >= this.fromUs)) return -1;
    return Math.min(this.count - 1, Math.floor((us - this.fromUs) * this.scale));
  }
}

/** Requests by bucket and, where they are asked for, percentiles of their latencies. */
class SparkPass implements GroupPass {
  readonly extendables = [];
  private readonly buckets: Buckets;
  private readonly counts: Uint32Array;
  private readonly latencies: CellLatencies | null;
  private readonly input: PassInput;

  constructor(input: PassInput) {
    this.input = input;
    this.buckets = new Buckets(input);
    const cells = input.slots * this.buckets.count;
    this.counts = new Uint32Array(cells);
    this.latencies = percentilesOf(input.query).length === 0 ? null : new CellLatencies(cells);
  }

  add(block: RequestBlock, { rows, ids, count }: GroupedRows): void {
    const { buckets, counts, latencies } = this;
    const { index, facts } = this.input;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const bucket = buckets.of(block.receivedUs(row));
      if (bucket < 0) continue;
      const cell = (ids[i] as number) * buckets.count + bucket;
      counts[cell] = (counts[cell] as number) + 1;
      if (latencies === null) continue;
      const us = facts.latencyUs(index, block, row);
      if (us >= 0) latencies.add(cell, us);
    }
  }

  *result(): Pauses<(slot: number) => Partial<GroupRow>> {
    const { counts, buckets, latencies, input } = this;
    const msAt = latencies === null ? null : yield* latencies.sorted();
    const asked = percentilesOf(input.query);
    return (slot) => {
      const from = slot * buckets.count;
      const spark = [...counts.subarray(from, from + buckets.count)];
      if (msAt === null) return { spark };
      const line = (id: PercentileId): number[] =>
        spark.map((_, at) => msAt(from + at, MEASURES[id].percentile ?? Number.NaN));
      return { spark, sparkLatencyMs: Object.fromEntries(asked.map((id) => [id, line(id)])) };
    };
  }
}

/** Latencies by cell, all of them: 8 bytes a request until the end. */
class CellLatencies {
  private readonly counts: Uint32Array;
  private cells = new Uint32Array(4_096);
  private values = new Uint32Array(4_096);
  private length = 0;

  constructor(cells: number) {
    this.counts = new Uint32Array(cells);
  }

  add(cell: number, us: number): void {
    if (this.length === this.cells.length) {
      this.cells = grown(this.cells);
      this.values = grown(this.values);
    }
    this.counts[cell] = (this.counts[cell] as number) + 1;
    this.cells[this.length] = cell;
    this.values[this.length++] = Math.min(us, MAX_LATENCY_US);
  }

  /** Percentiles of a cell, exact, ms; 0 where nothing is. */
  *sorted(): Pauses<(cell: number, p: number) => number> {
    const { counts, cells, values } = this;
    const sorted = new SortedLatencies(counts.length, (cell) => counts[cell] ?? 0);
    for (let i = 0; i < this.length; i++) sorted.add(cells[i] as number, values[i] as number);
    yield;
    return (cell, p) => (counts[cell] === 0 ? 0 : sorted.percentile(cell, p) / 1e3);
  }
}

/** Distinct values of other dimensions; "" is no value. */
class DistinctPass implements GroupPass {
  readonly extendables: readonly DimensionCodes[];
  private readonly input: PassInput;
  private readonly pairs: readonly PairIds[];

  constructor(input: PassInput) {
    this.input = input;
    this.extendables = (input.query.distinct ?? []).map((dimension) => input.codesOf(dimension));
    this.pairs = this.extendables.map(() => new PairIds());
  }

  add(block: RequestBlock, { rows, ids, count }: GroupedRows): void {
    this.extendables.forEach(({ table, codes }, k) => {
      const pairs = this.pairs[k] as PairIds;
      for (let i = 0; i < count; i++) {
        const row = rows[i] as number;
        const tuple = table === "source" ? block.source(row) : (block[table][row] as number);
        pairs.id(ids[i] as number, codes[tuple] as number);
      }
    });
  }

  *result(): Pauses<(slot: number) => Partial<GroupRow>> {
    const { query, index, slots } = this.input;
    const counted: Uint32Array[] = [];
    for (const [k, { first, second, count }] of this.pairs.entries()) {
      yield;
      const counts = new Uint32Array(slots);
      const codes = this.extendables[k] as DimensionCodes;
      for (let pair = 0; pair < count; pair++) {
        if (codes.text(index, second[pair] as number) === "") continue;
        const slot = first[pair] as number;
        counts[slot] = (counts[slot] as number) + 1;
      }
      counted.push(counts);
    }
    return (slot) => ({
      distinct: Object.fromEntries((query.distinct ?? []).map((dimension, k) => [dimension, counted[k]?.[slot] ?? 0])),
    });
  }
}
