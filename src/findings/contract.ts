import type { RequestFacts } from "../events/request.ts";
import type { Stage } from "../events/vocabulary.ts";
import type { ClockNote } from "../lineage/clocks.ts";
import type { JsonValue } from "../lineage/json.ts";
import type { Continuity, NewestOnly } from "../queries/continuity/contract.ts";
import type { Cadence } from "../queries/cadence.ts";
import type { Dimension, GroupRow } from "../queries/contract.ts";

/** The least first. */
export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a finding is about. Values as they are in the log; absent where there is none. */
export interface Subject {
  /** The real user where it impersonated. */
  readonly user?: string;
  readonly ip?: string;
  readonly useragent?: string;
  readonly resource?: string;
  /** As the `object` dimension spells it. */
  readonly object?: string;
  readonly namespace?: string;
  readonly apiserver?: string;
}

/** Where one request is, of those a detector has seen. */
export interface SeenRequest {
  readonly seq: number;
  /** NaN when the event had no time. */
  readonly receivedUs: number;
  /** "" where the original event was not read. */
  readonly auditID: string;
}

/** What was seen, as a filter: whoever opens it finds exactly the requests that were counted. */
export type Evidence =
  /** All that `terms` select. `counted`: the row of an aggregate that has them counted already. */
  | { readonly terms: string; readonly counted?: Pick<GroupRow, "requests" | "firstSeen" | "lastSeen"> }
  /** Only some of what `terms` select: the marked ones. `requests`: how many there are, marked or not. */
  | { readonly terms: string; readonly marks: readonly SeenRequest[]; readonly requests: number };

/** What a detector says of one subject. Texts may hold strings of the log: whoever shows them masks and escapes them. */
export interface Draft {
  readonly severity: Severity;
  /** One line with the names: `carol bound cluster-admin to mallory`. */
  readonly title: string;
  /** One plain sentence with the numbers. */
  readonly detail: string;
  /** Why the severity is not the usual one: a clause. */
  readonly why?: string;
  readonly subject: Subject;
  readonly evidence: Evidence;
  /** Instead of the detector's own. */
  readonly advice?: string;
  /** Asked for and refused. */
  readonly attempt?: boolean;
}

/** One request as an ordered pass shows it. */
export interface Sighting {
  readonly facts: RequestFacts;
  /** These are absent unless the detector reads events, and where the log does not have them. */
  readonly auditID: string;
  readonly request: JsonValue | undefined;
  readonly response: JsonValue | undefined;
  /** responseStatus.message */
  readonly message: string;
  /** user.extra["authentication.kubernetes.io/credential-id"]; "" when there is none. */
  readonly credential: string;
}

export interface Step {
  readonly fromUs: number;
  readonly requests: number;
}

/** What detectors ask. Everything in it is about one selection of one set of inputs. */
export interface FindingStore {
  /** Requests of the selection. */
  readonly requests: number;
  readonly span: { readonly from: string | null; readonly to: string | null; readonly seconds: number };
  /** Requests that `terms` select, counted by dimensions, the most first. */
  groups(
    terms: string,
    by: readonly Dimension[],
    options?: { readonly latency?: boolean },
  ): Promise<readonly GroupRow[]>;
  /** How regularly the requests that `terms` select come; null when there are too few to tell. */
  cadence(terms: string): Promise<Cadence | null>;
  /** How many requests that `terms` select were received in each step of so many milliseconds, in order. */
  perStep(terms: string, stepMs: number): Promise<readonly Step[]>;
  /** Requests that `terms` select in the order they were received; null when they are more than `most`. */
  requestsOf(terms: string, most: number): Promise<readonly RequestFacts[] | null>;
  /** The newest requests that `terms` select with their original events, at most `most`, oldest first; of those that can be read. */
  sightings(terms: string, most: number): Promise<readonly Sighting[]>;
  /** Status messages of the newest requests that `terms` select, at most `most`, newest first. */
  messages(terms: string, most: number): Promise<readonly string[]>;
  /** With which credentials the newest requests that `terms` select were made, at most `most` looked at; empty where the log names none. */
  credentials(terms: string, most: number): Promise<ReadonlySet<string>>;
  continuity(): Promise<Continuity>;
  /** API servers whose clocks provably differ from the one most is heard from. */
  readonly clocks: readonly ClockNote[];
  /** Addresses that nobody should come from, single ones and CIDR blocks, as the user lists them. */
  readonly knownBad: readonly string[];
}

/** What the log has to hold. */
export type Need = "metadata" | "annotations" | "request bodies" | "response bodies" | "messages";

/** A request of a sample, in short; the rest is made up. */
export interface SampleRequest {
  /** Seconds after the first of the sample. Default: right after the one before. */
  readonly at?: number;
  readonly times?: number;
  /** Seconds between the times. */
  readonly every?: number;
  /** Absent: somebody, and nobody where the code is 401. */
  readonly user?: string;
  readonly as?: string;
  readonly asGroups?: readonly string[];
  readonly groups?: readonly string[];
  readonly verb: string;
  /** `pods`, `pods/exec`, `deployments.apps`; a path when it begins with a slash. */
  readonly resource: string;
  readonly version?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Query of the URL, without `?`. */
  readonly query?: string;
  /** Absent: 201 of a create, else 200. null: never answered. */
  readonly code?: number | null;
  readonly reason?: string;
  readonly message?: string;
  readonly ip?: string;
  /** What comes before `ip` in sourceIPs. */
  readonly forwarded?: readonly string[];
  readonly ua?: string;
  /** Absent: "allow", with a reason by RBAC, and "" where the code is 401; "" is no decision. */
  readonly decision?: "allow" | "forbid" | "";
  readonly authReason?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly request?: JsonValue;
  readonly response?: JsonValue;
  readonly latencyMs?: number;
  /** Default: as the API server logs such a request. */
  readonly stage?: Stage;
}
export type Sample = readonly SampleRequest[];
/** Of a detector: what is not as usual in its samples. */
export type BriefSample = readonly Partial<SampleRequest>[];

interface Description {
  /** Stable: JSON, exceptions and baselines name it. */
  readonly id: string;
  /** What it means when it is found: a clause. */
  readonly about: string;
  /** The usual one. */
  readonly severity: Severity;
  readonly needs: readonly Need[];
  /** One sentence: what to do. */
  readonly advice: string;
  /** MITRE techniques, names in other tools. */
  readonly references: readonly string[];
  /** An act: counted and opened with the run of the program that did it, discovery and looks before and after included. */
  readonly wholeRun?: boolean;
  /** What the requests of its samples have, but for what they say themselves. */
  readonly usual?: Partial<SampleRequest>;
  /** Logs in which it finds something, and ones that look alike and are fine. */
  readonly hits: readonly BriefSample[];
  readonly misses: readonly BriefSample[];
}

/** Asks for counts. */
export interface AggregateDetector extends Description {
  readonly kind: "aggregate";
  detect(store: FindingStore): Promise<readonly Draft[]>;
}

/** Sees requests in the order of the log, in a pass that all share. */
export interface SequenceDetector extends Description {
  readonly kind: "sequence";
  /** Which requests it is shown, in the filter language. Never dry runs, nor what has no answer yet. */
  readonly wants: string;
  /** What a sighting has besides facts: bodies where the level has them, or all of the event (message, credential), which costs more. */
  readonly reads: "facts" | "bodies" | "events";
  start(): Sequence;
}

/** What one pass has seen. Keeps a bounded amount, whatever the log holds. */
export interface Sequence {
  see(sighting: Sighting): void;
  found(): readonly Draft[];
}

export type Detector = AggregateDetector | SequenceDetector;

/** A subject of which something is expected: as data, from us or from the user's findings.yaml. All that is given must match. */
export interface Expectation {
  /** Globs over ids. */
  readonly ids: readonly string[];
  /** Globs. */
  readonly user?: string;
  readonly useragent?: string;
  readonly ip?: string;
  readonly object?: string;
  readonly namespace?: string;
  readonly because: string;
  /** "built in", or the file and line. */
  readonly from: string;
}

/** JSON shape of docs/interface.md; `why`, `attempt` and further subjects are additions. */
export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly why?: string;
  readonly attempt?: boolean;
  readonly count: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly subject: Subject;
  readonly evidence: { readonly query: string; readonly auditIDs: readonly string[] };
  readonly advice: string;
  readonly references: readonly string[];
}

export interface FindingsResult {
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** What was found and is expected. */
  readonly suppressed: readonly {
    readonly because: string;
    readonly from: string;
    readonly findings: number;
    readonly ids: readonly string[];
  }[];
  readonly requests: number;
  /** Original events that would have told more and were not read, or could not be. */
  readonly unread: number;
  /** Absent: all that was selected was looked at. */
  readonly newest?: NewestOnly;
}
