import { actorClassOf } from "../events/actor-class.ts";
import { parseJson } from "../events/json.ts";
import type { RequestFacts } from "../events/request.ts";
import { isLongRunning } from "../events/vocabulary.ts";
import { eventFacts } from "./event-facts.ts";

/** Facts of a row whose names did not all fit in memory, completed from the bytes of its original event. */
export function wholeFacts(facts: RequestFacts, bytes: Uint8Array): RequestFacts {
  const json = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const { annotations: given, requestObject: _, responseObject: __, ...texts } = eventFacts(parseJson(json));
  const annotations = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return {
    ...facts,
    ...texts,
    ip: texts.sourceIPs.at(-1) ?? "",
    decision: annotations["authorization.k8s.io/decision"] ?? "",
    authReason: annotations["authorization.k8s.io/reason"] ?? "",
    annotations,
    actorClass: actorClassOf(texts.user),
    longRunning: isLongRunning(texts.verb, texts.subresource, texts.uri),
    bodiesTruncated: annotations["audit.k8s.io/truncated"] === "true",
  };
}
