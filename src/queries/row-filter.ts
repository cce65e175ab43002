import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { TimeWindow } from "./contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { extendMasks, mayNeedEvents, type PlanNode, type RowTest } from "./filter-plan.ts";
import { MAYBE, NEGATED, NO, YES } from "./match-state.ts";
import { type Comparison, comparesTo } from "./text-test.ts";
import { CHUNK, type Reach } from "./reach.ts";
import type { Table } from "./tuple-test.ts";
import type { Verdicts } from "./verdicts.ts";

/**
 * Selects rows of blocks by a plan: a vector of states per node, joined with `&` and `|`; no call per row but for times,
 * amounts and sources. One per running query (it owns scratch vectors).
 */
export class RowFilter {
  private readonly plan: PlanNode;
  private readonly verdicts: Verdicts;
  private readonly fromUs: number;
  private readonly toUs: number;
  private readonly spare: Uint8Array[] = [];
  private readonly states = new Uint8Array(CHUNK);
  private needsEvents = false;
  /** Matching rows of the last selection: rows[0, count). */
  readonly rows = new Uint32Array(CHUNK + 1);
  count = 0;
  /** Rows of the last selection that only their original events can decide, and nobody has yet. */
  undecided: number[] = [];

  constructor(plan: PlanNode, window: TimeWindow | undefined, verdicts: Verdicts) {
    this.plan = plan;
    this.verdicts = verdicts;
    this.fromUs = window?.fromUs ?? Number.NEGATIVE_INFINITY;
    this.toUs = window?.toUs ?? Number.POSITIVE_INFINITY;
  }

  /** Covers the tuples of the rows that are selected next. */
  extend(index: RequestIndex, reach: Reach): void {
    extendMasks(this.plan, index, reach);
    this.needsEvents = mayNeedEvents(this.plan);
  }

  /** Whether the window cuts the block off: no row can match. */
  passesOver(block: RequestBlock): boolean {
    return zoneState(block, this.fromUs, this.toUs) === NO;
  }

  /** Fills `rows`, `count` and `undecided` for rows [from, to) of the block, at most CHUNK of them. */
  select(block: RequestBlock, from: number, to: number): void {
    this.undecided.length = 0;
    this.count = 0;
    const zone = zoneState(block, this.fromUs, this.toUs);
    if (zone === NO) return;
    const { rows, states } = this;
    const n = to - from;
    if (zone === YES && isAll(this.plan)) {
      for (let i = 0; i < n; i++) rows[i] = from + i;
      this.count = n;
      return;
    }
    let any = this.fill(this.plan, block, from, n, states);
    if (zone !== YES && any !== NO) any = keepTimes(block, from, n, this.fromUs, this.toUs, states);
    if (any === NO) return;
    if (this.needsEvents) this.decide(block, from, n);
    let count = 0;
    for (let i = 0; i < n; i++) {
      const state = states[i] as number;
      // Without a branch, which would be mispredicted: YES is the only state with both bits.
      rows[count] = from + i;
      count += state & (state >> 1);
    }
    this.count = count;
  }

  private decide(block: RequestBlock, from: number, n: number): void {
    const { states, verdicts, undecided } = this;
    for (let i = 0; i < n; i++) {
      if (states[i] !== MAYBE) continue;
      const verdict = verdicts.of(block, from + i);
      if (verdict === MAYBE) undecided.push(from + i);
      else states[i] = verdict;
    }
  }

  /** Writes the states of rows [from, from + n) to out[0, n); returns them all OR-ed. */
  private fill(node: PlanNode, block: RequestBlock, from: number, n: number, out: Uint8Array): number {
    switch (node.kind) {
      case "mask":
        return gather(node.mask.states, tuples(block, node.mask.table), from, n, out);
      case "time": {
        const zone = zoneState(block, node.fromUs, node.toUs);
        if (zone !== MAYBE) return constant(zone, n, out);
        out.fill(YES, 0, n);
        return keepTimes(block, from, n, node.fromUs, node.toUs, out);
      }
      case "amount":
        return fillAmounts(node, block, from, n, out);
      case "source":
        return fillSources(node.mask.states, block, from, n, out);
      case "id":
        return fillTests(node.tests, block, from, n, out);
      case "raw":
        return constant(MAYBE, n, out);
      case "not": {
        this.fill(node.part, block, from, n, out);
        for (let i = 0; i < n; i++) out[i] = NEGATED[out[i] as number] as number;
        return YES;
      }
      case "and":
      case "or":
        return this.fillAll(node.kind, node.parts, block, from, n, out);
      default:
        return node satisfies never;
    }
  }

  private fillAll(
    op: "and" | "or",
    parts: readonly PlanNode[],
    block: RequestBlock,
    from: number,
    n: number,
    out: Uint8Array,
  ): number {
    const [first, ...others] = parts;
    if (first === undefined) return constant(op === "and" ? YES : NO, n, out);
    let any = this.fill(first, block, from, n, out);
    for (const part of others) {
      if (op === "and" && any === NO) return NO;
      if (part.kind === "mask") {
        const ids = tuples(block, part.mask.table);
        const { states } = part.mask;
        any = op === "and" ? andGather(states, ids, from, n, out) : orGather(states, ids, from, n, out);
        continue;
      }
      const other = this.spare.pop() ?? new Uint8Array(CHUNK);
      this.fill(part, block, from, n, other);
      any = op === "and" ? andInto(out, other, n) : orInto(out, other, n);
      this.spare.push(other);
    }
    return any;
  }
}

function isAll(plan: PlanNode): boolean {
  return plan.kind === "and" && plan.parts.length === 0;
}

export function tuples(block: RequestBlock, table: Table): Uint32Array {
  return block[table];
}

/** Whether the plan matches a row, with its original event at hand. */
export function matchesRow(node: PlanNode, block: RequestBlock, row: number, event: EventFacts): boolean {
  switch (node.kind) {
    case "mask":
      return node.mask.matches(tuples(block, node.mask.table)[row] ?? 0, event);
    case "time": {
      const us = block.receivedUs(row);
      return us >= node.fromUs && us < node.toUs;
    }
    case "amount":
      return amountMatches(node.tests, node.of(block, row));
    case "source":
      return node.mask.states[block.source(row)] === YES;
    case "id":
      return node.tests.some((test) => test(block, row));
    case "raw":
      return node.matches(event);
    case "and":
      return node.parts.every((part) => matchesRow(part, block, row, event));
    case "or":
      return node.parts.some((part) => matchesRow(part, block, row, event));
    case "not":
      return !matchesRow(node.part, block, row, event);
    default:
      return node satisfies never;
  }
}

/** What the zone map says about [fromUs, toUs): YES for all rows only when none is without a time. */
function zoneState(block: RequestBlock, fromUs: number, toUs: number): number {
  if (fromUs === Number.NEGATIVE_INFINITY && toUs === Number.POSITIVE_INFINITY) return YES;
  // NaN when no row has a time: then none is inside.
  return block.maxReceivedUs >= fromUs && block.minReceivedUs < toUs ? MAYBE : NO;
}

function constant(state: number, n: number, out: Uint8Array): number {
  out.fill(state, 0, n);
  return state;
}

function gather(states: Uint8Array, ids: Uint32Array, from: number, n: number, out: Uint8Array): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const state = states[ids[from + i] as number] as number;
    out[i] = state;
    any |= state;
  }
  return any;
}

function andGather(states: Uint8Array, ids: Uint32Array, from: number, n: number, out: Uint8Array): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const state = (out[i] as number) & (states[ids[from + i] as number] as number);
    out[i] = state;
    any |= state;
  }
  return any;
}

function orGather(states: Uint8Array, ids: Uint32Array, from: number, n: number, out: Uint8Array): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const state = (out[i] as number) | (states[ids[from + i] as number] as number);
    out[i] = state;
    any |= state;
  }
  return any;
}

function andInto(out: Uint8Array, other: Uint8Array, n: number): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const state = (out[i] as number) & (other[i] as number);
    out[i] = state;
    any |= state;
  }
  return any;
}

function orInto(out: Uint8Array, other: Uint8Array, n: number): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const state = (out[i] as number) | (other[i] as number);
    out[i] = state;
    any |= state;
  }
  return any;
}

/** Turns states outside of [fromUs, toUs) to NO; rows without a time are outside. */
function keepTimes(
  block: RequestBlock,
  from: number,
  n: number,
  fromUs: number,
  toUs: number,
  states: Uint8Array,
): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const us = block.receivedUs(from + i);
    if (us >= fromUs && us < toUs) any |= states[i] as number;
    else states[i] = NO;
  }
  return any;
}

function amountMatches(tests: readonly Comparison[], amount: number): boolean {
  if (amount < 0) return false;
  for (const test of tests) if (comparesTo(amount, test)) return true;
  return false;
}

function fillTests(tests: readonly RowTest[], block: RequestBlock, from: number, n: number, out: Uint8Array): number {
  out.fill(NO, 0, n);
  let any = 0;
  for (const test of tests) {
    for (let i = 0; i < n; i++) if (test(block, from + i)) any = out[i] = YES;
  }
  return any;
}

function fillSources(states: Uint8Array, block: RequestBlock, from: number, n: number, out: Uint8Array): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const state = states[block.source(from + i)] as number;
    out[i] = state;
    any |= state;
  }
  return any;
}

function fillAmounts(
  { of, tests }: Extract<PlanNode, { kind: "amount" }>,
  block: RequestBlock,
  from: number,
  n: number,
  out: Uint8Array,
): number {
  let any = 0;
  for (let i = 0; i < n; i++) {
    const state = amountMatches(tests, of(block, from + i)) ? YES : NO;
    out[i] = state;
    any |= state;
  }
  return any;
}
