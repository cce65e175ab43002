import type { RequestBlock, RequestIndex } from "../../index/contract.ts";
import type { Pauses } from "../scan.ts";
import { LEAST_SILENCE_US, Runs } from "./activity.ts";
import type { SeenSign, SignReader } from "./sign-reader.ts";

/** What one block tells of one API server. */
export class LaneActivity {
  readonly runs = new Runs();
  /** Requests that took 500 ms and more or never ended: [received, ended or ∞] after each other. */
  readonly spans: number[] = [];
  readonly marks: SeenSign[] = [];
}

export interface BlockActivity {
  readonly revision: number;
  readonly rows: number;
  readonly lanes: ReadonlyMap<string, LaneActivity>;
}

/** Rows looked at between two pauses. */
const CHUNK = 8_192;

/** Looks at every row of a block once. */
export function* activityOf(index: RequestIndex, block: RequestBlock, signs: SignReader): Pauses<BlockActivity> {
  const { revision, count: rows } = block;
  const lanes = new Lanes(index);
  for (let from = 0; from < rows; from += CHUNK) {
    if (from > 0) yield;
    signs.extend();
    lanes.add(block, from, Math.min(rows, from + CHUNK), signs);
  }
  for (const { runs } of lanes.byName.values()) runs.sort();
  return { revision, rows, lanes: lanes.byName };
}

class Lanes {
  readonly byName = new Map<string, LaneActivity>();
  private readonly bySource: LaneActivity[] = [];
  private readonly index: RequestIndex;

  constructor(index: RequestIndex) {
    this.index = index;
  }

  add(block: RequestBlock, from: number, to: number, signs: SignReader): void {
    const { index, bySource } = this;
    for (let row = from; row < to; row++) {
      const us = block.receivedUs(row);
      if (us !== us) continue;
      const source = block.source(row);
      const lane = bySource[source] ?? this.laneOf(source);
      lane.runs.add(us);
      const hasEnded = index.hasEnded(block.actor[row] as number, block.outcome[row] as number);
      const tookUs = hasEnded ? block.latencyUs(row) : Number.POSITIVE_INFINITY;
      if (tookUs >= LEAST_SILENCE_US) lane.spans.push(us, us + tookUs);
      signs.read(block, row, us, lane.marks);
    }
  }

  private laneOf(source: number): LaneActivity {
    const name = this.index.sources[source]?.apiserver ?? "";
    const lane = this.byName.get(name) ?? new LaneActivity();
    this.byName.set(name, lane);
    return (this.bySource[source] = lane);
  }
}
