import type { RequestBlock } from "../index/contract.ts";
import type { GroupIds } from "./group-ids.ts";
import { PairIds } from "./pair-ids.ts";
import type { Part } from "./part-cache.ts";
import { grown } from "./grown.ts";

/** Requests of one block by point, points counted from the epoch; and by group and point. */
export interface SeriesPart extends Part {
  readonly points: Float64Array;
  readonly requests: Uint32Array;
  /** counts[k] requests of groups[k] at points[at[k]]. */
  readonly groups: Uint32Array;
  readonly at: Uint32Array;
  readonly counts: Uint32Array;
}

/** Makes the parts of one series, block after block. */
export class SeriesPartMaker {
  private readonly stepUs: number;
  /** Position of a point in the part; few blocks span many. */
  private positions = new Map<number, number>();
  private points: number[] = [];
  private requests = new Uint32Array(64);
  private pairs = new PairIds();
  private counts = new Uint32Array(1_024);
  private untimed = 0;
  private lastPoint = Number.NaN;
  private lastPosition = 0;

  constructor(stepUs: number) {
    this.stepUs = stepUs;
  }

  addRows(block: RequestBlock, rows: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const position = this.positionOf(block.receivedUs(rows[i] as number));
      if (position < 0) this.untimed++;
      else this.requests[position] = (this.requests[position] as number) + 1;
    }
  }

  addGroups(block: RequestBlock, { rows, ids, count }: GroupIds): void {
    const { pairs } = this;
    for (let i = 0; i < count; i++) {
      const position = this.positionOf(block.receivedUs(rows[i] as number));
      if (position < 0) continue;
      const pair = pairs.id(ids[i] as number, position);
      if (pair >= this.counts.length) this.counts = grown(this.counts);
      this.counts[pair] = (this.counts[pair] as number) + 1;
    }
  }

  /** Ends the part of a block, which had this revision and so many rows when it was begun. */
  take(revision: number, rows: number): SeriesPart {
    const { pairs, untimed } = this;
    const part = {
      revision,
      rows,
      untimed,
      points: Float64Array.from(this.points),
      requests: this.requests.slice(0, this.points.length),
      groups: pairs.first.slice(0, pairs.count),
      at: pairs.second.slice(0, pairs.count),
      counts: this.counts.slice(0, pairs.count),
      bytes: this.points.length * 12 + pairs.count * 12 + 200,
    };
    this.positions = new Map();
    this.points = [];
    this.requests.fill(0);
    this.pairs = new PairIds();
    this.counts.fill(0);
    this.untimed = 0;
    this.lastPoint = Number.NaN;
    return part;
  }

  /** −1 without a time. Neighbours mostly share their point. */
  private positionOf(us: number): number {
    const point = Math.floor(us / this.stepUs);
    if (point === this.lastPoint) return this.lastPosition;
    if (point !== point) return -1;
    let position = this.positions.get(point);
    if (position === undefined) {
      position = this.points.push(point) - 1;
      this.positions.set(point, position);
      if (position >= this.requests.length) this.requests = grown(this.requests);
    }
    this.lastPoint = point;
    this.lastPosition = position;
    return position;
  }
}
