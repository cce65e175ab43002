import { inferredFacts } from "../events/inferred.ts";
import type { RequestFacts } from "../events/request.ts";
import { isoTime } from "../events/time.ts";

/** Shape of one line of `events -o jsonl` (docs/interface.md). */
export interface EventRecord {
  readonly t: string | null;
  readonly auditID: string;
  readonly stage: string;
  readonly level: string;
  readonly verb: string;
  readonly user: string;
  readonly asFrom: string;
  readonly groups: readonly string[];
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly code: number | null;
  readonly reason: string;
  readonly latencyMs: number | null;
  readonly ip: string;
  readonly useragent: string;
  readonly decision: string;
  readonly authReason: string;
  readonly uri: string;
  /** Facts that are not in the log but follow from it, each with what it was taken from; absent when there is none. */
  readonly inferred?: readonly string[];
  readonly source: { readonly path: string; readonly offset: number; readonly bytes: number };
}

/** In the order of the shape; CSV has the same columns. */
export const EVENT_FIELDS = [
  "t",
  "auditID",
  "stage",
  "level",
  "verb",
  "user",
  "asFrom",
  "groups",
  "resource",
  "subresource",
  "namespace",
  "name",
  "uid",
  "code",
  "reason",
  "latencyMs",
  "ip",
  "useragent",
  "decision",
  "authReason",
  "uri",
  "source.path",
  "source.offset",
  "source.bytes",
  "inferred",
] as const;

export function eventRecord(facts: RequestFacts): EventRecord {
  const inferred = inferredFacts(facts.annotations);
  return {
    t: isoTime(facts.receivedUs),
    auditID: facts.auditID,
    stage: facts.stage,
    level: facts.level,
    verb: facts.verb,
    user: facts.user,
    asFrom: facts.asFrom,
    groups: facts.groups,
    resource: facts.resource,
    subresource: facts.subresource,
    namespace: facts.namespace,
    name: facts.name,
    uid: facts.uid,
    code: facts.code,
    reason: facts.reason,
    latencyMs: facts.latencyMs,
    ip: facts.ip,
    useragent: facts.useragent,
    decision: facts.decision,
    authReason: facts.authReason,
    uri: facts.uri,
    ...(inferred.length === 0 ? {} : { inferred }),
    source: facts.source,
  };
}
