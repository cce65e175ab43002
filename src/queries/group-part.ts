import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { BUCKETS, bucketOf } from "./latency-histogram.ts";
import type { RowFacts } from "./row-facts.ts";
import { COUNTS, type GroupedRows, MOMENTS, tallyRows, type TimedRows } from "./tally-rows.ts";

/** A block with fewer latencies keeps them as they are. */
const FEW_LATENCIES = 4_096;
/** A block with more groups keeps no histograms, nor do those after it: there will be too many groups. */
export const MAX_HISTOGRAMS = 1_024;

/** What the selected rows of one block add to their groups. Figures of ids[k] are at k × COUNTS and k × MOMENTS. */
export interface GroupPart {
  /** RequestBlock.revision and count when it was made. */
  readonly revision: number;
  readonly rows: number;
  /** Selected rows, however many groups each is in; `untimed` is 0 when all of them have their time. */
  readonly selected: number;
  readonly untimed: number;
  readonly ids: Uint32Array;
  readonly counts: Uint32Array;
  readonly moments: Float64Array;
  readonly latencies: PartLatencies;
  readonly bytes: number;
}

/** `none`: not kept, because nobody asked or there are too many groups. */
export type PartLatencies =
  | { readonly kind: "none" }
  /** us[i] is one of group ids[at[i]]. */
  | { readonly kind: "values"; readonly at: Uint32Array; readonly us: Uint32Array }
  /** more[i] + 1 of group ids[k] in bucket b, where at[i] is k × BUCKETS + b. A block has at most 65,536 rows. */
  | { readonly kind: "buckets"; readonly at: Uint32Array; readonly more: Uint16Array };

const NONE: PartLatencies = { kind: "none" };

/** Makes parts, block after block. What one row touches is small enough to stay in the caches. */
export class PartMaker {
  private wantsLatencies = false;
  private wantsBuckets = false;
  /** Position + 1 in the part by group; 0: not in it yet. */
  private positions = new Uint32Array(1_024);
  private ids = new Uint32Array(1_024);
  private counts = new Uint32Array(1_024 * COUNTS);
  private moments = new Float64Array(1_024 * MOMENTS);
  private size = 0;
  private selected = 0;
  private untimed = 0;
  /** Positions of a chunk's rows; then of those with a latency, with it. */
  private chunkAt = new Uint32Array(1_024);
  private timed: TimedRows = { ids: new Uint32Array(1_024), us: new Uint32Array(1_024) };
  private readonly fewAt = new Uint32Array(FEW_LATENCIES);
  private readonly fewUs = new Uint32Array(FEW_LATENCIES);
  /** Latencies of this block; beyond FEW_LATENCIES they are in the buckets. */
  private latencies = 0;
  private keepsLatencies = false;
  private buckets = new Uint32Array(BUCKETS);
  /** Buckets in use. */
  private used = new Uint32Array(1_024);
  private usedCount = 0;

  get memoryBytes(): number {
    const { positions, counts, moments, buckets } = this;
    return positions.byteLength + counts.byteLength + moments.byteLength + buckets.byteLength;
  }

  begin(wantsLatencies: boolean): void {
    this.wantsLatencies = wantsLatencies;
    this.wantsBuckets = wantsLatencies;
    this.keepsLatencies = wantsLatencies;
  }

  /** rows[k] belongs to group ids[k] < groups, k < count; `selected` rows in all. */
  add(
    { index, facts }: { readonly index: RequestIndex; readonly facts: RowFacts },
    block: RequestBlock,
    { rows, ids, count, groups }: GroupedRows & { readonly groups: number },
    selected: number,
  ): void {
    this.selected += selected;
    if (this.positions.length < groups) this.positions = doubledTo(this.positions, groups);
    if (this.chunkAt.length < count) {
      this.chunkAt = new Uint32Array(count);
      this.timed = { ids: new Uint32Array(count), us: new Uint32Array(count) };
    }
    this.place(ids, count);
    const figures = { counts: this.counts, moments: this.moments };
    const timed = this.wantsLatencies ? this.timed : null;
    const tallied = tallyRows(index, block, { rows, ids: this.chunkAt, count }, facts, figures, timed);
    this.untimed += tallied.untimed;
    if (this.keepsLatencies) this.keep(tallied.timed);
  }

  /** Selected rows that no group counts. */
  addUntimed(block: RequestBlock, rows: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) if (Number.isNaN(block.receivedUs(rows[i] as number))) this.untimed++;
  }

  /** Ends the part of a block, which had this revision and so many rows when it was begun. */
  take(revision: number, rows: number): GroupPart {
    const { size, selected, untimed } = this;
    const ids = this.ids.slice(0, size);
    const counts = this.counts.slice(0, size * COUNTS);
    const moments = this.moments.slice(0, size * MOMENTS);
    const latencies = this.takeLatencies();
    for (let k = 0; k < size; k++) this.positions[ids[k] as number] = 0;
    this.size = 0;
    this.selected = 0;
    this.untimed = 0;
    const bytes = size * 4 * (1 + COUNTS + 2 * MOMENTS) + bytesOf(latencies) + 400;
    return { revision, rows, selected, untimed, ids, counts, moments, latencies, bytes };
  }

  private place(ids: Uint32Array, count: number): void {
    const { positions, chunkAt } = this;
    for (let i = 0; i < count; i++) {
      const id = ids[i] as number;
      const known = positions[id] as number;
      chunkAt[i] = (known === 0 ? this.open(id) : known) - 1;
    }
  }

  private open(id: number): number {
    const position = this.size++;
    if (position >= this.ids.length) {
      const least = position + 1;
      this.ids = doubledTo(this.ids, least);
      this.counts = doubledTo(this.counts, least * COUNTS);
      const moments = new Float64Array(this.moments.length * 2);
      moments.set(this.moments);
      this.moments = moments;
    }
    this.positions[id] = position + 1;
    this.ids[position] = id;
    this.counts.fill(0, position * COUNTS, (position + 1) * COUNTS);
    const at = position * MOMENTS;
    this.moments[at] = Number.POSITIVE_INFINITY;
    this.moments[at + 1] = Number.NEGATIVE_INFINITY;
    this.moments[at + 2] = 0;
    this.moments[at + 3] = 0;
    return position + 1;
  }

  private keep(timed: number): void {
    const before = this.latencies;
    this.latencies = before + timed;
    if (this.latencies <= FEW_LATENCIES) {
      this.fewAt.set(this.timed.ids.subarray(0, timed), before);
      this.fewUs.set(this.timed.us.subarray(0, timed), before);
      return;
    }
    if (before <= FEW_LATENCIES) this.intoBuckets(this.fewAt, this.fewUs, before);
    this.intoBuckets(this.timed.ids, this.timed.us, timed);
  }

  private intoBuckets(positions: Uint32Array, us: Uint32Array, count: number): void {
    if (this.size > MAX_HISTOGRAMS) {
      this.keepsLatencies = false;
      this.wantsBuckets = false;
      return;
    }
    const places = this.size * BUCKETS;
    if (this.buckets.length < places) this.buckets = doubledTo(this.buckets, places);
    if (this.used.length < this.usedCount + count) this.used = doubledTo(this.used, this.usedCount + count);
    this.usedCount = countBuckets(this.buckets, this.used, this.usedCount, positions, us, count);
  }

  private takeLatencies(): PartLatencies {
    const { latencies, keepsLatencies, buckets, usedCount } = this;
    const at = this.used.slice(0, usedCount);
    const more = new Uint16Array(usedCount);
    for (let i = 0; i < usedCount; i++) {
      const place = at[i] as number;
      more[i] = (buckets[place] as number) - 1;
      buckets[place] = 0;
    }
    this.usedCount = 0;
    this.latencies = 0;
    this.keepsLatencies = this.wantsBuckets;
    if (!keepsLatencies) return NONE;
    return latencies <= FEW_LATENCIES
      ? { kind: "values", at: this.fewAt.slice(0, latencies), us: this.fewUs.slice(0, latencies) }
      : { kind: "buckets", at, more };
  }
}

/** Adds latencies to their buckets; returns how many buckets are in use. */
function countBuckets(
  buckets: Uint32Array,
  used: Uint32Array,
  usedCount: number,
  positions: Uint32Array,
  us: Uint32Array,
  count: number,
): number {
  let most = usedCount;
  for (let i = 0; i < count; i++) {
    const at = (positions[i] as number) * BUCKETS + bucketOf(us[i] as number);
    const known = buckets[at] as number;
    if (known === 0) used[most++] = at;
    buckets[at] = known + 1;
  }
  return most;
}

function bytesOf(latencies: PartLatencies): number {
  if (latencies.kind === "none") return 0;
  return latencies.at.length * (latencies.kind === "values" ? 8 : 6);
}

function doubledTo(column: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(Math.max(column.length * 2, least));
  grown.set(column);
  return grown;
}
