import { inferredFacts } from "../events/inferred.ts";
import type { RequestFacts } from "../events/request.ts";
import { isoTime } from "../events/time.ts";

/** Facts in the order of a line of `events -o jsonl` (docs/interface.md); CSV has the same columns. */
const FACTS = [
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
] as const satisfies readonly (keyof RequestFacts)[];

export const EVENT_FIELDS = ["t", ...FACTS, "source.path", "source.offset", "source.bytes", "inferred"] as const;

interface EventRecord extends Pick<RequestFacts, (typeof FACTS)[number] | "source"> {
  readonly t: string | null;
  /** Facts that are not in the log but follow from it, each with what it was taken from; absent when there is none. */
  readonly inferred?: readonly string[];
}

export function eventRecord(facts: RequestFacts): EventRecord {
  const inferred = inferredFacts(facts.annotations);
  const record: Record<string, unknown> = { t: isoTime(facts.receivedUs) };
  for (const fact of FACTS) record[fact] = facts[fact];
  if (inferred.length > 0) record["inferred"] = inferred;
  record["source"] = facts.source;
  return record as unknown as EventRecord;
}
