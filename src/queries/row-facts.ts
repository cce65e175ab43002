import { ABSENT, type RequestBlock, type RequestIndex } from "../index/contract.ts";
import type { LatencyOf } from "./contract.ts";
import { longRunningTargetTest } from "./target-tests.ts";
import { NO, YES } from "./match-state.ts";
import type { Reach } from "./reach.ts";
import { TestMask } from "./tuple-mask.ts";
import type { TupleTest } from "./tuple-test.ts";

/** An outcome's flags: the error class in the lowest two bits. */
export const CLASS = 3;
export const CLIENT_ERROR = 1;
export const SERVER_ERROR = 2;
/** Answered, and no watch unless these count. */
const ANSWERED = 4;
/** ResponseStarted, and no watch unless these count: answered only when authentication failed (no user). */
export const STARTED = 8;

const NO_TARGET: TupleTest = { table: "target", state: () => NO, matches: () => false };

/** What a row adds to its groups' figures, by its tuples. */
export class RowFacts {
  flags = new Uint8Array(0);
  readonly longTargets: TestMask;
  private readonly latencyOf: LatencyOf;
  private filled = 0;

  constructor(index: RequestIndex, latencyOf: LatencyOf) {
    this.latencyOf = latencyOf;
    this.longTargets = new TestMask(latencyOf === "ended" ? NO_TARGET : longRunningTargetTest(), index);
  }

  extend(index: RequestIndex, reach: Reach): void {
    this.longTargets.extend(reach.target);
    const { outcomes, dictionaries } = index;
    if (this.filled >= reach.outcome) return;
    if (this.flags.length < reach.outcome) {
      const grown = new Uint8Array(Math.ceil(outcomes.size * 1.25) + 16);
      grown.set(this.flags);
      this.flags = grown;
    }
    for (let id = this.filled; id < reach.outcome; id++) {
      const isApart = this.latencyOf === "answered" && dictionaries.verb.text(outcomes.verb[id] ?? ABSENT) === "watch";
      this.flags[id] = flagsOf(outcomes.code[id] ?? 0, outcomes.stage[id] ?? 0, isApart);
    }
    this.filled = reach.outcome;
  }

  /** µs; −1 for what has no latency: in flight, without times, long-running unless these count. */
  latencyUs(index: RequestIndex, block: RequestBlock, row: number): number {
    const flags = this.flags[block.outcome[row] as number] as number;
    if (flags <= CLASS) return -1;
    if (this.longTargets.states[block.target[row] as number] === YES) return -1;
    if ((flags & STARTED) !== 0 && index.actors.user[block.actor[row] as number] !== ABSENT) return -1;
    return block.latencyUs(row);
  }
}

function flagsOf(code: number, stage: number, isApart: boolean): number {
  let flags = 0;
  if (code >= 400 && code < 500) flags = CLIENT_ERROR;
  if (code >= 500 && code < 600) flags = SERVER_ERROR;
  if (!isApart && stage >= 2) flags |= ANSWERED;
  if (!isApart && stage === 1) flags |= STARTED;
  return flags;
}
