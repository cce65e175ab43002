import type { RequestFacts } from "../../events/request.ts";
import type {
  GroupQuery,
  GroupResult,
  RowsQuery,
  RowsResult,
  Selection,
  SeriesQuery,
  SeriesResult,
} from "../../queries/contract.ts";
import type { AccessOptions, AccessTable } from "../../queries/accesses.ts";
import type { CompareQuery, CompareResult } from "../../queries/compare-query.ts";
import type { LatencyLayers } from "../../queries/latency-query.ts";
import type { LogValue } from "../../queries/nearest-values.ts";
import type { TimeReference } from "../../queries/time-value.ts";
import type {
  LifeRequests,
  LivesQuery,
  LivesStore,
  ObjectsQuery,
  ObjectsResult,
  Store,
  StoredClient,
  StoredEvent,
  StoredRequest,
  StoredRows,
  StoredRowsQuery,
  StoreExtent,
  StoreSummary,
} from "../../store/store.ts";
import type { FigureRow } from "../sql/figures.ts";
import { splitTimes, type Window } from "../sql/filter.ts";
import { SqlParams } from "../sql/params.ts";
import { keptSql, selectedSql } from "../sql/source.ts";
import { accessesOf } from "./accesses.ts";
import { Asked } from "./asked.ts";
import { compared } from "./compare.ts";
import { groupsOf } from "./groups.ts";
import { layersOf } from "./layers.ts";
import { beginningOf, clientsOf, countLives, livesOf } from "./lives.ts";
import { objectsOf } from "./objects.ts";
import { type ArrivedEvent, type ArrivedPart, arrivedRows, eventsAfter, eventsIn, newestSince } from "./events.ts";
import { bytesIn, eachOf, eventOf, located, RAW, requestOf, rowsWith } from "./requests.ts";
import { FACT_COLUMNS, factsOf, pageOf } from "./rows.ts";
import { seriesOf } from "./series.ts";
import type { Session } from "./session.ts";
import { readState, type TableState, unread, withCutOff } from "./table-state.ts";

/** Keys told apart: strangers choose them. */
const MOST_KEYS = 1_000;

export interface ClickHouseStoreOptions {
  /** Quoted: what follows FROM. */
  readonly table: string;
  readonly cluster: string | null;
  /** For dates and clock times of filters without an offset. */
  readonly zone: TimeReference["zone"];
  /** Where relative times count from, µs; null: from the end of what is stored. */
  readonly nowUs: () => number | null;
}

export interface ArrivedRequest {
  /** Its row's, which grows with arrival; of several shippers nearly. */
  readonly seq: number;
  readonly facts: RequestFacts;
  /** Its original event, where that is wanted. */
  readonly bytes: Uint8Array | null;
}

/** Requests in a table of a ClickHouse server. Every question is SQL that the server works out; the table is looked at anew by `refresh`. */
export class ClickHouseStore implements Store, LivesStore {
  readonly session: Session;
  private readonly options: ClickHouseStoreOptions;
  private state: TableState;
  /** Until when an API server's unanswered requests are known to have been cut off, µs, by its name. */
  private cutOffs: ReadonlyMap<string, number> = new Map();

  constructor(session: Session, options: ClickHouseStoreOptions) {
    this.session = session;
    this.options = options;
    this.state = unread(options.table, options.cluster);
  }

  /** Looks whether anything has come. Rejects when the store does not answer. */
  async refresh(signal: AbortSignal): Promise<void> {
    this.state = await readState(this.session, this.state, signal);
  }

  /** What an API server had not answered when a new process of it started will not be: µs, by its name. */
  async cutOffBefore(restarts: ReadonlyMap<string, number>, signal: AbortSignal): Promise<void> {
    const key = (of: ReadonlyMap<string, number>): string => JSON.stringify([...of]);
    if (key(restarts) === key(this.cutOffs)) return;
    this.cutOffs = restarts;
    const asked = this.asked(signal);
    const params = new SqlParams();
    const before = [...restarts].map(
      ([apiserver, us]) => `(apiserver = ${params.text(apiserver)} AND received < ${params.time(us)})`,
    );
    const [row] = await asked.rows(
      `SELECT count() AS requests FROM ${keptSql(asked.source, params)} AND NOT ended AND (${["0", ...before].join(" OR ")})`,
      params,
    );
    this.state = withCutOff(this.state, Number(row?.["requests"] ?? 0));
  }

  /** Rows the server expects to read for a selection. */
  async estimate(selection: Selection, signal: AbortSignal): Promise<number> {
    const asked = this.asked(signal);
    const params = new SqlParams();
    const sql = `EXPLAIN ESTIMATE SELECT count() FROM ${selectedSql(asked.source, selection, asked.time, params)}`;
    const parts = await asked.rows(sql, params);
    return parts.reduce((sum, { rows }) => sum + Number(rows), 0);
  }

  /** Whether a selection has no bound of time, so that all partitions are read. */
  isUnbounded(selection: Selection): boolean {
    const { fromUs, toUs } = this.boundsOf(selection);
    return fromUs === Number.NEGATIVE_INFINITY && toUs === Number.POSITIVE_INFINITY;
  }

  aggregate(query: GroupQuery, signal: AbortSignal): Promise<GroupResult> {
    return groupsOf(this.asked(signal), query);
  }

  series(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    return seriesOf(this.asked(signal), query);
  }

  compare(query: CompareQuery, signal: AbortSignal): Promise<CompareResult> {
    return compared(this.asked(signal), query);
  }

  layers(selection: Selection, signal: AbortSignal): Promise<LatencyLayers> {
    return layersOf(this.asked(signal), selection);
  }

  accesses(selection: Selection, options: AccessOptions, signal: AbortSignal): Promise<AccessTable> {
    return accessesOf(this.asked(signal), selection, options);
  }

  async rows({ auditIDs = false, ...query }: StoredRowsQuery, signal: AbortSignal): Promise<StoredRows> {
    const page = await pageOf(this.asked(signal), query, FACT_COLUMNS);
    const rows = page.rows.map((row) => {
      const facts = this.factsOf(row);
      return auditIDs ? { ...facts, auditID: String(row["audit_id"]) } : facts;
    });
    return { ...page, rows };
  }

  /** Selected requests whose latest stage arrived in a part of the table, in that order: those with an answer, or those without. */
  async *arrived(
    selection: Selection,
    { wanted, ...part }: ArrivedPart & { readonly wanted: "nothing" | "auditIDs" | "bytes" },
    signal: AbortSignal,
  ): AsyncGenerator<readonly ArrivedRequest[]> {
    for await (const rows of arrivedRows(this.asked(signal), selection, part, wanted === "bytes")) {
      yield rows.map((row) => {
        const facts = this.factsOf(row);
        const auditID = wanted === "nothing" ? "" : String(row["audit_id"]);
        return {
          seq: Number(row["seq"]),
          facts: { ...facts, auditID },
          bytes: wanted === "bytes" ? bytesIn(row) : null,
        };
      });
    }
  }

  async ids(query: RowsQuery, signal: AbortSignal): Promise<RowsResult<number>> {
    const page = await pageOf(this.asked(signal), query, []);
    return { ...page, rows: page.rows.map(({ id }) => Number(id)) };
  }

  facts(ids: readonly number[]): Promise<readonly (RequestFacts | null)[]> {
    return eachOf(this.asked(), ids, FACT_COLUMNS, (row) => this.factsOf(row));
  }

  request(id: number): Promise<StoredRequest | null> {
    return requestOf(this.asked(), id, (row) => this.factsOf(row));
  }

  async *originals(
    ids: readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly at: number; readonly event: StoredEvent }> {
    for await (const { ats, row } of rowsWith(this.asked(signal), ids, [RAW])) {
      const event = eventOf(row);
      for (const at of ats) yield { at, event };
    }
  }

  bytesOf(ids: readonly number[]): Promise<readonly (number | null)[]> {
    return eachOf(this.asked(), ids, ["bytes"], ({ bytes }) => Number(bytes));
  }

  locate(
    requests: readonly Pick<RequestFacts, "auditID" | "receivedUs">[],
    signal: AbortSignal,
  ): Promise<readonly (number | null)[]> {
    return located(this.asked(signal), requests);
  }

  objects(query: ObjectsQuery, signal: AbortSignal): Promise<ObjectsResult> {
    return objectsOf(this.asked(signal), query);
  }

  lives(query: LivesQuery, signal: AbortSignal): Promise<LifeRequests> {
    return livesOf(this.asked(signal), query, (row) => this.factsOf(row));
  }

  beginning(signal: AbortSignal): Promise<number> {
    return beginningOf(this.asked(signal));
  }

  clients(selection: Selection, isSample: boolean, signal: AbortSignal): Promise<readonly StoredClient[]> {
    return clientsOf(this.asked(signal), selection, isSample);
  }

  countLives(query: Omit<LivesQuery, "most" | "isKnown">, signal: AbortSignal): Promise<number> {
    return countLives(this.asked(signal), query);
  }

  async annotationKeys(signal: AbortSignal): Promise<readonly LogValue[]> {
    const asked = this.asked(signal);
    const params = new SqlParams();
    const rows = await asked.rows(
      `SELECT arrayJoin(mapKeys(annotations)) AS value, count() AS requests` +
        ` FROM ${selectedSql(asked.source, EVERYTHING, asked.time, params)}` +
        ` GROUP BY value ORDER BY requests DESC, value LIMIT ${MOST_KEYS}`,
      params,
    );
    return rows.map(({ value, requests }) => ({ value: String(value), requests: Number(requests) }));
  }

  /** Since when (µs) the newest events received in a window are about so many bytes; -∞ when all of them are no more. */
  newestSince(window: Window, mostBytes: number, signal: AbortSignal): Promise<number> {
    return newestSince(this.asked(signal), window, mostBytes);
  }

  /** Original events received in a window, of all stages, in the order they came: those after a `seq`. */
  eventsAfter(window: Window, seq: number, signal: AbortSignal): AsyncGenerator<readonly ArrivedEvent[]> {
    return eventsAfter(this.asked(signal), window, seq);
  }

  /** Events received in a window, of all stages. */
  eventsIn(window: Window, signal: AbortSignal): Promise<number> {
    return eventsIn(this.asked(signal), window);
  }

  /** Requests received in a window. */
  async requestsIn(window: Window, signal: AbortSignal): Promise<number> {
    return (await this.aggregate({ ...EVERYTHING, window, by: [], measures: ["requests"] }, signal)).requests;
  }

  /** What a selection says of time, all told; where it says nothing, infinite. */
  boundsOf({ filter, window }: Selection): Window {
    return splitTimes(filter, window, this.asked(NEVER).time).window;
  }

  /** Where relative times count from, µs. */
  get referenceUs(): number {
    return this.asked(NEVER).time.referenceUs;
  }

  /** The server reads what the filter asks for. */
  isUndecided(): boolean {
    return false;
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  /** µs; NaN when nothing has a time. */
  get lastReceivedUs(): number {
    return this.state.lastReceivedUs;
  }

  /** The newest row's, when the table was last looked at. */
  get lastSeq(): number {
    return this.state.lastSeq;
  }

  /** Where events were shipped from, by name; of very many the first. */
  get inputs(): TableState["inputs"] {
    return this.state.inputs;
  }

  /** Of how many API servers events tell the name. */
  get apiservers(): number {
    return this.state.apiservers;
  }

  get extent(): StoreExtent {
    return this.state.extent;
  }

  async summary(signal: AbortSignal): Promise<StoreSummary> {
    const asked = this.asked(signal);
    const params = new SqlParams();
    const distinct = (column: string): string => `uniqExactIf(${column}, ${column} != '')`;
    const [row] = await asked.rows(
      `SELECT ${distinct("user")} AS user, ${distinct("resource")} AS resource, ${distinct("namespace")} AS namespace,` +
        ` ${distinct("object")} AS object FROM ${selectedSql(asked.source, EVERYTHING, asked.time, params)}`,
      params,
    );
    const count = (of: string): number => Number(row?.[of] ?? 0);
    return {
      distinct: {
        user: count("user"),
        resource: count("resource"),
        namespace: count("namespace"),
        object: count("object"),
      },
      overflowed: null,
    };
  }

  private asked(signal: AbortSignal = NEVER): Asked {
    const { nowUs, zone } = this.options;
    const time = { referenceUs: nowUs() ?? this.state.extent.toUs, zone };
    return new Asked(this.session, this.state, time, signal);
  }

  private factsOf(row: FigureRow): RequestFacts {
    return factsOf(row, (apiserver, us) => us < (this.cutOffs.get(apiserver) ?? Number.NEGATIVE_INFINITY));
  }
}

const EVERYTHING = { filter: { op: "and", terms: [] } } as const;
const NEVER = new AbortController().signal;
