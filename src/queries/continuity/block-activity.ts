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
  const lanes = new Map<string, LaneActivity>();
  const bySource: LaneActivity[] = [];
  const laneOf = (source: number): LaneActivity => {
    const name = index.sources[source]?.apiserver ?? "";
    const lane = lanes.get(name) ?? new LaneActivity();
    lanes.set(name, lane);
    return (bySource[source] = lane);
  };
  for (let from = 0; from < rows; from += CHUNK) {
    if (from > 0) yield;
    const to = Math.min(rows, from + CHUNK);
    signs.extend();
    for (let row = from; row < to; row++) {
      const us = block.receivedUs(row);
      if (us !== us) continue;
      const source = block.source(row);
      const lane = bySource[source] ?? laneOf(source);
      lane.runs.add(us);
      const hasEnded = index.hasEnded(block.actor[row] as number, block.outcome[row] as number);
      const tookUs = hasEnded ? block.latencyUs(row) : Number.POSITIVE_INFINITY;
      if (tookUs >= LEAST_SILENCE_US) lane.spans.push(us, us + tookUs);
      signs.read(block, row, us, lane.marks);
    }
  }
  for (const { runs } of lanes.values()) runs.sort();
  return { revision, rows, lanes };
}
