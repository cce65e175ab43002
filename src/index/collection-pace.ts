import type { Tables } from "./tables.ts";

/** Dictionaries smaller than this aren't worth collecting. */
const COLLECT_FROM_BYTES = 8 * 1024 * 1024;

/**
 * When a ring's tables are collected. Only evictions leave garbage; collecting when the tables doubled costs a few ns per row
 * on average. Tables that are full are worth it when a good part of what they were filled by is gone.
 */
export class CollectionPace {
  private readonly capacity: number;
  private liveBytes = 0;
  private evicted = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** `evicted`: rows that ever were. */
  isDue(tables: Tables, evicted: number): boolean {
    if (evicted === this.evicted) return false;
    if (tables.haveRefused && evicted - this.evicted > this.capacity / 4) return true;
    return tables.memoryBytes >= Math.max(COLLECT_FROM_BYTES, this.liveBytes * 2);
  }

  collected(tables: Tables, evicted: number): void {
    this.liveBytes = tables.memoryBytes;
    this.evicted = evicted;
  }
}
