import { isoTime } from "../events/time.ts";
import type { RequestBlock } from "../index/contract.ts";
import type { Dimension, GroupQuery, GroupResult, GroupRow } from "./contract.ts";
import { areChosenByCounts, ChosenGroups, ChosenRows } from "./chosen-groups.ts";
import type { GroupIds } from "./group-ids.ts";
import { latenciesOfParts, latenciesOfRows, type WantedGroups } from "./group-latencies.ts";
import { passDimensions, passesFor } from "./group-passes.ts";
import { GroupKeys, isPercentile, orderOf } from "./group-order.ts";
import type { GroupPart, PartMaker } from "./group-part.ts";
import { completed, type GroupSums, GroupTotals } from "./group-totals.ts";
import { type Measured, MEASURE_IDS, measuresOf, type Need, needsOf, type Percentiles } from "./measures.ts";
import type { QueryCaches } from "./query-caches.ts";
import type { RowFacts } from "./row-facts.ts";
import { finish, type Pauses, type Scan, spanOf, type Steps } from "./scan.ts";
import { WideCounts } from "./wide-counts.ts";
import { tallyBytes, tallyRows } from "./tally-rows.ts";
import { topOf } from "./top-rows.ts";

const NO_LATENCIES: Percentiles = { percentile: () => Number.NaN };

/**
 * Groups the selected requests: a part per block, kept for the next time where it is small, then their sum. `lastEventUs`:
 * end of the log where it is known better than by the rows, else NaN.
 */
export function* groupSteps(
  caches: QueryCaches,
  scan: Scan,
  key: string,
  query: GroupQuery,
  lastEventUs: number,
): Steps<GroupResult> {
  const { index } = caches;
  const by = [...new Set(query.by)];
  const { latencyOf = "answered" } = query;
  const planKey = `${latencyOf} ${[...needsOf(query.measures, query.sort)].sort().join()} ${by.join(",")} ${key}`;
  const plan = caches.groupParts.plan(planKey, () => caches.groupIdsOf(by));
  const grouping = new Grouping(caches, scan, query, plan.groups, by, lastEventUs);
  const blocks = index.blocks.map((block) => ({ block, rows: block.count }));
  const of = blocks.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  const soFar = (): GroupResult => finish(grouping.answer({ of, done }));
  for (const { block, rows } of blocks) {
    if (grouping.isWide) yield* grouping.addRows(block, rows);
    else {
      const known = plan.of(block, scan);
      const part = known ?? (yield* grouping.part(block, rows));
      if (part === null) yield* grouping.widen(block, rows);
      else grouping.add(block, part);
      if (known === undefined && part !== null) plan.keep(block, part, scan);
    }
    done += rows;
    yield soFar;
  }
  if (scan.isRepeatable && !grouping.isWide) caches.groupParts.keep(planKey, plan, index);
  grouping.end();
  return yield* grouping.answer(null);
}

/** One running query. */
class Grouping {
  private readonly caches: QueryCaches;
  private readonly scan: Scan;
  private readonly query: GroupQuery;
  private readonly groups: GroupIds;
  private readonly by: readonly Dimension[];
  private readonly lastEventUs: number;
  private readonly maker: PartMaker;
  private readonly totals = new GroupTotals();
  /** What an answer is read from. */
  private sums: GroupSums = this.totals;
  private readonly timed: { ids: Uint32Array; us: Uint32Array; count: number } | null;
  private parts: GroupPart[] = [];
  /** A block has so many groups that parts would take more room and time than they save: the rest is added up row by row. */
  isWide = false;
  /** How, where counts choose the groups; then of the blocks before, too. */
  private counts: WideCounts | null = null;
  private readonly before: { readonly block: RequestBlock; readonly rows: number }[] = [];
  private readonly isCountedFirst: boolean;
  private readonly needs: ReadonlySet<Need>;
  private readonly facts: RowFacts;

  constructor(
    caches: QueryCaches,
    scan: Scan,
    query: GroupQuery,
    groups: GroupIds,
    by: readonly Dimension[],
    lastEventUs: number,
  ) {
    this.caches = caches;
    this.scan = scan;
    this.query = query;
    this.groups = groups;
    this.by = by;
    this.lastEventUs = lastEventUs;
    this.needs = needsOf(query.measures, query.sort);
    this.timed = this.needs.has("latencies") ? { ids: new Uint32Array(0), us: new Uint32Array(0), count: 0 } : null;
    this.isCountedFirst = areChosenByCounts(query.sort ?? "requests", query.limit ?? Number.POSITIVE_INFINITY);
    this.maker = caches.takeMaker();
    this.maker.begin(this.needs);
    this.facts = caches.factsOf(query.latencyOf ?? "answered");
    const others = passDimensions(query).map((dimension) => caches.codesOf(dimension));
    scan.extendAlso([groups, this.facts, ...others]);
  }

  /** Null: it has too many groups. */
  *part(block: RequestBlock, limit: number): Pauses<GroupPart | null> {
    const { groups, maker, caches, facts } = this;
    const { revision } = block;
    let isWide = false;
    yield* this.scan.select(block, limit, ({ rows, count }) => {
      if (isWide) return;
      groups.assign(caches.index, block, rows, count);
      maker.add(caches.index, facts, block, groups, count);
      if (groups.rows !== rows) maker.addUntimed(block, rows, count);
      isWide = maker.isTooLarge(limit);
    });
    const part = maker.take(revision, limit);
    return isWide ? null : part;
  }

  add(block: RequestBlock, part: GroupPart): void {
    this.parts.push(part);
    this.before.push({ block, rows: part.rows });
    this.totals.add(part, this.groups.groups);
  }

  /** From this block on there are no parts. */
  *widen(block: RequestBlock, limit: number): Pauses<void> {
    this.isWide = true;
    if (this.isCountedFirst) {
      this.counts = new WideCounts(this.caches.index, this.groups);
      for (const { block: one, rows } of this.before) yield* this.addRows(one, rows);
    }
    yield* this.addRows(block, limit);
  }

  *addRows(block: RequestBlock, limit: number): Pauses<void> {
    const { groups, totals, caches, timed, facts, counts } = this;
    this.parts = [];
    yield* this.scan.select(block, limit, ({ rows, count }) => {
      if (counts !== null) return counts.add(block, rows, count, facts);
      groups.assign(caches.index, block, rows, count);
      totals.selected += count;
      const ids = totals.place(groups.ids, groups.count, groups.groups);
      const placed = { rows: groups.rows, ids, count: groups.count };
      const figures = totals.figures();
      if (timed !== null && timed.us.length < groups.count) {
        timed.ids = new Uint32Array(groups.count);
        timed.us = new Uint32Array(groups.count);
      }
      if (timed !== null) timed.count = 0;
      tallyRows(caches.index, block, placed, facts, figures, timed);
      if (this.needs.has("bytes")) tallyBytes(block, placed, figures);
    });
  }

  /** No more parts will be made. */
  end(): void {
    this.caches.giveMaker(this.maker);
  }

  /** `partial`: how far it is, and no second pass over the rows: figures that need one are left out. */
  *answer(partial: GroupResult["partial"] | null): Pauses<GroupResult> {
    const { query, by, counts } = this;
    const { index } = this.caches;
    if (counts !== null) this.sums = yield* counts.byGroup();
    const span = spanOf(index, this.scan.window, this.lastEventUs);
    const { selected } = this.sums;
    const present = this.sums.present();
    const groups = present.length;
    const sort = query.sort ?? "requests";
    let percentiles = NO_LATENCIES;
    if (isPercentile(sort) && this.needs.has("latencies")) {
      const all = this.wanted(present);
      percentiles = this.ofParts(all, partial) ?? (partial ? NO_LATENCIES : yield* this.latencies(all));
    }
    const keys = new GroupKeys(index, this.groups, by);
    const seconds = Number.isNaN(span.fromUs) ? 0 : (span.toUs - span.fromUs) / 1e6;
    const measured = (): Measured => ({
      totals: this.sums,
      percentiles: percentiles === NO_LATENCIES ? null : percentiles,
      needs: this.needs,
      selected,
      seconds,
    });
    const { compare, rank } = orderOf(sort, query.reverse === true, measured(), keys);
    const top = yield* topOf(
      groups,
      query.limit ?? Number.POSITIVE_INFINITY,
      (a, b) => compare(present[a] as number, present[b] as number),
      (at) => rank(present[at] as number),
    );
    const chosen = Uint32Array.from(top, (at) => present[at] as number);
    const wanted = this.wanted(chosen);
    if (!partial && this.isWide && this.isCountedFirst) percentiles = yield* this.complete(chosen, wanted);
    if (this.needs.has("latencies") && percentiles === NO_LATENCIES) {
      percentiles = this.ofParts(wanted, partial) ?? (partial ? NO_LATENCIES : yield* this.latencies(wanted));
    }
    const told = partial ? [] : yield* this.told(chosen, wanted, span);
    const figures = measured();
    return {
      requests: selected,
      groups,
      by,
      span: { from: isoTime(span.fromUs), to: isoTime(span.toUs), seconds },
      rows: Array.from(chosen, (group, slot): GroupRow => ({
        key: keys.key(group),
        ...measuresOf(MEASURE_IDS, figures, group),
        ...Object.assign({}, ...told.map((of) => of(slot))),
      })),
      ...(partial ? { partial } : {}),
    };
  }

  /** Times and latencies of the groups that were chosen by their counts. */
  private *complete(chosen: Uint32Array, wanted: WantedGroups): Pauses<Percentiles> {
    const groups = new ChosenGroups(wanted, this.needs);
    yield* this.again(wanted, (block, rows) => groups.add(this.caches.index, this.facts, block, rows));
    this.sums = completed(this.sums, chosen, this.groups.groups, groups.figures);
    return groups.percentiles() ?? NO_LATENCIES;
  }

  private wanted(chosen: Uint32Array): WantedGroups {
    const slots = new Uint32Array(this.groups.groups);
    chosen.forEach((group, slot) => {
      slots[group] = slot + 1;
    });
    return { count: chosen.length, slots, timed: (slot) => this.sums.timed(chosen[slot] as number) };
  }

  private ofParts(wanted: WantedGroups, partial: GroupResult["partial"] | null): Percentiles | null {
    return this.isWide ? null : latenciesOfParts(this.parts, wanted, partial !== null);
  }

  /** A second pass for the latencies of the wanted groups alone. */
  private *latencies(wanted: WantedGroups): Pauses<Percentiles> {
    return yield* latenciesOfRows(this.caches.index, this.facts, this.scan, this.groups, wanted);
  }

  /** What only another look at the rows of the chosen groups tells, by slot. */
  private *told(
    chosen: Uint32Array,
    wanted: WantedGroups,
    span: { readonly fromUs: number; readonly toUs: number },
  ): Pauses<readonly ((slot: number) => Partial<GroupRow>)[]> {
    const { caches, facts, query, sums } = this;
    const passes = passesFor({
      index: caches.index,
      facts,
      query,
      slots: wanted.count,
      requests: (slot) => sums.requests(chosen[slot] as number),
      span,
      codesOf: (dimension) => caches.codesOf(dimension),
    });
    if (passes.length === 0) return [];
    yield* this.again(wanted, (block, rows) => {
      for (const pass of passes) pass.add(block, rows);
    });
    const told: ((slot: number) => Partial<GroupRow>)[] = [];
    for (const pass of passes) told.push(yield* pass.result());
    return told;
  }

  /** The rows of the wanted groups once more. */
  private *again(wanted: WantedGroups, visit: (block: RequestBlock, rows: ChosenRows) => void): Pauses<void> {
    const { groups, caches } = this;
    const chosen = new ChosenRows(wanted);
    yield* this.scan.all((block, { rows, count }) => {
      groups.assign(caches.index, block, rows, count);
      chosen.choose(groups);
      visit(block, chosen);
    });
  }
}
