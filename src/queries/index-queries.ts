import type { RequestIndex } from "../index/contract.ts";
import { COMPARED, type CompareQuery, type CompareResult, compareSteps, selectionOfSide } from "./compare-query.ts";
import type {
  GroupQuery,
  GroupResult,
  RowsQuery,
  RowsResult,
  Selection,
  SeriesQuery,
  SeriesResult,
} from "./contract.ts";
import { extendMasks, mayNeedEvents } from "./filter-plan.ts";
import { groupSteps } from "./group-query.ts";
import { KeptAnswers } from "./kept-answers.ts";
import { MatchingRows } from "./matching-rows.ts";
import { type RowVisitor, visitSteps } from "./matching-runs.ts";
import { QueryCaches, selectionKey, untimedKey } from "./query-caches.ts";
import { rowComparison } from "./row-order.ts";
import { DEFAULT_PAGE, pageOf } from "./rows-query.ts";
import { finish, type Pauses, type Scan, type Steps } from "./scan.ts";
import { seriesSteps } from "./series-query.ts";
import { decideRow, type ReadEvents, undecidedRows } from "./settle.ts";
import { Sieve } from "./sieve.ts";
import type { TimeReference } from "./time-value.ts";

const LISTS_KEPT = 3;

export interface QueryClock {
  /** End of the log, µs: the last stageTimestamp. Default: the last request received of those kept. */
  readonly lastEventUs?: () => number;
  /** Where relative times count from, µs: now when following. Default: lastEventUs. */
  readonly referenceUs?: () => number;
  /** For dates and clock times without an offset. Default: UTC. */
  readonly zone?: TimeReference["zone"];
}

/**
 * Queries over one index. Every query is a generator that pauses after each block, so that its owner can do other work
 * between, or drop it; `finish` runs one through. Codes renumbered in a pause start it afresh.
 */
export class IndexQueries {
  private readonly index: RequestIndex;
  private readonly clock: QueryClock;
  private readonly caches: QueryCaches;
  private readonly lists = new Map<string, MatchingRows>();
  private readonly answers = new KeptAnswers();

  constructor(index: RequestIndex, clock: QueryClock = {}) {
    this.index = index;
    this.clock = clock;
    this.caches = new QueryCaches(index);
  }

  *groups(query: GroupQuery): Steps<GroupResult> {
    const asked = JSON.stringify({ ...query, filter: null, window: null });
    const key = `${selectionKey(query, this.time())} ${this.lastEventUs()} ${asked}`;
    const { revision } = this.index;
    const known = this.answers.of(key, revision);
    if (known !== undefined) return known;
    const answer = yield* this.stable(() =>
      groupSteps(this.caches, this.scan(query), this.untimedKey(query), query, this.lastEventUs()),
    );
    if (this.index.revision === revision && !this.needsEvents(query)) this.answers.keep(key, revision, answer);
    return answer;
  }

  *compare(query: CompareQuery): Pauses<CompareResult> {
    const whole = { by: [], measures: COMPARED };
    const a = yield* inOne(this.groups({ ...selectionOfSide(query, query.a), ...whole }));
    const b = yield* inOne(this.groups({ ...selectionOfSide(query, query.b), ...whole }));
    return yield* this.stable(() => compareSteps(this.caches, query, [a, b], this.time(), this.lastEventUs()));
  }

  series(query: SeriesQuery): Steps<SeriesResult> {
    return this.stable(() =>
      seriesSteps(this.caches, this.scan(query), this.untimedKey(query), query, this.lastEventUs()),
    );
  }

  /** A page of sequence numbers. Default order: arrival. */
  rows(query: RowsQuery): Pauses<RowsResult<number>> {
    return this.stable(() => this.page(query));
  }

  /** One pass over the matching rows; codes renumbered on the way start it again with a fresh visitor. */
  visit<T>(selection: Selection, visitor: () => RowVisitor<T>): Pauses<T> {
    return this.stable(() => visitSteps(this.scan(selection), visitor()));
  }

  *count(selection: Selection): Pauses<number> {
    return (yield* this.rows({ ...selection, anchor: "oldest", after: 0 })).total;
  }

  /** The nearest match after (direction 1) or before (−1) a row, by arrival; null when there is none. */
  seek(selection: Selection, fromSeq: number, direction: 1 | -1): Pauses<number | null> {
    return this.stable(() => this.nearest(selection, fromSeq, direction));
  }

  /**
   * Whether rows may need their original events, as far as queries of this selection have looked: to be asked before one,
   * for body: and the like, and after it, for values beyond the dictionaries' cap.
   */
  needsEvents(selection: Selection): boolean {
    this.caches.refresh();
    return mayNeedEvents(this.caches.plan(selection.filter, this.time()));
  }

  /** Whether there are rows that settle() would decide now. */
  hasUndecided(selection: Selection): boolean {
    this.caches.refresh();
    const time = this.time();
    const plan = this.caches.plan(selection.filter, time);
    extendMasks(plan);
    return mayNeedEvents(plan) && finish(undecidedRows(this.caches.scan(selection, time))).length > 0;
  }

  /**
   * Decides the rows that need their original events (body:, patterns of id:, values beyond the dictionaries' cap); the
   * other queries then count them too. At once when there are none. `missing`: rows whose event cannot be read any more;
   * they do not match. Stops early when the signal fires.
   */
  async settle(
    selection: Selection,
    read: ReadEvents,
    signal?: AbortSignal,
  ): Promise<{ readonly read: number; readonly missing: number }> {
    const time = this.time();
    const tally = { read: 0, missing: 0 };
    for (;;) {
      this.caches.refresh();
      const plan = this.caches.plan(selection.filter, time);
      extendMasks(plan);
      if (!mayNeedEvents(plan)) return tally;
      const places = finish(undecidedRows(this.caches.scan(selection, time)));
      if (places.length === 0 || signal?.aborted === true) return tally;
      const { generation } = this.index;
      const decisions = this.caches.decisionsOf(selection.filter, time);
      for await (const { index, event } of read(places, signal)) {
        // Codes were renumbered while reading: the plan is stale, what was decided stands.
        if (this.index.generation !== generation) break;
        const place = places[index];
        if (place === undefined) continue;
        decideRow(plan, decisions, place, "bytes" in event ? event.bytes : null);
        if ("bytes" in event) tally.read++;
        else tally.missing++;
      }
      decisions.keep(this.index.blocks);
      this.lists.clear();
      // A reader that gave up leaves rows undecided for ever: once is enough.
      if (this.index.generation === generation) return tally;
    }
  }

  /** Tests rows as they come, until the index renumbers its codes. */
  sieve(selection: Selection): Sieve {
    this.caches.refresh();
    return new Sieve(this.index, this.caches.plan(selection.filter, this.time()), selection.window);
  }

  private *page(query: RowsQuery): Pauses<RowsResult<number>> {
    const matching = yield* this.matching(query);
    const { order = "arrival", reverse = false } = query;
    if (order === "arrival") return pageOf(this.index, matching, null, query);
    const comparison = rowComparison(this.index, order, reverse, (dimension) => this.caches.codesOf(dimension));
    const name = reverse ? `-${order}` : order;
    if (query.anchor === "oldest" && query.position === undefined) {
      const first = yield* matching.firstInOrder(this.index, name, comparison, query.after ?? DEFAULT_PAGE);
      if (first !== null) return { total: matching.total, first: 0, at: 0, rows: first };
    }
    const sorted = yield* matching.inOrder(this.index, name, comparison);
    return pageOf(this.index, matching, sorted, query);
  }

  private *nearest(selection: Selection, fromSeq: number, direction: 1 | -1): Pauses<number | null> {
    const matching = yield* this.matching(selection);
    const at = direction === 1 ? matching.positionOf(fromSeq + 1) : matching.positionOf(fromSeq) - 1;
    return at >= 0 && at < matching.total ? matching.seqAt(at) : null;
  }

  private *matching(selection: Selection): Pauses<MatchingRows> {
    const key = selectionKey(selection, this.time());
    const list = this.lists.get(key) ?? new MatchingRows();
    this.lists.delete(key);
    this.lists.set(key, list);
    for (const old of this.lists.keys()) {
      if (this.lists.size <= LISTS_KEPT) break;
      this.lists.delete(old);
    }
    yield* list.update(this.scan(selection));
    return list;
  }

  private untimedKey(selection: Selection): string {
    return untimedKey(selection, this.time());
  }

  private scan(selection: Selection): Scan {
    return this.caches.scan(selection, this.time());
  }

  private *stable<T, Y extends (() => T) | undefined>(make: () => Generator<Y, T, void>): Generator<Y, T, void> {
    for (;;) {
      this.caches.refresh();
      const { generation } = this.index;
      const steps = make();
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done === true) return step.value;
        yield step.value;
        if (this.index.generation !== generation) break;
      }
    }
  }

  private lastEventUs(): number {
    if (this.clock.lastEventUs !== undefined) return this.clock.lastEventUs();
    let last = Number.NaN;
    for (const { maxReceivedUs } of this.index.blocks) if (!(maxReceivedUs <= last)) last = maxReceivedUs;
    return last;
  }

  private time(): TimeReference {
    return {
      referenceUs: this.clock.referenceUs?.() ?? this.lastEventUs(),
      zone: this.clock.zone ?? "utc",
    };
  }
}

/** Without answers on the way. */
function* inOne<T>(steps: Steps<T>): Pauses<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    yield;
  }
}
