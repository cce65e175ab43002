import type { RequestIndex } from "../index/contract.ts";
import type { Dimension, Filter, LatencyOf, Selection } from "./contract.ts";
import { dimensionCodes } from "./dimension-codes.ts";
import type { DimensionCodes } from "./tuple-codes.ts";
import { type MaskCache, planFilter, type PlanNode } from "./filter-plan.ts";
import { GroupIds } from "./group-ids.ts";
import { type GroupPart, PartMaker } from "./group-part.ts";
import { PartCache } from "./part-cache.ts";
import { printFilter } from "./print-filter.ts";
import { RowFacts } from "./row-facts.ts";
import { Scan } from "./scan.ts";
import type { SeriesPart } from "./series-part.ts";
import { simplifyFilter } from "./simplify-filter.ts";
import { resolveBound, type TimeReference } from "./time-value.ts";
import { RowDecisions } from "./row-decisions.ts";

/** Of most terms a few kB, of names and URIs a byte for each there is. */
const MASKS_KEPT = 48;
const DIMENSIONS_KEPT = 16;
const DECISIONS_KEPT = 4;
const PLANS_KEPT = 16;
const GROUPINGS_KEPT = 12;
/** Numbers of groups kept in all: so much, and so much a row. */
const GROUPING_BYTES = 16 * 2 ** 20;
const GROUPING_BYTES_PER_ROW = 8;
const MAKER_BYTES = 10 * 2 ** 20;

/** What was computed per tuple and may serve the next query too. Emptied when the index renumbers its codes. */
export class QueryCaches {
  readonly index: RequestIndex;
  private facts: Partial<Record<LatencyOf, RowFacts>> = {};
  generation: number;
  readonly groupParts = new PartCache<GroupPart, GroupIds>();
  readonly seriesParts = new PartCache<SeriesPart, GroupIds>();
  private readonly makers: PartMaker[] = [];
  private readonly masks: MaskCache = new Map();
  private readonly plans = new Map<string, PlanNode>();
  private last: { readonly filter: Filter; readonly time: TimeReference; readonly key: string } | null = null;
  private readonly dimensions = new Map<Dimension, DimensionCodes>();
  private readonly groupings = new Map<string, GroupIds>();
  /** By filter: about rows and their events, so they outlive a renumbering. */
  private readonly decisions = new Map<string, RowDecisions>();

  constructor(index: RequestIndex) {
    this.index = index;
    this.generation = index.generation;
  }

  /** Before a query: drops what belongs to codes that are no more, and the least used of what piled up. */
  refresh(): void {
    if (this.generation !== this.index.generation) {
      this.generation = this.index.generation;
      this.groupParts.clear();
      this.seriesParts.clear();
      this.masks.clear();
      this.plans.clear();
      this.dimensions.clear();
      this.groupings.clear();
      this.facts = {};
    }
    dropOldest(this.masks, MASKS_KEPT);
    dropOldest(this.plans, PLANS_KEPT);
    dropOldest(this.dimensions, DIMENSIONS_KEPT);
    dropOldest(this.decisions, DECISIONS_KEPT);
    dropOldest(this.groupings, GROUPINGS_KEPT);
    let bytes = 0;
    for (const groups of this.groupings.values()) bytes += groups.memoryBytes;
    for (const [key, groups] of this.groupings) {
      if (bytes <= GROUPING_BYTES + GROUPING_BYTES_PER_ROW * this.index.rowCount) break;
      bytes -= groups.memoryBytes;
      this.groupings.delete(key);
    }
  }

  factsOf(latencyOf: LatencyOf): RowFacts {
    return (this.facts[latencyOf] ??= new RowFacts(this.index, latencyOf));
  }

  scan(selection: Selection, time: TimeReference): Scan {
    const plan = this.plan(selection.filter, time);
    return new Scan(this.index, plan, selection.window, this.decisionsOf(selection.filter, time));
  }

  plan(filter: Filter, time: TimeReference): PlanNode {
    const key = this.keyOf(filter, time);
    const plan = this.plans.get(key) ?? planFilter(filter, time, this.index, this.masks);
    this.plans.delete(key);
    this.plans.set(key, plan);
    return plan;
  }

  decisionsOf(filter: Filter, time: TimeReference): RowDecisions {
    const key = this.keyOf(filter, time);
    const decisions = this.decisions.get(key) ?? new RowDecisions();
    this.decisions.delete(key);
    this.decisions.set(key, decisions);
    return decisions;
  }

  /** Each query asks several times. */
  private keyOf(filter: Filter, time: TimeReference): string {
    const { last } = this;
    if (last?.filter === filter && last.time.referenceUs === time.referenceUs && last.time.zone === time.zone) {
      return last.key;
    }
    const key = selectionKey({ filter }, time);
    this.last = { filter, time, key };
    return key;
  }

  /** A maker of parts; its scratch arrays are costly to make. */
  takeMaker(): PartMaker {
    return this.makers.pop() ?? new PartMaker();
  }

  /** Gives back one that is not in the midst of a block. */
  giveMaker(maker: PartMaker): void {
    if (this.makers.length === 0 && maker.memoryBytes <= MAKER_BYTES) this.makers.push(maker);
  }

  /** What numbers the groups of these dimensions, for every filter the same. */
  groupIdsOf(by: readonly Dimension[]): GroupIds {
    const key = by.join(",");
    const groups = this.groupings.get(key) ?? new GroupIds(by, (dimension) => this.codesOf(dimension));
    this.groupings.delete(key);
    this.groupings.set(key, groups);
    return groups;
  }

  codesOf(dimension: Dimension): DimensionCodes {
    const codes = this.dimensions.get(dimension) ?? dimensionCodes(dimension);
    this.dimensions.delete(dimension);
    this.dimensions.set(dimension, codes);
    return codes;
  }
}

/** Equal keys select equally: the filter's canonical text with its times resolved, and the window. */
export function selectionKey({ filter, window }: Selection, time: TimeReference): string {
  return `${printFilter(resolved(filter, time))} ${window?.fromUs ?? ""}…${window?.toUs ?? ""}`;
}

/** The same for queries that differ in their time window alone, whether it is a query's own or a filter's since: and until:. */
export function untimedKey({ filter }: Selection, time: TimeReference): string {
  const simple = simplifyFilter(filter);
  const terms = simple.op === "and" ? simple.terms : [simple];
  return printFilter(resolved({ op: "and", terms: terms.filter((term) => !isBound(term)) }, time));
}

function isBound(term: Filter): boolean {
  return term.op === "match" && (term.field === "since" || term.field === "until") && term.tests.length === 1;
}

function resolved(filter: Filter, time: TimeReference): Filter {
  if (filter.op === "not") return { op: "not", term: resolved(filter.term, time) };
  if (filter.op !== "match") return { op: filter.op, terms: filter.terms.map((term) => resolved(term, time)) };
  const { field } = filter;
  if (field !== "since" && field !== "until") return filter;
  const tests = filter.tests.map((test) =>
    test.kind === "exact" ? { kind: "literal" as const, text: String(resolveBound(field, test.text, time)) } : test,
  );
  return { ...filter, tests };
}

/** Maps keep their entries in the order they were last used. */
function dropOldest<K, V>(map: Map<K, V>, kept: number): void {
  for (const key of map.keys()) {
    if (map.size <= kept) return;
    map.delete(key);
  }
}
