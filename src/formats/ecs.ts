import type { Format, Opened } from "./contract.ts";
import { isNamedEvent, isObject, type JsonObject } from "./shape/audit-event.ts";
import { eventOfColumns } from "./shape/columns.ts";
import { eventMembers, objectAt, serverName, textAt } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Elastic writes no dots in names: `authorization_k8s_io/decision` was `authorization.k8s.io/decision`. */
function withDots(annotations: unknown): unknown {
  if (!isObject(annotations)) return annotations;
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => {
      const slash = key.indexOf("/");
      return [slash < 0 ? key : key.slice(0, slash).replaceAll("_", ".") + key.slice(slash), value];
    }),
  );
}

function serverOf(source: JsonObject): string | undefined {
  const cluster = textAt(source, "orchestrator", "cluster", "name");
  return serverName(
    cluster,
    textAt(source, "host", "name") || textAt(source, "agent", "hostname") || source["host.name"],
  );
}

/** `fields` of a hit: every value is a list. */
function singles(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const isList = /(?:sourceIPs|groups)$/.test(key);
      return [key, Array.isArray(value) && value.length === 1 && !isList ? (value[0] as unknown) : value];
    }),
  );
}

function* hitsOf(hits: readonly unknown[]): Iterable<Opened> {
  for (const hit of hits) if (isObject(hit)) yield { value: hit };
}

export const ecs: Format = {
  id: "ecs",
  title: "Elastic",
  docs: "Documents of Elastic's Kubernetes integration: search hits, NDJSON, and Discover's CSV; the event is in kubernetes.audit.",
  columns: [["kubernetes.audit.auditid"], ["kubernetes.audit.verb"]],
  loses: ["metadata of bodies"],
  open(value, { place }) {
    const hits = objectAt(value, "hits")?.["hits"];
    if (Array.isArray(hits)) return { many: hitsOf(hits) };
    if (isObject(value["_source"])) return { value: value["_source"], apiserver: serverOf(value["_source"]) };
    const fields = value["fields"];
    if (isObject(fields) && value["_id"] !== undefined) return { value: singles(fields) };
    const audit = objectAt(value, "kubernetes", "audit") ?? objectAt(value, "kubernetes.audit");
    if (audit !== null) {
      const event = { ...audit, annotations: withDots(audit["annotations"]) };
      if (isNamedEvent(event)) return { value: eventMembers(event), apiserver: serverOf(value) };
      return { foreign: "an Elastic document whose kubernetes.audit is no event" };
    }
    if (value["kubernetes.audit.verb"] === undefined && value["kubernetes.audit.auditID"] === undefined) return null;
    const event = eventOfColumns(value, place);
    if (event === null) return null;
    return { value: { ...event, annotations: withDots(event["annotations"]) }, apiserver: serverOf(value) };
  },
  samples: () => {
    const event = JSON.parse(V1_LIST) as Record<string, unknown>;
    const audit = { ...event, annotations: { "authorization_k8s_io/decision": "allow" } };
    const document = {
      "@timestamp": "2026-11-20T14:02:11.000Z",
      kubernetes: { audit },
      orchestrator: { cluster: { name: "shop" } },
      host: { name: "cp1" },
      user: { name: "ada" },
      event: { action: "list", outcome: "success" },
    };
    const hit = { _index: "logs", _id: "1", _source: document };
    const dotted = {
      "@timestamp": "2026-11-20T14:02:11.000Z",
      "kubernetes.audit.auditID": event["auditID"],
      "kubernetes.audit.stage": "ResponseComplete",
      "kubernetes.audit.verb": "list",
      "kubernetes.audit.requestURI": event["requestURI"],
      "kubernetes.audit.user.username": "ada",
      "kubernetes.audit.user.groups": ["dev", "system:authenticated"],
      "kubernetes.audit.objectRef.resource": "pods",
      "kubernetes.audit.responseStatus.code": 200,
      "kubernetes.audit.annotations.authorization_k8s_io/decision": "allow",
      "kubernetes.audit.requestReceivedTimestamp": event["requestReceivedTimestamp"],
    };
    const listed = Object.fromEntries(
      Object.entries(dotted).map(([key, value]) => [key, Array.isArray(value) ? value : [value]]),
    );
    const cells = Object.values({ ...dotted, "kubernetes.audit.user.groups": "dev, system:authenticated" });
    const apiservers = ["shop/cp1"];
    return [
      { name: "documents", text: `${JSON.stringify(document)}\n`, events: 1, apiservers },
      { name: "a search", text: JSON.stringify({ took: 1, hits: { total: 1, hits: [hit] } }), events: 1, apiservers },
      { name: "a document with dotted names", text: `${JSON.stringify(dotted)}\n`, events: 1 },
      { name: "fields of a hit", text: `${JSON.stringify({ _index: "logs", _id: "1", fields: listed })}\n`, events: 1 },
      {
        name: "Discover's CSV",
        text: `${Object.keys(dotted)
          .map((name) => `"${name}"`)
          .join(",")}\n${cells.map((cell) => `"${String(cell)}"`).join(",")}\n`,
        events: 1,
      },
      {
        name: "the original line kept beside",
        text: `${JSON.stringify({ ...document, event: { original: V1_CREATE } })}\n`,
        events: 1,
        apiservers,
      },
    ];
  },
};
