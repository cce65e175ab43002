import type { RequestFacts } from "../events/request.ts";
import type { Expectation, FindingsResult } from "../findings/contract.ts";
import type { OmissibleText } from "../index/ring-options.ts";
import type { InputReport } from "../ingest/contract.ts";
import type { ListenSettings } from "../listen/contract.ts";
import type { ClockNote, ServerSkew } from "../lineage/clocks.ts";
import type { ObjectAt, TrailResult, WhyResult } from "../lineage/contract.ts";
import type { StateDiff } from "../lineage/state/history.ts";
import type { Burst } from "../queries/bursts.ts";
import type { CadenceQuery, CadenceResult } from "../queries/cadence-query.ts";
import type { Coverage } from "../queries/coverage.ts";
import type { Continuity } from "../queries/continuity/contract.ts";
import type { CompareQuery, CompareResult } from "../queries/compare-query.ts";
import type { GroupQuery, GroupResult, Selection, SeriesQuery, SeriesResult } from "../queries/contract.ts";
import type { KubernetesEvent } from "../queries/kubernetes-event.ts";
import type { LogValue } from "../queries/nearest-values.ts";
import type { LatencyQuery, LatencyReport } from "../queries/latency-query.ts";
import type { Access } from "../rbac/access.ts";
import type { ReadObjects } from "../rbac/read-objects.ts";
import type { Subject } from "../rbac/subject.ts";
import type { ObjectsResult, StoredEvent, StoredRows, StoredRowsQuery } from "../store/store.ts";
import type { PolicyReport } from "./policy-report.ts";
import type { StoreStatus } from "./store-status.ts";

/** What the screen and the headless commands may ask. Asks and answers are plain values: they cross threads. */
export interface Asks {
  groups: { ask: GroupQuery; answer: GroupResult };
  compare: { ask: CompareQuery; answer: CompareResult };
  series: { ask: SeriesQuery; answer: SeriesResult };
  rows: { ask: StoredRowsQuery; answer: StoredRows };
  request: { ask: { readonly seq: number }; answer: RequestDetail | null };
  /** Original events, byte for byte, in the order of `seqs`. */
  originals: {
    ask: { readonly seqs: readonly number[] };
    answer: readonly StoredEvent[];
  };
  /** What happened around a request; up to `each` on either side of it, in log order. Null when it is not kept any more. */
  neighbours: {
    ask: { readonly seq: number; readonly each: number };
    answer: {
      /** Of the same object, whatever the subresource; null for lists and requests for no resource. */
      readonly object: Neighbours | null;
      /** By the same user within a second; from the same address where nobody was authenticated. */
      readonly client: Neighbours | null;
    } | null;
  };
  /** Of the selected requests; without a filter of all. */
  objects: { ask: Partial<Selection> & { readonly text: string; readonly limit: number }; answer: ObjectsResult };
  trail: { ask: { readonly object: string; readonly namespace?: string }; answer: TrailResult | null };
  /** An object as it was at a time (µs; absent: as it was last); null when the log has nothing on the name. */
  object: {
    ask: {
      readonly object: string;
      readonly namespace?: string;
      readonly atUs?: number;
      /** A row: as it was after that request, where it changed the object; else `atUs` counts. */
      readonly afterSeq?: number;
      /** Also what differs from this time, µs. */
      readonly sinceUs?: number;
    };
    answer: ObjectAt | null;
  };
  why: { ask: { readonly object: string; readonly namespace?: string }; answer: WhyResult | null };
  /** What a request changed in its object; null when the row is not kept any more. */
  state: { ask: { readonly seq: number; readonly managedFields?: boolean }; answer: ObjectState | null };
  /** The newest `limit` of the selected requests, newest first, and what `count` of them from `position` on changed. */
  changes: {
    ask: Selection & { readonly limit: number; readonly position: number; readonly count: number };
    answer: {
      readonly total: number;
      readonly rows: readonly RequestFacts[];
      readonly states: readonly ObjectState[];
    };
  };
  info: { ask: object; answer: Info };
  /** What all that is kept holds of each question. */
  coverage: { ask: object; answer: Coverage };
  /** Those of the fingerprints that are of logs read here. */
  logs: { ask: { readonly known: readonly string[] }; answer: readonly string[] };
  /** Row ids of requests known by their auditID and time received; null for those that are not kept. */
  locate: {
    ask: { readonly requests: readonly Pick<RequestFacts, "auditID" | "receivedUs">[] };
    answer: readonly (number | null)[];
  };
  /** Silences and restarts of the API servers, in all that is kept. */
  continuity: { ask: object; answer: Continuity };
  /** Percentiles over time, the slowest requests (slowest first), layers, and what is long-running. */
  latency: { ask: LatencyQuery; answer: LatencyReport & { readonly slowest: readonly RequestFacts[] } };
  /** How many requests match, and if none do: which terms are to blame. */
  explain: { ask: Selection & { readonly settled?: boolean }; answer: Explanation };
  /** Values a field has in the selected requests, most frequent first: those that hold `text` in any case, else those near to it. */
  values: { ask: ValuesAsk; answer: readonly LogValue[] };
  /** When far more requests than usual came, in time order; a step is at least a second. */
  bursts: { ask: Selection; answer: { readonly stepMs: number; readonly bursts: readonly Burst[] } };
  /** How regularly the selected requests come, by what they do. */
  cadence: { ask: CadenceQuery; answer: CadenceResult & Pick<GroupResult, "span"> };
  /** Kinds of status messages of the newest `limit` of the selected requests; their original events are read again. */
  messages: { ask: Selection & { readonly limit: number }; answer: MessagesResult };
  /** Kubernetes Events written by the newest `limit` of the selected requests; their original events are read again. */
  kubernetesEvents: { ask: Selection & { readonly limit: number }; answer: KubernetesEventsResult };
  /**
   * What these subjects asked of the authorizer, by whomever they acted as; without subjects everybody. `names` false:
   * whatever the objects' names. `evidence`: read what the ring lacks from the original events.
   */
  accesses: {
    ask: Selection & { readonly subjects: readonly Subject[]; readonly names: boolean; readonly evidence: boolean };
    /**
     * `unread`: events that might have told more and were not read, or could not be. `unknown`: requests left out, since what they
     * asked for did not fit in memory.
     */
    answer: { readonly accesses: readonly Access[]; readonly unread: number; readonly unknown: number };
  };
  /**
   * What is wrong. `auditIDs`: of how many requests of each finding; they are read from the original events. `only`: by
   * detectors with these ids; absent: by all. `now`: do not rest after the answer before, as who follows a log does.
   */
  findings: {
    ask: Selection & {
      readonly expectations: readonly Expectation[];
      readonly auditIDs: number;
      readonly only?: readonly string[];
      readonly now?: boolean;
    };
    answer: FindingsResult;
  };
  /**
   * The whole log, whatever the filters, under the policy of a file and under one that fits it. Another `pass`: read the log
   * again.
   */
  policy: { ask: { readonly path: string | null; readonly pass: number }; answer: PolicyReport };
  /** Roles and bindings of a file of the user's. */
  roles: { ask: { readonly path: string }; answer: GivenRoles };
}
export type AskKind = keyof Asks;
export type Ask = { [K in AskKind]: { readonly kind: K } & Asks[K]["ask"] }[AskKind];
export type AnswerFor<K extends AskKind> = Asks[K]["answer"];

export interface ValuesAsk extends Selection {
  /** An id of FIELDS. Of keyed fields the keys, or with `key` the values of this one. */
  readonly field: string;
  readonly key?: string;
  readonly text: string;
  readonly limit: number;
}

export interface Explanation {
  /** Null where only the original events can tell and nobody has read them. */
  readonly requests: number | null;
  /** What is AND-ed at the top; only when nothing matches. */
  readonly terms: readonly ExplainedTerm[];
  /** Requests in the time window, whatever the terms; only when nothing matches. */
  readonly inWindow: number | null;
  readonly log: { readonly from: string | null; readonly to: string | null };
}

export interface ExplainedTerm {
  /** In canonical spelling. */
  readonly text: string;
  /** Requests that match this term alone, and all but this one; null where unknown. */
  readonly requests: number | null;
  readonly without: number | null;
  /** Terms of the same field that match something, nearest first. */
  readonly nearest: readonly { readonly text: string; readonly requests: number }[];
}

/** Plain values, unlike what they were read into. */
export type GivenRoles = Pick<ReadObjects, "roles" | "bindings" | "problems">;

/** An object before and after one request. Values are as in the log: whoever shows them masks them. */
export interface ObjectState extends Omit<StateDiff, "outcome"> {
  readonly seq: number;
  readonly auditID: string;
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  readonly actorClass: string;
  readonly code: number | null;
  readonly receivedUs: number;
  /** `read`: a request that writes nothing. */
  readonly outcome: StateDiff["outcome"] | "read";
}

export interface RequestDetail {
  readonly facts: RequestFacts;
  /** The original event, byte for byte; null when it cannot be read any more, then `rawMissing` says why. */
  readonly raw: string | null;
  readonly rawMissing: string | null;
  /** Other stages of the same request seen in the log. */
  readonly stagesSeen: readonly string[];
  /** Fingerprint of the log it was read from, the same for every copy of it; null while too little of it was read. */
  readonly log: string | null;
}

export interface Neighbours {
  /** How many there are, whether in `rows` or not. */
  readonly others: number;
  readonly rows: readonly RequestFacts[];
}

export interface MessagesResult {
  /** Selected requests, those whose originals were read, and of these: without a message, not readable. */
  readonly requests: number;
  readonly read: number;
  readonly withoutMessage: number;
  readonly unreadable: number;
  /** Messages that differ only in names and numbers are one; most frequent first. */
  readonly rows: readonly {
    readonly text: string;
    readonly requests: number;
    /** Row id and time of the newest. */
    readonly seq: number;
    readonly lastUs: number;
  }[];
}

export interface KubernetesEventsResult {
  /** Selected requests that wrote Events, those whose originals were read, and of these: without a body, not readable. */
  readonly requests: number;
  readonly read: number;
  readonly withoutBody: number;
  readonly unreadable: number;
  /** One entry an Event; warnings first, then the newest. */
  readonly events: readonly KubernetesEvent[];
}

/** JSON shape of `info` in docs/interface.md; extra fields are additions. */
export interface Info {
  readonly inputs: readonly (Pick<InputReport, "path" | "format" | "compression" | "bytes" | "events" | "skipped"> & {
    /** Of a mixed input: events by format, the most frequent first. */
    readonly formats?: InputReport["formats"];
    readonly error?: string;
    readonly passedOver?: string;
    readonly samples?: InputReport["samples"];
    /** What is known to be missing although the input was there: a sentence each. */
    readonly lost?: readonly string[];
  })[];
  readonly events: number;
  readonly requests: number;
  readonly inFlight: number;
  /** Of the requests kept: not answered by an API server that was started anew since. */
  readonly cutOff: number;
  /** Of the requests kept: names, agents or the like did not fit in memory and are counted as (other). */
  readonly overflowed?: number;
  readonly span: { readonly from: string | null; readonly to: string | null; readonly seconds: number };
  readonly levels: Readonly<Record<string, number>>;
  readonly stages: Readonly<Record<string, number>>;
  readonly distinct: {
    readonly user: number;
    readonly resource: number;
    readonly namespace: number;
    readonly object: number;
  };
  /** Logs that are counted as one API server's although they were written at the same time, and nothing tells whose they are. */
  readonly untold?: readonly string[];
  /** API servers whose clocks are off against the one most is heard from: trails are corrected for it. */
  readonly clocks: readonly ClockNote[];
  readonly gaps: Continuity["gaps"];
  readonly restarts: Continuity["restarts"];
  /** Gaps and restarts are of these requests only. */
  readonly newest?: NonNullable<Continuity["newest"]>;
}

/** Pushed by the engine at most every ~100 ms while something changes. */
export interface EngineStatus {
  readonly phase: "loading" | "following" | "idle";
  readonly inputs: readonly InputReport[];
  /** What was asked to be read: a directory is one name, of many inputs. */
  readonly named: readonly string[];
  /** Grows when answers may have changed. */
  readonly revision: number;
  readonly requestsKept: number;
  readonly requestsSeen: number;
  readonly requestsEvicted: number;
  readonly events: number;
  readonly duplicates: number;
  readonly bad: number;
  readonly truncated: number;
  readonly foreign: number;
  readonly inFlight: number;
  /** Not answered by an API server that was started anew since. */
  readonly cutOff: number;
  /** How many the inputs name. */
  readonly apiservers: number;
  /** From the first request kept to the last event as of `revision`, as answers' own spans; ISO strings, null when empty. */
  readonly from: string | null;
  readonly to: string | null;
  /** When the newest request kept was received. */
  readonly lastReceived: string | null;
  /** 0…1 while loading, null when the size is unknown. */
  readonly progress: number | null;
  /** Requests a second that came over the last ten seconds; null when not following. */
  readonly arrivalRate: number | null;
  /** Age of the newest event when it came, ms; null when nothing came for ten seconds. */
  readonly lagMs: number | null;
  /** Since when (ms since the epoch) no followed input has had anything new, once that is ten seconds. */
  readonly silentSinceMs: number | null;
  /** Names of some requests kept did not fit in memory: they show as (other). */
  readonly isOverflowing: boolean;
  /** Filling backwards behind the live tail. */
  readonly backfilling: boolean;
  /** API servers whose clocks are off: trails are corrected for it. */
  readonly skews: readonly ServerSkew[];
  /** Logs counted as one API server's although nothing tells; see Info. */
  readonly untold: readonly string[];
  /** What happened to inputs in the last ten seconds ("audit.log rotated"). */
  readonly notes: readonly string[];
  /** Why reading has stopped, by a fault of the program: what is shown is all there will be. A clause. */
  readonly failure: string | null;
  /** 0…1 of the original events that filters on bodies and the like wait for; null when none do. */
  readonly filtering: number | null;
  /** Of a store that is asked instead of inputs; null where there is none. */
  readonly store: StoreStatus | null;
}

export interface Engine {
  readonly status: EngineStatus;
  /** Returns an unsubscribe function. */
  subscribe(listener: (status: EngineStatus) => void): () => void;
  /**
   * Rejects with an AbortError when the signal fires: a newer question cancels the older. `onPartial` is called with answers
   * of what has been seen so far (`partial` tells how much), where the kind has them, while the whole one takes long.
   */
  ask<K extends AskKind>(
    kind: K,
    ask: Asks[K]["ask"],
    signal?: AbortSignal,
    onPartial?: (answer: AnswerFor<K>) => void,
  ): Promise<AnswerFor<K>>;
  /** Resolves when every input that ends has been read. */
  loaded(): Promise<void>;
  close(): Promise<void>;
}

/** An engine in this thread. */
export interface FeedingEngine extends Engine {
  /** Selected requests as they come; reading waits while they are not taken. To be asked for once. */
  requests(selection: Selection, wanted: WantedOfEvents): Feed;
}

/** What is wanted of the original events: nothing, their auditIDs, which are only there, or all their bytes. */
export type WantedOfEvents = "nothing" | "auditIDs" | "bytes";

export interface FedRequest {
  readonly facts: RequestFacts;
  /** The event its facts come from; null where it is not wanted, or cannot be read any more. */
  readonly bytes: Uint8Array | null;
}

export interface Feed {
  /** Each request once, in the order of the log, when it has an answer. Ends when `stop` fires, with what waits by then. */
  pages(stop: AbortSignal): AsyncIterable<readonly FedRequest[]>;
  /** What is missing, once the pages have ended. */
  readonly remainder: {
    /** Events that could not be read any more, and why. */
    readonly unreadable: number;
    readonly why: string;
    /** Requests that waited for an answer and were not given: the end came first. */
    readonly leftOut: number;
  };
}

export interface EngineOptions {
  readonly inputs: readonly string[];
  /** Shell commands whose output is read like standard input; each is an API server's. */
  readonly commands?: readonly string[];
  /** Ask a store instead of reading inputs: its address, and the password of its user. */
  readonly store?: { readonly address: string; readonly password: string };
  /** Be an audit webhook backend as well. */
  readonly listen?: ListenSettings;
  readonly follow: boolean;
  /** Rows kept; Infinity for headless commands. */
  readonly capacity: number;
  /** Text bytes kept per dictionary (names, user agents, URIs …); what comes later shows as (other). Infinity: no bound. */
  readonly dictionaryBytes: number;
  /** Bytes of rows and everything they refer to, likewise. Default: no bound. */
  readonly ringBytes?: number;
  /** Budget for raw bytes of inputs that cannot be re-read (stdin). */
  readonly rawBytes: number;
  /** With follow: how much of the past is shown first, ms. */
  readonly tailMs: number;
  readonly format: string;
  /** For dates and clock times of filters without an offset. */
  readonly timeZone: "local" | "utc";
  /** Texts that nothing will be asked about: see RingOptions. */
  readonly omits?: readonly OmissibleText[];
  /**
   * Lineage that will be asked for: taken in while reading instead of afterwards. `namespace` null: of everything, or, with
   * the object that will be asked for, of the namespaces that have it.
   */
  readonly lineage?: { readonly namespace: string | null; readonly object?: string };
  /** What is expected of whom in every ask for findings, besides what the ask says. Default: nothing. */
  readonly expectations?: readonly Expectation[];
  /** Addresses and CIDR blocks that nobody should come from. Default: none. */
  readonly knownBad?: readonly string[];
}
