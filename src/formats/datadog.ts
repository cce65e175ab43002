import type { Format } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { timeText } from "./shape/columns.ts";
import { eventMembers, objectAt, serverName, textAt, withInferred } from "./shape/rebuilt-event.ts";
import { V1_LIST } from "./shape/sample-events.ts";

/** Deeper members are no parts of a name that was split at its dots. */
const MAX_PARTS = 8;

/** Names with dots come back as objects in objects: `{"authorization":{"k8s":{"io/decision":"allow"}}}`. */
function glued(value: unknown, prefix: string, into: Record<string, string>, depth: number): void {
  if (typeof value === "string") into[prefix] = value;
  else if (isObject(value) && depth < MAX_PARTS) {
    for (const [key, inner] of Object.entries(value))
      glued(inner, prefix === "" ? key : `${prefix}.${key}`, into, depth + 1);
  }
}

function annotationsOf(attributes: JsonObject): JsonObject {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  glued(attributes["annotations"], "", found, 0);
  glued(attributes["authorization"], "authorization", found, 0);
  glued(attributes["mutation"], "mutation", found, 0);
  glued(attributes["validation"], "validation", found, 0);
  return Object.fromEntries(Object.entries(found).filter(([key]) => key.includes("/")));
}

/** The event's times: its own where they are kept, else the log's time and the duration (ns). */
function times(attributes: JsonObject, logged: unknown): JsonObject {
  const own = textAt(attributes, "requestReceivedTimestamp");
  const received = own === "" ? timeText(logged) : own;
  const ended = textAt(attributes, "stageTimestamp");
  const { duration } = attributes;
  if (ended !== "" || received === undefined || typeof duration !== "number" || !(duration >= 0)) {
    return { requestReceivedTimestamp: received, ...(ended === "" ? {} : { stageTimestamp: ended }) };
  }
  const start = Date.parse(received);
  if (Number.isNaN(start)) return { requestReceivedTimestamp: received };
  const micros = Number((/\.\d{3}(\d{1,3})/.exec(received)?.[1] ?? "0").padEnd(3, "0")) + Math.round(duration / 1000);
  const end = new Date(start + Math.floor(micros / 1000)).toISOString().slice(0, -1);
  return { requestReceivedTimestamp: received, stageTimestamp: `${end}${String(micros % 1000).padStart(3, "0")}Z` };
}

function eventOf(attributes: JsonObject, logged: unknown, place: string): JsonObject | null {
  const http = objectAt(attributes, "http");
  const verb = textAt(attributes, "verb") || textAt(http, "method").toLowerCase();
  const uri = textAt(attributes, "requestURI") || textAt(http, "url") || textAt(http, "url_details", "path");
  const code = http?.["status_code"];
  const usr = objectAt(attributes, "usr");
  const username = textAt(usr, "username") || textAt(usr, "id") || textAt(usr, "name");
  const user = objectAt(attributes, "user") ?? (username === "" ? null : { username });
  const ip = textAt(attributes, "network", "client", "ip");
  if (verb === "" || (uri === "" && objectAt(attributes, "objectRef") === null) || user === null) return null;
  const id = textAt(attributes, "auditID");
  const inferred = [
    ...(id === "" ? ["auditID from the place of the entry"] : []),
    ...(textAt(attributes, "stage") === "" ? ["stage from the status"] : []),
    ...(textAt(attributes, "stageTimestamp") === "" ? ["stageTimestamp from duration"] : []),
  ];
  const event = eventMembers({
    ...attributes,
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    auditID: id === "" ? place : id,
    stage: textAt(attributes, "stage") || "ResponseComplete",
    requestURI: uri,
    verb,
    user,
    sourceIPs: Array.isArray(attributes["sourceIPs"]) ? attributes["sourceIPs"] : ip === "" ? undefined : [ip],
    userAgent: textAt(attributes, "userAgent") || textAt(http, "useragent"),
    objectRef: objectAt(attributes, "objectRef"),
    responseStatus: {
      ...objectAt(attributes, "responseStatus"),
      ...(code === undefined ? {} : { code: Number(code) }),
    },
    annotations: annotationsOf(attributes),
    ...times(attributes, logged),
  });
  return withInferred(event, inferred);
}

export const datadog: Format = {
  id: "datadog",
  title: "Datadog",
  docs: "Log entries of Datadog's Kubernetes audit pipeline, from the API and from exports: who, what and code in attributes of its own.",
  columns: [["date", "host", "service", "message"]],
  infers: ["stageTimestamp from duration", "stage where the export has none"],
  open(value, { place }) {
    const { data } = value;
    if (Array.isArray(data) && data.some((entry) => objectAt(entry, "attributes") !== null)) {
      return { many: data.filter(isObject).map((entry) => ({ value: entry })) };
    }
    const outer = objectAt(value, "attributes");
    const attributes = objectAt(outer, "attributes") ?? outer ?? (value["Message"] === undefined ? value : null);
    const text = value["Message"];
    if (typeof text === "string" && value["Service"] !== undefined)
      return { text, apiserver: serverName(value["Host"]) };
    if (attributes === null || objectAt(attributes, "http") === null) return null;
    const logged = outer?.["timestamp"] ?? value["timestamp"] ?? value["date"];
    const event = eventOf(attributes, logged, place);
    return event === null ? null : { value: event, apiserver: serverName(outer?.["host"] ?? value["host"]) };
  },
  samples: () => {
    const event = JSON.parse(V1_LIST) as Record<string, unknown>;
    const attributes = {
      http: {
        method: "list",
        status_code: 200,
        url_details: { path: "/api/v1/namespaces/shop/pods" },
        useragent: "kubectl/v1.36.2",
      },
      objectRef: event["objectRef"],
      user: event["user"],
      network: { client: { ip: "192.0.2.7" } },
      auditID: event["auditID"],
      stage: "ResponseComplete",
      level: "Metadata",
      duration: 4_000_000,
      authorization: { k8s: { "io/decision": "allow", "io/reason": "" } },
    };
    const entry = {
      id: "AQ",
      type: "log",
      attributes: { timestamp: "2026-11-20T14:02:11.000Z", host: "cp1", service: "apiserver", attributes },
    };
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    return [
      { name: "logs API", text: JSON.stringify({ data: [entry], meta: {} }), events: 1, apiservers: ["cp1"] },
      {
        name: "archive",
        text: `${JSON.stringify({ _id: "AQ", date: "2026-11-20T14:02:11.000Z", host: "cp1", attributes })}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
      {
        name: "CSV",
        text: `Date,Host,Service,Message\n2026-11-20T14:02:11Z,cp1,apiserver,${cell(V1_LIST)}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
    ];
  },
};
