import { ABSENT, type RequestBlock, type RequestIndex } from "../index/contract.ts";
import type { GroupedRows } from "./grouped-scan.ts";
import type { Latencies } from "./latencies.ts";
import { longRunningTargetTest } from "./target-tests.ts";
import { YES } from "./match-state.ts";
import { TestMask } from "./tuple-mask.ts";

/** An outcome's flags: the error class in the lowest two bits. */
const CLASS = 3;
const CLIENT_ERROR = 1;
const SERVER_ERROR = 2;
/** Answered, and not a watch. */
const ANSWERED = 4;
/** ResponseStarted and not a watch: answered only when authentication failed (no user). */
const STARTED = 8;

/** What a row adds to its groups' figures, by its tuples. */
export class RowFacts {
  flags = new Uint8Array(0);
  readonly longTargets = new TestMask(longRunningTargetTest());
  private filled = 0;

  extend(index: RequestIndex): void {
    this.longTargets.extend(index);
    const { outcomes, dictionaries } = index;
    if (this.flags.length < outcomes.size) {
      const grown = new Uint8Array(Math.ceil(outcomes.size * 1.25) + 16);
      grown.set(this.flags);
      this.flags = grown;
    }
    for (let id = this.filled; id < outcomes.size; id++) {
      const isWatch = dictionaries.verb.text(outcomes.verb[id] ?? ABSENT) === "watch";
      this.flags[id] = flagsOf(outcomes.code[id] ?? 0, outcomes.stage[id] ?? 0, isWatch);
    }
    this.filled = outcomes.size;
  }

  /** µs; −1 for what has no latency: in flight, long-running, without times. */
  latencyUs(index: RequestIndex, block: RequestBlock, row: number): number {
    const flags = this.flags[block.outcome[row] as number] as number;
    if (flags <= CLASS) return -1;
    if (this.longTargets.states[block.target[row] as number] === YES) return -1;
    if ((flags & STARTED) !== 0 && index.actors.user[block.actor[row] as number] !== ABSENT) return -1;
    return block.latencyUs(row);
  }
}

function flagsOf(code: number, stage: number, isWatch: boolean): number {
  let flags = 0;
  if (code >= 400 && code < 500) flags = CLIENT_ERROR;
  if (code >= 500 && code < 600) flags = SERVER_ERROR;
  if (!isWatch && stage >= 2) flags |= ANSWERED;
  if (!isWatch && stage === 1) flags |= STARTED;
  return flags;
}

/** Counts of a group: all others, client errors, server errors, those with a latency. */
const COUNTS = 4;
/** Moments of a group: first and last received, sum and largest of latencies. */
const MOMENTS = 4;
const NO_MOMENTS = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0);

/** Figures by group. What one row touches lies together. */
export class GroupStats {
  private counts = new Uint32Array(0);
  private moments = new Float64Array(0);

  requests(group: number): number {
    const at = group * COUNTS;
    return (this.counts[at] ?? 0) + (this.counts[at + 1] ?? 0) + (this.counts[at + 2] ?? 0);
  }

  clientErrors(group: number): number {
    return this.counts[group * COUNTS + CLIENT_ERROR] ?? 0;
  }

  serverErrors(group: number): number {
    return this.counts[group * COUNTS + SERVER_ERROR] ?? 0;
  }

  /** Requests with a latency. */
  timed(group: number): number {
    return this.counts[group * COUNTS + 3] ?? 0;
  }

  /** µs since the epoch; ±Infinity when no request had a time. */
  firstSeen(group: number): number {
    return this.moments[group * MOMENTS] ?? Number.POSITIVE_INFINITY;
  }

  lastSeen(group: number): number {
    return this.moments[group * MOMENTS + 1] ?? Number.NEGATIVE_INFINITY;
  }

  /** µs */
  latencySum(group: number): number {
    return this.moments[group * MOMENTS + 2] ?? 0;
  }

  latencyMax(group: number): number {
    return this.moments[group * MOMENTS + 3] ?? 0;
  }

  /** Adds rows of a block; ids are below `groups`. `latencies` null: nobody will ask for them. */
  add(
    index: RequestIndex,
    block: RequestBlock,
    { rows, ids, count }: GroupedRows,
    groups: number,
    facts: RowFacts,
    latencies: Latencies | null,
  ): void {
    this.reserve(groups);
    const { counts, moments } = this;
    const { flags } = facts;
    const { actor, target, outcome } = block;
    const { user } = index.actors;
    const longTargets = facts.longTargets.states;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const id = ids[i] as number;
      const flag = flags[outcome[row] as number] as number;
      const countsAt = id * COUNTS;
      const classAt = countsAt + (flag & CLASS);
      counts[classAt] = (counts[classAt] as number) + 1;
      const at = id * MOMENTS;
      const us = block.receivedUs(row);
      if (us < (moments[at] as number)) moments[at] = us;
      if (us > (moments[at + 1] as number)) moments[at + 1] = us;
      // As RowFacts.latencyUs, written out: called per row it takes a third of the loop's time.
      if (latencies === null || flag <= CLASS || longTargets[target[row] as number] === YES) continue;
      if ((flag & STARTED) !== 0 && user[actor[row] as number] !== ABSENT) continue;
      const latencyUs = block.latencyUs(row);
      if (latencyUs < 0) continue;
      counts[countsAt + 3] = (counts[countsAt + 3] as number) + 1;
      moments[at + 2] = (moments[at + 2] as number) + latencyUs;
      if (latencyUs > (moments[at + 3] as number)) moments[at + 3] = latencyUs;
      latencies.add(id, latencyUs);
    }
  }

  private reserve(groups: number): void {
    if (groups * COUNTS <= this.counts.length) return;
    const length = Math.max(groups, (this.counts.length / COUNTS) * 2, 64);
    const counts = new Uint32Array(length * COUNTS);
    counts.set(this.counts);
    this.counts = counts;
    const moments = new Float64Array(length * MOMENTS);
    moments.set(this.moments);
    for (let at = this.moments.length; at < moments.length; at += MOMENTS) moments.set(NO_MOMENTS, at);
    this.moments = moments;
  }
}
