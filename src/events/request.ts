import type { ActorClass, Level, Stage } from "./vocabulary.ts";

/** Where a request's best stage was read: enough to read the original bytes again. */
export interface SourceSpan {
  readonly path: string;
  /** Byte offset of the event in the decompressed stream of that input. */
  readonly offset: number;
  readonly bytes: number;
}

/**
 * One request decoded from the index into plain values: what a row of the screen, a line of `events` or a step of a
 * trail is made of. Empty strings mean "not in the log". Times are microseconds since the Unix epoch.
 */
export interface RequestFacts {
  /** Stable row id inside one engine: grows with time; rows filled in backwards get ids below the first. */
  readonly seq: number;
  readonly auditID: string;
  /** requestReceivedTimestamp; for events without one, the legacy `timestamp`. NaN when the event has neither. */
  readonly receivedUs: number;
  /** stageTimestamp of the stage the facts come from; NaN when absent. */
  readonly stageUs: number;
  /** stageUs − receivedUs of a request that has ended, in milliseconds; null while unknown. */
  readonly latencyMs: number | null;
  /** "" when the event names none, or none we know. */
  readonly stage: Stage | "";
  readonly level: Level | "";
  readonly verb: string;
  /** Effective user (the impersonated one where there is one). */
  readonly user: string;
  /** The real user when it impersonated somebody, else "". */
  readonly asFrom: string;
  readonly groups: readonly string[];
  /** `pods`, `deployments.apps`; "" for a non-resource request. Without the subresource. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** HTTP status code, null when the event has none yet. */
  readonly code: number | null;
  /** responseStatus.reason */
  readonly reason: string;
  readonly ip: string;
  readonly sourceIPs: readonly string[];
  readonly useragent: string;
  /** annotations["authorization.k8s.io/decision"] and …/reason */
  readonly decision: string;
  readonly authReason: string;
  readonly uri: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly actorClass: ActorClass;
  readonly longRunning: boolean;
  readonly inFlight: boolean;
  /** Not ended, and never will: its API server was started anew since. */
  readonly cutOff: boolean;
  /** The API server dropped the bodies (annotation audit.k8s.io/truncated). */
  readonly bodiesTruncated: boolean;
  /** API server the event came from, where the input tells (node-logs prefix, directory), else "". */
  readonly apiserver: string;
  readonly source: SourceSpan;
}

/** Identity of an object without its incarnation. `resource` is plural with group: `deployments.apps`. */
export interface ObjectKey {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}
