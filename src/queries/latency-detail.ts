import { LATENCY_ANNOTATION, type LatencyPart, latencyParts } from "../events/latency-annotations.ts";
import { annotationsOf } from "../index/facts.ts";
import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Dimension } from "./contract.ts";
import type { GroupIds } from "./group-ids.ts";
import { MAX_LATENCY_US } from "./latency-histogram.ts";
import type { LatencyLayer, LatencyPoints, LatencyQuery } from "./latency-query.ts";
import { SortedLatencies } from "./latencies.ts";
import type { RowVisitor } from "./matching-runs.ts";
import type { Pauses } from "./scan.ts";
import { SlowestRows } from "./slowest-rows.ts";

/** Layers told apart; more names than this are a client's invention, and are summed as `other`. */
const MOST_LAYERS = 64;

export interface LatencyDetail {
  /** By group key (see keyOf), the points of the groups that were asked for. */
  readonly points: ReadonlyMap<string, LatencyPoints>;
  /** Sequence numbers, slowest first. */
  readonly slowest: readonly number[];
  readonly layers: { readonly requests: number; readonly sum: number; readonly rows: readonly LatencyLayer[] };
}

export function keyOf(by: readonly Dimension[], key: Readonly<Record<string, string>>): string {
  return JSON.stringify(by.map((dimension) => key[dimension] ?? ""));
}

/**
 * Visits answered requests: points over time for the `chosen` groups (exact percentiles; 8 bytes a request until the end),
 * the slowest requests, and the layers annotations tell. `fromUs`, `toUs`: the time that is cut into points.
 */
export class LatencyVisitor implements RowVisitor<LatencyDetail> {
  private readonly by: readonly Dimension[];
  private readonly groups: GroupIds;
  private readonly chosen: ReadonlyMap<string, number>;
  private readonly buckets: number;
  private readonly fromUs: number;
  private readonly scale: number;
  /** Slot + 1 of each group among the chosen; 0: not chosen. */
  private readonly slots: number[] = [];
  private readonly cells = new GrowingPairs();
  private readonly slowest: SlowestRows;
  private readonly layers = new LayerTally();

  constructor(
    query: Pick<LatencyQuery, "by" | "buckets" | "slowest">,
    chosen: readonly string[],
    span: { readonly fromUs: number; readonly toUs: number },
    groupIdsOf: (by: readonly Dimension[]) => GroupIds,
  ) {
    this.by = [...new Set(query.by)];
    this.groups = groupIdsOf(this.by);
    this.chosen = new Map(chosen.map((key, slot) => [key, slot]));
    this.buckets = Math.max(1, Math.floor(query.buckets));
    this.fromUs = span.fromUs;
    this.scale = this.buckets / Math.max(1, span.toUs - span.fromUs);
    this.slowest = new SlowestRows(query.slowest);
  }

  extend(index: RequestIndex): void {
    this.groups.extend(index);
  }

  add(index: RequestIndex, block: RequestBlock, rows: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const us = block.latencyUs(row);
      this.slowest.offer(block.firstSeq + row, us);
      this.layers.add(index, block.outcome[row] as number, us);
    }
    this.groups.assign(index, block, rows, count);
    for (let i = 0; i < this.groups.count; i++) {
      const slot = this.slotOf(index, this.groups.ids[i] as number);
      if (slot < 0) continue;
      const row = this.groups.rows[i] as number;
      const bucket = Math.floor((block.receivedUs(row) - this.fromUs) * this.scale);
      if (!(bucket >= 0)) continue;
      this.cells.push(slot * this.buckets + Math.min(this.buckets - 1, bucket), block.latencyUs(row));
    }
  }

  *result(): Pauses<LatencyDetail> {
    const { buckets, cells } = this;
    const counts = new Uint32Array(this.chosen.size * buckets);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells.first[i] as number;
      counts[cell] = (counts[cell] as number) + 1;
    }
    const sorted = new SortedLatencies(counts.length, (cell) => counts[cell] ?? 0);
    for (let i = 0; i < cells.length; i++) sorted.add(cells.first[i] as number, cells.second[i] as number);
    const points = new Map<string, LatencyPoints>();
    for (const [key, slot] of this.chosen) {
      yield;
      const from = slot * buckets;
      const requests = [...counts.subarray(from, from + buckets)];
      const ms = (p: number): number[] =>
        requests.map((count, bucket) => (count === 0 ? 0 : sorted.percentile(from + bucket, p) / 1e3));
      points.set(key, { requests, p50: ms(0.5), p99: ms(0.99) });
    }
    return { points, slowest: this.slowest.seqs(), layers: this.layers.result() };
  }

  private slotOf(index: RequestIndex, group: number): number {
    const known = this.slots[group];
    if (known !== undefined) return known - 1;
    const slot = this.chosen.get(keyOf(this.by, Object.fromEntries(this.groups.key(index, group)))) ?? -1;
    this.slots[group] = slot + 1;
    return slot;
  }
}

class GrowingPairs {
  first = new Uint32Array(4_096);
  second = new Uint32Array(4_096);
  length = 0;

  push(first: number, second: number): void {
    if (this.length === this.first.length) {
      this.first = doubled(this.first);
      this.second = doubled(this.second);
    }
    this.first[this.length] = first;
    this.second[this.length++] = Math.min(second, MAX_LATENCY_US);
  }
}

function doubled(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(column.length * 2);
  grown.set(column);
  return grown;
}

class LayerTally {
  private readonly byAnnotations = new Map<number, readonly LatencyPart[]>();
  private readonly values = new Map<string, number[]>();
  private requests = 0;
  private sumMs = 0;

  add(index: RequestIndex, outcome: number, latencyUs: number): void {
    const code = index.outcomes.annotations[outcome] as number;
    let parts = this.byAnnotations.get(code);
    if (parts === undefined) {
      const isTold = index.dictionaries.annotations.text(code).includes(LATENCY_ANNOTATION);
      parts = isTold ? latencyParts(annotationsOf(index, code)) : [];
      this.byAnnotations.set(code, parts);
    }
    if (parts.length === 0) return;
    this.requests += 1;
    this.sumMs += latencyUs / 1e3;
    for (const { name: layer, ms } of parts) {
      const name = this.values.has(layer) || this.values.size < MOST_LAYERS ? layer : "other";
      const own = this.values.get(name);
      if (own === undefined) this.values.set(name, [ms]);
      else own.push(ms);
    }
  }

  result(): LatencyDetail["layers"] {
    const rows = [...this.values].map(([name, values]): LatencyLayer => {
      const sorted = Float64Array.from(values).sort();
      const at = (p: number): number => sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1] ?? 0;
      const sum = sorted.reduce((total, ms) => total + ms, 0);
      return { name, requests: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1), sum };
    });
    rows.sort((a, b) => b.sum - a.sum || (a.name < b.name ? -1 : 1));
    return { requests: this.requests, sum: this.sumMs, rows };
  }
}
