import { LATENCY_ANNOTATION, type LatencyPart, latencyParts } from "../events/latency-annotations.ts";
import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { annotationsOf } from "../index/facts.ts";
import type { LatencyLayer, LatencyLayers } from "./latency-query.ts";
import type { RowVisitor } from "./matching-runs.ts";
import type { Pauses } from "./scan.ts";

/** Layers told apart; more names than this are a client's invention, and are summed as `other`. */
export const MOST_LAYERS = 64;

const SILENT = 1;

/** Visits answered requests: the layers their annotations tell. */
export class LayersVisitor implements RowVisitor<LatencyLayers> {
  /** SILENT, by outcome id: no annotation of it tells a layer, as of most. */
  private tells = new Uint8Array(0);
  private readonly byAnnotations = new Map<number, readonly LatencyPart[]>();
  private readonly values = new Map<string, number[]>();
  private requests = 0;
  private sumMs = 0;

  extend({ outcomes }: RequestIndex): void {
    if (this.tells.length >= outcomes.size) return;
    const grown = new Uint8Array(Math.ceil(outcomes.size * 1.25) + 16);
    grown.set(this.tells);
    this.tells = grown;
  }

  add(index: RequestIndex, block: RequestBlock, rows: Uint32Array, count: number): void {
    const { tells } = this;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const outcome = block.outcome[row] as number;
      if (tells[outcome] !== SILENT) this.addOne(index, outcome, block.latencyUs(row));
    }
  }

  // oxlint-disable-next-line require-yield
  *result(): Pauses<LatencyLayers> {
    const rows = [...this.values].map(([name, values]): LatencyLayer => {
      const sorted = Float64Array.from(values).sort();
      const at = (p: number): number => sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1] ?? 0;
      const sum = sorted.reduce((total, ms) => total + ms, 0);
      return { name, requests: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1), sum };
    });
    rows.sort((a, b) => b.sum - a.sum || (a.name < b.name ? -1 : 1));
    return { requests: this.requests, sum: this.sumMs, rows };
  }

  private addOne(index: RequestIndex, outcome: number, latencyUs: number): void {
    const code = index.outcomes.annotations[outcome] as number;
    let parts = this.byAnnotations.get(code);
    if (parts === undefined) {
      const isTold = index.dictionaries.annotations.text(code).includes(LATENCY_ANNOTATION);
      parts = isTold ? latencyParts(annotationsOf(index, code)) : [];
      this.byAnnotations.set(code, parts);
    }
    if (parts.length === 0) {
      this.tells[outcome] = SILENT;
      return;
    }
    this.requests += 1;
    this.sumMs += latencyUs / 1e3;
    for (const { name: layer, ms } of parts) {
      const name = this.values.has(layer) || this.values.size < MOST_LAYERS ? layer : "other";
      const own = this.values.get(name);
      if (own === undefined) this.values.set(name, [ms]);
      else own.push(ms);
    }
  }
}
