import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { TimeWindow } from "./contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { mayNeedEvents, type PlanNode, type RowTest } from "./filter-plan.ts";
import { MAYBE, NEGATED, NO, YES } from "./match-state.ts";
import { type Comparison, comparesTo } from "./text-test.ts";
import { CHUNK } from "./reach.ts";
import { BYTES, WORDS } from "./scratch.ts";
import { ascending, type MeantRows, rowsMeant, type SharedTable } from "./tuple-rows.ts";
import type { SourceMask, TupleMask } from "./tuple-mask.ts";
import type { SelectedBits } from "./selected-bits.ts";
import type { Table } from "./tuple-test.ts";
import type { RowDecisions } from "./row-decisions.ts";

/** Of all filters: none is used before another has been done with. */
const rows = new Uint32Array(CHUNK + 1);
const states = new Uint8Array(CHUNK);

/**
 * Selects rows of blocks by a plan: a vector of states per node over the rows that the nodes before have left, joined with `&`
 * and `|`.
 */
export class RowFilter {
  private readonly parts: readonly PlanNode[];
  private readonly plan: PlanNode;
  private readonly index: RequestIndex;
  private readonly decisions: RowDecisions;
  private readonly known: SelectedBits | null;
  private readonly fromUs: number;
  private readonly toUs: number;
  /** Tests who asked and how it ended, where the plan does. */
  private readonly shared: readonly { readonly table: SharedTable; readonly mask: TupleMask }[];
  /** Matching rows of the last selection: rows[0, count). Valid until the next one of any filter. */
  readonly rows = rows;
  count = 0;
  /** Rows of the last selection that only their original events can decide, and nobody has yet. */
  undecided: number[] = [];

  /** `known`: what is known of the plan's rows, whatever the window. */
  constructor(
    index: RequestIndex,
    plan: PlanNode,
    window: TimeWindow | undefined,
    decisions: RowDecisions,
    known: SelectedBits | null = null,
  ) {
    this.index = index;
    this.plan = plan;
    this.known = known;
    this.parts = plan.kind === "and" ? plan.parts : [plan];
    this.decisions = decisions;
    this.fromUs = window?.fromUs ?? Number.NEGATIVE_INFINITY;
    this.toUs = window?.toUs ?? Number.POSITIVE_INFINITY;
    this.shared = this.parts.flatMap((part) => {
      const table = part.kind === "mask" ? part.mask.table : "target";
      return part.kind === "mask" && table !== "target" ? [{ table, mask: part.mask }] : [];
    });
  }

  /** Whether the window cuts the block off: no row can match. */
  passesOver(block: RequestBlock): boolean {
    return zoneState(block, this.fromUs, this.toUs) === NO;
  }

  /**
   * All rows of rows [0, limit) that may match by who asked or how it ended, ascending; null when they are many. Valid until
   * the next call for any filter.
   */
  candidates(block: RequestBlock, limit: number): Uint32Array | null {
    let fewest: MeantRows | null = null;
    for (const { table, mask } of this.shared) {
      const meant = rowsMeant(this.index, block, table, mask);
      if (meant !== null && (fewest === null || meant.count < fewest.count)) fewest = meant;
    }
    return fewest === null ? null : ascending(fewest, limit);
  }

  /** Fills `rows`, `count` and `undecided` for rows [from, to) of the block, at most CHUNK of them. */
  select(block: RequestBlock, from: number, to: number): void {
    const zone = zoneState(block, this.fromUs, this.toUs);
    const bits = this.parts.length > 0 && !mayNeedEvents(this.plan) ? this.known : null;
    const count = zone === NO ? -1 : (bits?.read(block, from, to, rows) ?? -1);
    if (count >= 0) {
      this.undecided.length = 0;
      this.count = zone === YES ? count : inTime(block, rows, count, this.fromUs, this.toUs);
      return;
    }
    const n = to - from;
    for (let i = 0; i < n; i++) rows[i] = from + i;
    this.selectAmong(block, n);
    // Asking may have shown that a text beyond the dictionaries' bounds is meant.
    if (bits !== null && zone === YES && !mayNeedEvents(this.plan)) bits.keep(block, from, to, rows, this.count);
  }

  /** The same for these rows, at most CHUNK, ascending. */
  selectOf(block: RequestBlock, candidates: Uint32Array): void {
    rows.set(candidates);
    this.selectAmong(block, candidates.length);
  }

  /** Of rows[0, n). */
  private selectAmong(block: RequestBlock, n: number): void {
    this.undecided.length = 0;
    this.count = 0;
    const zone = zoneState(block, this.fromUs, this.toUs);
    if (zone === NO) return;
    let count = zone === YES ? n : inTime(block, rows, n, this.fromUs, this.toUs);
    states.fill(YES, 0, count);
    for (const part of this.parts) {
      if (count === 0) return;
      const other = BYTES.take(CHUNK);
      this.fill(part, block, count, other);
      count = keepPossible(rows, states, other, count);
      BYTES.give(other);
    }
    this.count = mayNeedEvents(this.plan) ? this.decide(block, count) : count;
  }

  /** Leaves the rows that match of rows[0, n), which may; returns their number. */
  private decide(block: RequestBlock, n: number): number {
    const { decisions, undecided } = this;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const row = rows[i] as number;
      const state = states[i] === MAYBE ? decisions.of(block, row) : states[i];
      if (state === MAYBE) undecided.push(row);
      if (state === YES) rows[count++] = row;
    }
    return count;
  }

  /** Writes the states of rows[0, n) to out[0, n). */
  private fill(node: PlanNode, block: RequestBlock, n: number, out: Uint8Array): void {
    switch (node.kind) {
      case "mask":
        return gather(this.index, node.mask, block, rows, n, out);
      case "time":
        return fillTimes(node, block, rows, n, out);
      case "amount":
        return fillAmounts(node, block, rows, n, out);
      case "source":
        return fillSources(node.mask, block, rows, n, out);
      case "id":
        return fillTests(node.tests, block, rows, n, out);
      case "raw":
        out.fill(MAYBE, 0, n);
        return;
      case "not": {
        this.fill(node.part, block, n, out);
        for (let i = 0; i < n; i++) out[i] = NEGATED[out[i] as number] as number;
        return;
      }
      case "and":
      case "or":
        return this.fillAll(node, block, n, out);
      default:
        return node satisfies never;
    }
  }

  private fillAll(
    { kind, parts }: Extract<PlanNode, { kind: "and" | "or" }>,
    block: RequestBlock,
    n: number,
    out: Uint8Array,
  ): void {
    out.fill(kind === "and" ? YES : NO, 0, n);
    for (const part of parts) {
      const other = BYTES.take(CHUNK);
      this.fill(part, block, n, other);
      if (kind === "and") for (let i = 0; i < n; i++) out[i] = (out[i] as number) & (other[i] as number);
      else for (let i = 0; i < n; i++) out[i] = (out[i] as number) | (other[i] as number);
      BYTES.give(other);
    }
  }
}

/** Leaves the rows of rows[0, n) that may match, with their states; returns their number. */
function keepPossible(rows: Uint32Array, states: Uint8Array, others: Uint8Array, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const state = (states[i] as number) & (others[i] as number);
    // Without a branch, which would be mispredicted: only NO lacks the upper bit.
    rows[count] = rows[i] as number;
    states[count] = state;
    count += state >> 1;
  }
  return count;
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
      return node.mask.of(block.source(row)) === YES;
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

/** States of rows[0, n) by their tuples. */
function gather(
  index: RequestIndex,
  mask: TupleMask,
  block: RequestBlock,
  rows: Uint32Array,
  n: number,
  out: Uint8Array,
): void {
  const ids = tuples(block, mask.table);
  const asked = WORDS.take(n);
  for (let i = 0; i < n; i++) asked[i] = ids[rows[i] as number] as number;
  mask.gather(asked, n, out);
  WORDS.give(asked);
}

/** Leaves those of rows[0, n) that were received in [fromUs, toUs); rows without a time were not. Returns their number. */
function inTime(block: RequestBlock, rows: Uint32Array, n: number, fromUs: number, toUs: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i] as number;
    const us = block.receivedUs(row);
    if (us >= fromUs && us < toUs) rows[count++] = row;
  }
  return count;
}

function fillTimes(
  { fromUs, toUs }: Extract<PlanNode, { kind: "time" }>,
  block: RequestBlock,
  rows: Uint32Array,
  n: number,
  out: Uint8Array,
): void {
  for (let i = 0; i < n; i++) {
    const us = block.receivedUs(rows[i] as number);
    out[i] = us >= fromUs && us < toUs ? YES : NO;
  }
}

function amountMatches(tests: readonly Comparison[], amount: number): boolean {
  if (amount < 0) return false;
  for (const test of tests) if (comparesTo(amount, test)) return true;
  return false;
}

function fillTests(
  tests: readonly RowTest[],
  block: RequestBlock,
  rows: Uint32Array,
  n: number,
  out: Uint8Array,
): void {
  out.fill(NO, 0, n);
  for (const test of tests) for (let i = 0; i < n; i++) if (test(block, rows[i] as number)) out[i] = YES;
}

function fillSources(mask: SourceMask, block: RequestBlock, rows: Uint32Array, n: number, out: Uint8Array): void {
  for (let i = 0; i < n; i++) out[i] = mask.of(block.source(rows[i] as number));
}

function fillAmounts(
  { of, tests }: Extract<PlanNode, { kind: "amount" }>,
  block: RequestBlock,
  rows: Uint32Array,
  n: number,
  out: Uint8Array,
): void {
  for (let i = 0; i < n; i++) out[i] = amountMatches(tests, of(block, rows[i] as number)) ? YES : NO;
}
