import { fieldNamed } from "../events/fields.ts";
import { UNKNOWN_STAGE } from "../events/vocabulary.ts";
import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Filter, Match, ValueTest } from "./contract.ts";
import { actorTest, USER } from "./actor-tests.ts";
import { columnTest } from "./column.ts";
import { type EventTest, eventTest } from "./event-tests.ts";
import { inputTest } from "./input-test.ts";
import { stateOf } from "./match-state.ts";
import { outcomeTest } from "./outcome-tests.ts";
import { printFilter } from "./print-filter.ts";
import { simplifyFilter } from "./simplify-filter.ts";
import { longRunningTargetTest, objectKeyTest, targetTest, URI } from "./target-tests.ts";
import {
  addressTest,
  type Comparison,
  containsGlobTest,
  containsTest,
  isComparison,
  type TextTest,
  textTest,
} from "./text-test.ts";
import { resolveBound, type TimeReference } from "./time-value.ts";
import { CombinedMask, NegatedMask, SourceMask, TestMask, type TupleMask } from "./tuple-mask.ts";
import type { Table, TupleTest } from "./tuple-test.ts";

/** A filter made ready for rows: terms over one table folded to one mask, the rest a small tree over vectors. */
export type PlanNode =
  | { readonly kind: "mask"; readonly mask: TupleMask }
  /** Received in [fromUs, toUs); rows without a time are not. */
  | { readonly kind: "time"; readonly fromUs: number; readonly toUs: number }
  | { readonly kind: "amount"; readonly of: Amount; readonly tests: readonly Comparison[] }
  | { readonly kind: "source"; readonly mask: SourceMask }
  | { readonly kind: "id"; readonly tests: readonly RowTest[] }
  | { readonly kind: "raw"; readonly matches: EventTest }
  | { readonly kind: "and" | "or"; readonly parts: readonly PlanNode[] }
  | { readonly kind: "not"; readonly part: PlanNode };

/** A number of a row's own: latency in ms, size in bytes; below zero where there is none. */
export type Amount = (block: RequestBlock, row: number) => number;
export type RowTest = (block: RequestBlock, row: number) => boolean;

export const ALL: PlanNode = { kind: "and", parts: [] };

/** Masks of single terms, kept between queries: filters that people build up share most of their terms. */
export type MaskCache = Map<string, TestMask>;

/** Plans `filter` for one generation of the index. Relative times are resolved against `time`. */
export function planFilter(filter: Filter, time: TimeReference, index: RequestIndex, masks: MaskCache): PlanNode {
  const planner = new Planner(time, index, masks);
  return fold(planner.plan(simplifyFilter(filter)), index);
}

/** Whether some answers may need the original events, as far as tuples were asked for. */
export function mayNeedEvents(node: PlanNode): boolean {
  switch (node.kind) {
    case "raw":
      return true;
    case "mask":
      return (node.mask.seen & (1 << 2)) !== 0;
    case "and":
    case "or":
      return node.parts.some(mayNeedEvents);
    case "not":
      return mayNeedEvents(node.part);
    case "time":
    case "amount":
    case "source":
    case "id":
      return false;
    default:
      return node satisfies never;
  }
}

/** Asks for all tuples there are. */
export function extendMasks(node: PlanNode): void {
  if (node.kind === "mask") node.mask.extend();
  else if (node.kind === "not") extendMasks(node.part);
  else if (node.kind === "and" || node.kind === "or") for (const part of node.parts) extendMasks(part);
}

class Planner {
  private readonly time: TimeReference;
  private readonly index: RequestIndex;
  private readonly masks: MaskCache;

  constructor(time: TimeReference, index: RequestIndex, masks: MaskCache) {
    this.time = time;
    this.index = index;
    this.masks = masks;
  }

  plan(filter: Filter): PlanNode {
    if (filter.op === "not") return { kind: "not", part: this.plan(filter.term) };
    if (filter.op !== "match") return { kind: filter.op, parts: filter.terms.map((term) => this.plan(term)) };
    return this.match(filter);
  }

  private match(term: Match): PlanNode {
    const { field, tests } = term;
    switch (field) {
      case "any":
        return { kind: "or", parts: tests.flatMap((test) => this.search(test)) };
      case "since":
      case "until":
        return { kind: "or", parts: tests.map((test) => this.timeBound(field, test)) };
      case "latency":
        return this.latency(tests);
      case "long":
        return this.longRunning(tests);
      case "apiserver":
        return this.source(textTest(tests), ({ apiserver }) => apiserver);
      case "input":
        return this.source(inputTest(tests), ({ path }) => path);
      case "id":
        return this.auditID(tests);
      case "bytes":
        return { kind: "amount", of: (block, row) => block.bytes(row), tests: tests.filter(isComparison) };
      default: {
        const matches = eventTest(term);
        if (matches !== null) return { kind: "raw", matches };
        return this.maskOf(printFilter(term), () => tupleTest(term));
      }
    }
  }

  private maskOf(name: string, make: () => TupleTest): PlanNode {
    const mask = this.masks.get(name) ?? new TestMask(make(), this.index);
    // Last used last: the cache's owner drops the first.
    this.masks.delete(name);
    this.masks.set(name, mask);
    return { kind: "mask", mask };
  }

  /** A bare word: user, object, URI or user agent. */
  private search(test: ValueTest): PlanNode[] {
    const matches = searchTest(test);
    const name = printFilter({ op: "match", field: "any", tests: [test] });
    return [
      this.maskOf(`user ${name}`, () => columnTest(USER, matches)),
      this.maskOf(`ua ${name}`, () => columnTest({ table: "actor", fact: "useragent" }, matches)),
      this.maskOf(`object ${name}`, () => objectKeyTest(matches)),
      this.maskOf(`uri ${name}`, () => columnTest(URI, matches)),
    ];
  }

  private timeBound(field: "since" | "until", test: ValueTest): PlanNode {
    const us = test.kind === "exact" || test.kind === "literal" ? resolveBound(field, test.text, this.time) : null;
    if (us === null) return { kind: "or", parts: [] };
    return field === "since"
      ? { kind: "time", fromUs: us, toUs: Number.POSITIVE_INFINITY }
      : { kind: "time", fromUs: Number.NEGATIVE_INFINITY, toUs: us };
  }

  private source(test: TextTest, textOf: (source: RequestIndex["sources"][number]) => string): PlanNode {
    return { kind: "source", mask: new SourceMask(this.index, (source) => test(textOf(source))) };
  }

  /** Whole ids are known by their hash; patterns need every event. */
  private auditID(tests: readonly ValueTest[]): PlanNode {
    const ids: RowTest[] = [];
    const patterns: ValueTest[] = [];
    for (const test of tests) {
      if (test.kind === "exact" || test.kind === "literal") ids.push(this.index.auditIDTest(test.text));
      else patterns.push(test);
    }
    const test = textTest(patterns);
    const whole: PlanNode = { kind: "id", tests: ids };
    if (patterns.length === 0) return whole;
    return { kind: "or", parts: [whole, { kind: "raw", matches: (event) => test(event.auditID) }] };
  }

  /** Only what is answered has a latency: what is in flight has not. */
  private latency(tests: readonly ValueTest[]): PlanNode {
    const comparisons = tests.filter(isComparison);
    const stageIs = (name: string, least: number, most: number): PlanNode =>
      this.maskOf(name, () => ({
        table: "outcome",
        state: ({ outcomes }, id) => stateOf((outcomes.stage[id] ?? 0) >= least && (outcomes.stage[id] ?? 0) <= most),
        matches: () => false,
      }));
    // A failed authentication ends at ResponseStarted, without a user.
    const nobody = this.maskOf("user nobody", () => columnTest(USER, (user) => user === ""));
    const answered: PlanNode = {
      kind: "or",
      parts: [
        stageIs("stage ended", 2, UNKNOWN_STAGE),
        { kind: "and", parts: [stageIs("stage started", 1, 1), nobody] },
      ],
    };
    const of: Amount = (block, row) => block.latencyUs(row) / 1_000;
    return { kind: "and", parts: [answered, { kind: "amount", of, tests: comparisons }] };
  }

  private longRunning(tests: readonly ValueTest[]): PlanNode {
    const test = textTest(tests);
    const watch: ValueTest = { kind: "literal", text: "watch" };
    const isLong: PlanNode = {
      kind: "or",
      parts: [
        this.maskOf("long verb", () => tupleTest({ op: "match", field: "verb", tests: [watch] })),
        this.maskOf("long target", longRunningTargetTest),
      ],
    };
    if (test("true") && test("false")) return ALL;
    if (test("true")) return isLong;
    return test("false") ? { kind: "not", part: isLong } : { kind: "or", parts: [] };
  }
}

function searchTest(test: ValueTest): TextTest {
  if (test.kind === "glob") return containsGlobTest(test.text);
  if (test.kind === "exact" || test.kind === "literal") return containsTest(test.text);
  return textTest([test]);
}

function tupleTest(term: Match): TupleTest {
  const { field, tests } = term;
  const test = actorTest(field, tests) ?? targetTest(field, tests) ?? outcomeTest(term);
  if (test !== null) return test;
  const { column, kind } = fieldNamed(field) ?? {};
  if (column === undefined) throw new Error(`no such field: ${field}`);
  return columnTest(column, kind === "address" ? addressTest(tests) : textTest(tests));
}

/** What is to be looked at first, by what it costs and leaves: outcomes are few, targets many, most actors alike. */
const ORDER: readonly (Table | Exclude<PlanNode["kind"], "mask">)[] = [
  "time",
  "outcome",
  "target",
  "actor",
  "source",
  "amount",
  "and",
  "or",
  "not",
  "id",
  "raw",
];

function rankOf(node: PlanNode): number {
  return ORDER.indexOf(node.kind === "mask" ? node.mask.table : node.kind);
}

/** Joins what lies over the same table into one mask, and puts what is cheap first. */
function fold(node: PlanNode, index: RequestIndex): PlanNode {
  if (node.kind === "not") {
    const part = fold(node.part, index);
    if (part.kind !== "mask") return { kind: "not", part };
    return { kind: "mask", mask: new NegatedMask(part.mask, index) };
  }
  if (node.kind !== "and" && node.kind !== "or") return node;
  const { kind } = node;
  const byTable = new Map<Table, TupleMask[]>();
  const others: PlanNode[] = [];
  for (const part of node.parts.map((each) => fold(each, index))) {
    if (part.kind !== "mask") others.push(part);
    else byTable.set(part.mask.table, [...(byTable.get(part.mask.table) ?? []), part.mask]);
  }
  const masks = [...byTable].map(([table, parts]): PlanNode => {
    const [only] = parts;
    return {
      kind: "mask",
      mask: parts.length === 1 && only !== undefined ? only : new CombinedMask(kind, table, parts, index),
    };
  });
  const parts = [...masks, ...others].sort((a, b) => rankOf(a) - rankOf(b));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}
