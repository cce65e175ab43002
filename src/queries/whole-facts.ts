import { actorClassOf } from "../events/actor-class.ts";
import { parseJson } from "../events/json.ts";
import type { RequestFacts } from "../events/request.ts";
import { isLongRunning } from "../events/vocabulary.ts";
import { eventFacts } from "../events/event-facts.ts";

/** Facts of a row whose names did not all fit in memory, completed from the bytes of its original event. */
export function wholeFacts(facts: RequestFacts, bytes: Uint8Array): RequestFacts {
  const json = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const event = eventFacts(parseJson(json));
  const annotations = Object.fromEntries(
    Object.entries(event.annotations).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return {
    ...facts,
    user: event.user,
    asFrom: event.asFrom,
    groups: event.groups,
    ip: event.ip,
    sourceIPs: event.sourceIPs,
    useragent: event.useragent,
    resource: event.resource,
    subresource: event.subresource,
    namespace: event.namespace,
    name: event.name,
    uid: event.uid,
    uri: event.uri,
    verb: event.verb,
    reason: event.reason,
    decision: event.decision,
    authReason: event.authReason,
    annotations,
    actorClass: actorClassOf(event.user),
    longRunning: isLongRunning(event.verb, event.subresource, event.uri),
    bodiesTruncated: annotations["audit.k8s.io/truncated"] === "true",
  };
}
