import type { ObjectKey, RequestFacts } from "../events/request.ts";
import type { AccessOptions, AccessTable } from "../queries/accesses.ts";
import type { CompareQuery, CompareResult } from "../queries/compare-query.ts";
import type {
  GroupQuery,
  GroupResult,
  RowsQuery,
  RowsResult,
  Selection,
  SeriesQuery,
  SeriesResult,
} from "../queries/contract.ts";
import type { LatencyLayers } from "../queries/latency-query.ts";
import type { LifeRead } from "../queries/lives-query.ts";
import type { LogValue } from "../queries/nearest-values.ts";

/**
 * Where requests are kept, and all that is asked of them. Questions are plain values: the ring executes them over its columns
 * (engine/ring-store.ts), another store may print them in a language of its own. An id is a request's sequence number: it grows
 * with arrival and stands for the request as long as it is kept. Whatever runs long rejects when its signal fires.
 */
export interface Store {
  /** Groups by their keys, without keys the whole, each with its measures: ordered, then cut off at the limit. */
  aggregate(query: GroupQuery, signal: AbortSignal, onPartial?: (answer: GroupResult) => void): Promise<GroupResult>;
  /** Requests by steps of time, and by a key. */
  series(query: SeriesQuery, signal: AbortSignal, onPartial?: (answer: SeriesResult) => void): Promise<SeriesResult>;
  /** Two selections by the same keys. */
  compare(query: CompareQuery, signal: AbortSignal): Promise<CompareResult>;
  /** A page of requests in an order. */
  rows(query: StoredRowsQuery, signal: AbortSignal): Promise<StoredRows>;
  /** The same, as ids. */
  ids(query: RowsQuery, signal: AbortSignal): Promise<RowsResult<number>>;
  /** What is known of each without its original event; null for those that are not kept. */
  facts(ids: readonly number[]): Promise<readonly (RequestFacts | null)[]>;
  request(id: number): Promise<StoredRequest | null>;
  /** Original events, byte for byte, in whatever order costs least; `at` is the id's position. Ids that are not kept are left out. */
  originals(
    ids: readonly number[],
    signal?: AbortSignal,
  ): AsyncIterable<{ readonly at: number; readonly event: StoredEvent }>;
  /** Lengths of original events; null for those that are not kept. */
  bytesOf(ids: readonly number[]): Promise<readonly (number | null)[]>;
  /** Ids of requests known by their auditID and time received; null for those that are not kept. */
  locate(
    requests: readonly Pick<RequestFacts, "auditID" | "receivedUs">[],
    signal: AbortSignal,
  ): Promise<readonly (number | null)[]>;
  /** Objects whose name is like a text, best first; without text the most requested ones. */
  objects(query: ObjectsQuery, signal: AbortSignal): Promise<ObjectsResult>;
  /** Keys annotations have, with how many requests have them. */
  annotationKeys(signal: AbortSignal): Promise<readonly LogValue[]>;

  /** What layers of the API server took, as annotations of answered requests tell it. */
  layers(selection: Selection, signal: AbortSignal): Promise<LatencyLayers>;
  /** What was asked of the authorizer. */
  accesses(selection: Selection, options: AccessOptions, signal: AbortSignal): Promise<AccessTable>;

  /**
   * Whether only original events can tell which requests match, and nobody has read them. `settled`: they have been read as far as
   * they can be.
   */
  isUndecided(selection: Selection, settled?: boolean): boolean;
  /** Reads what isUndecided; the other questions do so themselves. */
  settle(selection: Selection, signal: AbortSignal): Promise<void>;
  readonly extent: StoreExtent;
  summary(signal: AbortSignal): Promise<StoreSummary>;
}

/** µs since the epoch; NaN when nothing is in it. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** The original event of a request, or why it cannot be read any more. */
export type StoredEvent = { readonly bytes: Uint8Array } | { readonly missing: string };

/** `auditIDs`: fill RequestFacts.auditID, which costs reading the original events. */
export type StoredRowsQuery = RowsQuery & { readonly auditIDs?: boolean };

/** `unreadable`: rows without auditID because their event cannot be read any more, and why. */
export type StoredRows = RowsResult<RequestFacts> & {
  readonly unreadable?: { readonly rows: number; readonly why: string };
};

export interface StoredRequest {
  readonly facts: RequestFacts;
  readonly event: StoredEvent;
  /** Stages of the request seen in the log. */
  readonly stagesSeen: readonly string[];
  /** Number of the input it was read from. */
  readonly source: number;
}

/** Everything ever taken in, whatever is still kept. */
export interface StoreExtent extends Span {
  /** Grows when answers may have changed. */
  readonly revision: number;
  readonly events: number;
  readonly requests: number;
  /** By name; "" counts events that name none. */
  readonly levels: Readonly<Record<string, number>>;
  readonly stages: Readonly<Record<string, number>>;
  /** Not ended yet; and of those kept: never will, since their API server was started anew. */
  readonly inFlight: number;
  readonly cutOff: number;
  /** Requests that were given up for newer ones. */
  readonly evicted: number;
  /** Names of some requests kept did not fit in memory. */
  readonly isOverflowing: boolean;
}

export interface StoreSummary {
  readonly distinct: {
    readonly user: number;
    readonly resource: number;
    readonly namespace: number;
    readonly object: number;
  };
  /** Requests kept of which names, agents or the like did not fit in memory; null where all did. */
  readonly overflowed: number | null;
}

export interface ObjectsQuery extends Selection {
  readonly text: string;
  readonly limit: number;
}

export interface ObjectsResult {
  /** Distinct objects that the requests name. */
  readonly total: number;
  readonly rows: readonly (ObjectKey & {
    /** What was searched: `namespace/name resource`. */
    readonly label: string;
    readonly requests: number;
    readonly firstSeen: string;
    readonly lastSeen: string;
    readonly errors: number;
    /** Id of its last request. */
    readonly lastSeq: number;
    /** Half-open [start, end) positions in the label that matched. */
    readonly matches: readonly (readonly [number, number])[];
  })[];
}

/** A store that lineage reads by object and time, instead of reading everything. */
export interface LivesStore extends Pick<Store, "extent"> {
  /** When the first request was answered, µs; infinite when none was. */
  beginning(signal: AbortSignal): Promise<number>;
  /** Who made the requests of a selection; `isSample`: of some of them. */
  clients(selection: Selection, isSample: boolean, signal: AbortSignal): Promise<readonly StoredClient[]>;
  lives(query: LivesQuery, signal: AbortSignal): Promise<LifeRequests>;
  countLives(query: Omit<LivesQuery, "most" | "isKnown">, signal: AbortSignal): Promise<number>;
}

export type StoredClient = Pick<RequestFacts, "user" | "useragent" | "verb">;

export interface LivesQuery {
  readonly reads: readonly LifeRead[];
  /** What of the requests lineage wants. */
  readonly selection: Selection;
  /** Resources that have no lives. */
  readonly without: readonly string[];
  /** Requests that any one part of it brings; of more the newest. */
  readonly most: number;
  /** By its id: whether a request was read before, and need not be again. */
  isKnown(id: number): boolean;
}

export interface LifeRequest {
  readonly facts: RequestFacts;
  /** The original event. */
  readonly bytes: Buffer;
}

export interface LifeRequests {
  /** In the order of their ids. */
  readonly requests: readonly LifeRequest[];
  /** µs: of some of what was asked for, those received before were left out; null: nothing was. */
  readonly cutUs: number | null;
}
