import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { COUNTS, emptyMoments, MOMENTS, TIMED } from "./figures.ts";
import { bucketOf } from "./latency-histogram.ts";
import type { Need } from "./measures.ts";
import type { RowFacts } from "./row-facts.ts";
import { type GroupedRows, tallyBytes, tallyRows, type TimedRows } from "./tally-rows.ts";
import { grown } from "./grown.ts";

/** A block with fewer latencies keeps them as they are. */
const FEW_LATENCIES = 4_096;
/** A block with more groups, or than one for so many rows, is not kept in parts: they would take more room than its latencies. */
const MOST_GROUPS = 1_024;
const LEAST_ROWS = 32;

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
  /** Those of group ids[k] are in buckets[starts[k]] … buckets[starts[k + 1] - 1]. */
  | { readonly kind: "buckets"; readonly starts: Uint32Array; readonly buckets: Uint16Array };

const NONE: PartLatencies = { kind: "none" };

/** Makes parts, block after block. What one row touches is small enough to stay in the caches. */
export class PartMaker {
  private needs: ReadonlySet<Need> = new Set();
  /** Position + 1 in the part by group; 0: not in it yet. */
  private positions = new Uint32Array(1_024);
  private ids = new Uint32Array(1_024);
  private counts = new Uint32Array(1_024 * COUNTS);
  private moments = new Float64Array(1_024 * MOMENTS);
  private size = 0;
  private selected = 0;
  private untimed = 0;
  /** Positions of a chunk's rows. */
  private chunkAt = new Uint32Array(1_024);
  /** Positions and latencies of the block's rows. */
  private timed: TimedRows = { ids: new Uint32Array(1_024), us: new Uint32Array(1_024), count: 0 };

  get memoryBytes(): number {
    const { positions, counts, moments, timed } = this;
    return positions.byteLength + counts.byteLength + moments.byteLength + 2 * timed.us.byteLength;
  }

  begin(needs: ReadonlySet<Need>): void {
    this.needs = needs;
  }

  /** rows[k] belongs to group ids[k] < groups, k < count; `selected` rows in all. */
  add(
    index: RequestIndex,
    facts: RowFacts,
    block: RequestBlock,
    { rows, ids, count, groups }: GroupedRows & { readonly groups: number },
    selected: number,
  ): void {
    this.selected += selected;
    if (this.positions.length < groups) this.positions = grown(this.positions, groups);
    if (this.chunkAt.length < count) this.chunkAt = new Uint32Array(count);
    this.place(ids, count);
    const figures = { counts: this.counts, moments: this.moments };
    const timed = this.needs.has("latencies") ? this.roomFor(count) : null;
    const grouped = { rows, ids: this.chunkAt, count };
    this.untimed += tallyRows(index, block, grouped, facts, figures, timed);
    if (this.needs.has("bytes")) tallyBytes(block, grouped, figures);
  }

  /** Whether the part of a block of so many rows has too many groups to be kept. */
  isTooLarge(rows: number): boolean {
    return this.size > Math.max(MOST_GROUPS, rows / LEAST_ROWS);
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
    const latencies = this.takeLatencies(counts);
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
      this.ids = grown(this.ids, least);
      this.counts = grown(this.counts, least * COUNTS);
      const moments = new Float64Array(this.moments.length * 2);
      moments.set(this.moments);
      this.moments = moments;
    }
    this.positions[id] = position + 1;
    this.ids[position] = id;
    this.counts.fill(0, position * COUNTS, (position + 1) * COUNTS);
    emptyMoments(this.moments, position, position + 1);
    return position + 1;
  }

  private roomFor(count: number): TimedRows {
    const { ids, us, count: known } = this.timed;
    const least = known + count;
    if (us.length < least) this.timed = { ids: grown(ids, least), us: grown(us, least), count: known };
    return this.timed;
  }

  private takeLatencies(counts: Uint32Array): PartLatencies {
    const { ids, us, count } = this.timed;
    this.timed.count = 0;
    if (!this.needs.has("latencies")) return NONE;
    return count <= FEW_LATENCIES
      ? { kind: "values", at: ids.slice(0, count), us: us.slice(0, count) }
      : bucketsByGroup(this.size, counts, this.timed, count);
  }
}

/** Latencies as buckets beside each other by group: rows are written to as many places as there are groups, not buckets. */
function bucketsByGroup(size: number, counts: Uint32Array, { ids, us }: TimedRows, count: number): PartLatencies {
  const starts = new Uint32Array(size + 1);
  for (let k = 0; k < size; k++) starts[k + 1] = (starts[k] as number) + (counts[k * COUNTS + TIMED] as number);
  const next = starts.slice();
  const buckets = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const k = ids[i] as number;
    const at = next[k] as number;
    buckets[at] = bucketOf(us[i] as number);
    next[k] = at + 1;
  }
  return { kind: "buckets", starts, buckets };
}

function bytesOf(latencies: PartLatencies): number {
  if (latencies.kind === "none") return 0;
  return latencies.kind === "values"
    ? 2 * latencies.us.byteLength
    : latencies.starts.byteLength + latencies.buckets.byteLength;
}
