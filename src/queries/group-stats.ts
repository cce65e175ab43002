import { ABSENT, type RequestBlock, type RequestIndex } from "../index/contract.ts";
import type { GroupIds } from "./group-ids.ts";
import { longRunningTargetTest } from "./target-tests.ts";
import { YES } from "./match-state.ts";
import { TestMask } from "./tuple-mask.ts";

/** Bits of an outcome's flags. */
const CLIENT_ERROR = 1;
const SERVER_ERROR = 2;
/** Answered, and not a watch. */
const ANSWERED = 4;
/** ResponseStarted and not a watch: answered only when authentication failed (no user). */
const STARTED = 8;

/** What a row adds to its groups' figures, read from its tuples. */
export class RowFacts {
  private flags = new Uint8Array(0);
  private filled = 0;
  private watch = -1;
  private readonly longTargets = new TestMask(longRunningTargetTest());

  extend(index: RequestIndex): void {
    this.longTargets.extend(index);
    const { outcomes, dictionaries } = index;
    if (this.flags.length < outcomes.size) {
      const grown = new Uint8Array(Math.ceil(outcomes.size * 1.25) + 16);
      grown.set(this.flags);
      this.flags = grown;
    }
    for (let id = this.filled; id < outcomes.size; id++) {
      const verb = outcomes.verb[id] ?? ABSENT;
      if (this.watch < 0 && dictionaries.verb.text(verb) === "watch") this.watch = verb;
      this.flags[id] = flagsOf(outcomes.code[id] ?? 0, outcomes.stage[id] ?? 0, verb === this.watch);
    }
    this.filled = outcomes.size;
  }

  isClientError(block: RequestBlock, row: number): boolean {
    return ((this.flags[block.outcome[row] as number] as number) & CLIENT_ERROR) !== 0;
  }

  isServerError(block: RequestBlock, row: number): boolean {
    return ((this.flags[block.outcome[row] as number] as number) & SERVER_ERROR) !== 0;
  }

  /** µs; −1 for what has no latency: in flight, long-running, without times. */
  latencyUs(index: RequestIndex, block: RequestBlock, row: number): number {
    const flags = this.flags[block.outcome[row] as number] as number;
    if ((flags & (ANSWERED | STARTED)) === 0) return -1;
    if (this.longTargets.states[block.target[row] as number] === YES) return -1;
    if ((flags & STARTED) !== 0 && index.actors.user[block.actor[row] as number] !== ABSENT) return -1;
    return block.latencyUs(row);
  }
}

function flagsOf(code: number, stage: number, isWatch: boolean): number {
  let flags = 0;
  if (code >= 400 && code < 500) flags |= CLIENT_ERROR;
  if (code >= 500 && code < 600) flags |= SERVER_ERROR;
  if (!isWatch && stage >= 2) flags |= ANSWERED;
  if (!isWatch && stage === 1) flags |= STARTED;
  return flags;
}

interface LatencySink {
  add(group: number, latencyUs: number): void;
}

/** Figures by group, in columns that grow with the number of groups. */
export class GroupStats {
  requests = new Uint32Array(64);
  clientErrors = new Uint32Array(64);
  serverErrors = new Uint32Array(64);
  /** Requests with a latency, their sum and largest, µs. */
  timed = new Uint32Array(64);
  latencySum = new Float64Array(64);
  latencyMax = new Float64Array(64);
  /** µs since the epoch; ±Infinity when no request had a time. */
  firstSeen = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  lastSeen = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);

  reserve(groups: number): void {
    if (groups <= this.requests.length) return;
    const length = Math.max(groups, this.requests.length * 2);
    this.requests = widened(this.requests, length);
    this.clientErrors = widened(this.clientErrors, length);
    this.serverErrors = widened(this.serverErrors, length);
    this.timed = widened(this.timed, length);
    this.latencySum = widenedFloats(this.latencySum, length, 0);
    this.latencyMax = widenedFloats(this.latencyMax, length, 0);
    this.firstSeen = widenedFloats(this.firstSeen, length, Number.POSITIVE_INFINITY);
    this.lastSeen = widenedFloats(this.lastSeen, length, Number.NEGATIVE_INFINITY);
  }

  /** Adds the rows that `groups` assigned last. */
  add(index: RequestIndex, block: RequestBlock, groups: GroupIds, facts: RowFacts, latencies: LatencySink): void {
    this.reserve(groups.groups);
    const { requests, clientErrors, serverErrors, timed, latencySum, latencyMax, firstSeen, lastSeen } = this;
    const { rows, ids, count } = groups;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const id = ids[i] as number;
      requests[id] = (requests[id] as number) + 1;
      if (facts.isClientError(block, row)) clientErrors[id] = (clientErrors[id] as number) + 1;
      else if (facts.isServerError(block, row)) serverErrors[id] = (serverErrors[id] as number) + 1;
      const us = block.receivedUs(row);
      if (us < (firstSeen[id] as number)) firstSeen[id] = us;
      if (us > (lastSeen[id] as number)) lastSeen[id] = us;
      const latencyUs = facts.latencyUs(index, block, row);
      if (latencyUs < 0) continue;
      timed[id] = (timed[id] as number) + 1;
      latencySum[id] = (latencySum[id] as number) + latencyUs;
      if (latencyUs > (latencyMax[id] as number)) latencyMax[id] = latencyUs;
      latencies.add(id, latencyUs);
    }
  }
}

function widened(column: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(length);
  copy.set(column);
  return copy;
}

function widenedFloats(column: Float64Array, length: number, initial: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(length).fill(initial);
  copy.set(column);
  return copy;
}
