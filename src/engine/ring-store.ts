import type { RequestFacts } from "../events/request.ts";
import { STAGES } from "../events/vocabulary.ts";
import { extractAuditID, factsOf } from "../index/facts.ts";
import { Overflow } from "../index/overflow.ts";
import type { RequestRing } from "../index/ring.ts";
import { type AccessOptions, type AccessTable, AccessVisitor } from "../queries/accesses.ts";
import { annotationKeys } from "../queries/annotation-keys.ts";
import { type CompareQuery, type CompareResult, selectionOfSide } from "../queries/compare-query.ts";
import type {
  GroupQuery,
  GroupResult,
  RowsQuery,
  RowsResult,
  Selection,
  SeriesQuery,
  SeriesResult,
} from "../queries/contract.ts";
import type { IndexQueries } from "../queries/index-queries.ts";
import { LayersVisitor } from "../queries/latency-layers.ts";
import type { LatencyLayers } from "../queries/latency-query.ts";
import type { RowVisitor } from "../queries/matching-runs.ts";
import type { LogValue } from "../queries/nearest-values.ts";
import { distinctOf } from "../queries/summary.ts";
import { wholeFacts } from "../queries/whole-facts.ts";
import type {
  ObjectsQuery,
  ObjectsResult,
  Store,
  StoredEvent,
  StoredRequest,
  StoredRows,
  StoredRowsQuery,
  StoreExtent,
  StoreSummary,
} from "../store/store.ts";
import { located } from "./locate-requests.ts";
import type { ObjectDirectory } from "./object-directory.ts";
import type { RawEvents } from "./raw-events.ts";
import type { RowPlace } from "../queries/settle.ts";
import { run } from "./run-steps.ts";
import type { Settling } from "./settling.ts";

/** The ring in memory as a store; original events are read again from where they came. */
export class RingStore implements Store {
  private readonly ring: RequestRing;
  private readonly queries: IndexQueries;
  private readonly events: RawEvents;
  private readonly settling: Settling;
  private readonly directory: ObjectDirectory;

  constructor(
    ring: RequestRing,
    queries: IndexQueries,
    events: RawEvents,
    settling: Settling,
    directory: ObjectDirectory,
  ) {
    this.ring = ring;
    this.queries = queries;
    this.events = events;
    this.settling = settling;
    this.directory = directory;
  }

  aggregate(query: GroupQuery, signal: AbortSignal, onPartial?: (answer: GroupResult) => void): Promise<GroupResult> {
    return this.settled([query], signal, () => run(this.queries.groups(query), signal, onPartial));
  }

  series(query: SeriesQuery, signal: AbortSignal, onPartial?: (answer: SeriesResult) => void): Promise<SeriesResult> {
    return this.settled([query], signal, () => run(this.queries.series(query), signal, onPartial));
  }

  compare(query: CompareQuery, signal: AbortSignal): Promise<CompareResult> {
    const sides = [selectionOfSide(query, query.a), selectionOfSide(query, query.b)];
    return this.settled(sides, signal, () => run(this.queries.compare(query), signal));
  }

  async rows({ auditIDs = false, ...query }: StoredRowsQuery, signal: AbortSignal): Promise<StoredRows> {
    const page = await this.ids(query, signal);
    const places = page.rows.map((id) => this.ring.locate(id)).filter((place) => place !== null);
    return { ...page, ...(await this.completed(places, auditIDs, signal)) };
  }

  ids(query: RowsQuery, signal: AbortSignal): Promise<RowsResult<number>> {
    return this.settled([query], signal, () => run(this.queries.rows(query), signal));
  }

  facts(ids: readonly number[]): Promise<readonly (RequestFacts | null)[]> {
    const factsAt = (id: number): RequestFacts | null => {
      const place = this.ring.locate(id);
      return place === null ? null : factsOf(this.ring, place.block, place.row);
    };
    return Promise.resolve(ids.map(factsAt));
  }

  async request(id: number): Promise<StoredRequest | null> {
    const { ring } = this;
    const place = ring.locate(id);
    if (place === null) return null;
    const { block, row } = place;
    const facts = factsOf(ring, block, row);
    const source = block.source(row);
    const seen = block.stagesSeen(row);
    // One of unknown stage counts as the end, but nobody saw that.
    const stagesSeen = STAGES.filter(
      (stage, position) => (seen & (1 << position)) !== 0 && !(facts.stage === "" && stage === "ResponseComplete"),
    );
    const isPart = ring.isOverflowing && new Overflow(ring).has(block, row);
    const event = await this.events.read(place);
    if ("missing" in event) return { facts, event, stagesSeen, source };
    const whole = isPart ? wholeFacts(facts, event.bytes) : facts;
    return { facts: { ...whole, auditID: auditIDOf(event.bytes) }, event, stagesSeen, source };
  }

  async *originals(
    ids: readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly at: number; readonly event: StoredEvent }> {
    const kept = ids.flatMap((id, at) => {
      const place = this.ring.locate(id);
      return place === null ? [] : [{ at, place }];
    });
    const places = kept.map(({ place }) => place);
    for await (const { index, event } of this.events.readMany(places, signal)) {
      yield { at: (kept[index] as { at: number }).at, event };
    }
  }

  bytesOf(ids: readonly number[]): Promise<readonly (number | null)[]> {
    const places = ids.map((id) => this.ring.locate(id));
    return Promise.resolve(places.map((place) => place?.block.bytes(place.row) ?? null));
  }

  locate(
    requests: readonly Pick<RequestFacts, "auditID" | "receivedUs">[],
    signal: AbortSignal,
  ): Promise<readonly (number | null)[]> {
    return run(located(this.ring, requests), signal);
  }

  objects({ text, limit, ...selection }: ObjectsQuery, signal: AbortSignal): Promise<ObjectsResult> {
    return this.settled([selection], signal, () => run(this.directory.search(text, limit, selection), signal));
  }

  annotationKeys(signal: AbortSignal): Promise<readonly LogValue[]> {
    return run(annotationKeys(this.ring), signal);
  }

  layers(selection: Selection, signal: AbortSignal): Promise<LatencyLayers> {
    return this.visited(selection, signal, () => new LayersVisitor());
  }

  accesses(selection: Selection, options: AccessOptions, signal: AbortSignal): Promise<AccessTable> {
    return this.visited(selection, signal, () => new AccessVisitor(options));
  }

  isUndecided(selection: Selection, settled = false): boolean {
    return settled ? this.queries.hasUndecided(selection) : this.queries.needsEvents(selection);
  }

  settle(selection: Selection, signal: AbortSignal): Promise<void> {
    return this.settling.settle(selection, signal);
  }

  get extent(): StoreExtent {
    const { counters, revision, requestsSeen: requests, requestsEvicted: evicted, inFlight, cutOff } = this.ring;
    const { events, levels, stages, fromUs, toUs } = counters;
    return {
      revision,
      events,
      requests,
      levels,
      stages,
      inFlight,
      cutOff,
      evicted,
      isOverflowing: this.ring.isOverflowing,
      fromUs,
      toUs,
    };
  }

  async summary(signal: AbortSignal): Promise<StoreSummary> {
    const { ring } = this;
    const object = await run(this.directory.size(), signal);
    return {
      distinct: { ...distinctOf(ring), object },
      overflowed: ring.isOverflowing ? new Overflow(ring).count() : null,
    };
  }

  /** One pass over the matching rows. */
  private async visited<T>(
    { filter, window }: Selection,
    signal: AbortSignal,
    visitor: () => RowVisitor<T>,
  ): Promise<T> {
    const selection = window === undefined ? { filter } : { filter, window };
    return this.settled([selection], signal, () => run(this.queries.visit(selection, visitor), signal));
  }

  /** Without looking at every tuple first: whether a query needs events shows while it runs. */
  private async settled<T>(
    selections: readonly Selection[],
    signal: AbortSignal,
    answer: () => Promise<T>,
  ): Promise<T> {
    const needsEvents = (): boolean => selections.some((selection) => this.queries.needsEvents(selection));
    if (!needsEvents()) {
      const found = await answer();
      if (!needsEvents()) return found;
    }
    for (const selection of selections) await this.settle(selection, signal);
    return answer();
  }

  /**
   * auditIDs are not in the index, nor are names that did not fit in memory: they are read from the original events, one pass
   * over the inputs for all.
   */
  private async completed(
    places: readonly RowPlace[],
    auditIDs: boolean,
    signal: AbortSignal,
  ): Promise<Pick<StoredRows, "rows" | "unreadable">> {
    const { ring } = this;
    const rows = places.map(({ block, row }) => factsOf(ring, block, row));
    const overflow = ring.isOverflowing ? new Overflow(ring) : null;
    const isPart = places.map(({ block, row }) => overflow?.has(block, row) === true);
    const wanted = places.flatMap((_, at) => (auditIDs || isPart[at] === true ? [at] : []));
    let missing = 0;
    let why = "";
    const asked = wanted.map((at) => places[at] as RowPlace);
    for await (const { index, event } of this.events.readMany(asked, signal)) {
      if (!("bytes" in event)) {
        missing += 1;
        why = event.missing;
        continue;
      }
      const at = wanted[index] as number;
      const { bytes } = event;
      const facts = isPart[at] === true ? wholeFacts(rows[at] as RequestFacts, bytes) : (rows[at] as RequestFacts);
      rows[at] = { ...facts, auditID: auditIDs ? auditIDOf(bytes) : "" };
    }
    return { rows, ...(missing === 0 ? {} : { unreadable: { rows: missing, why } }) };
  }
}

function auditIDOf(bytes: Uint8Array): string {
  return extractAuditID(bytes, 0, bytes.length);
}
