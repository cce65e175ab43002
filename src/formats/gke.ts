import { parseJson } from "../events/json.ts";
import type { Beside, Format } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { timeText } from "./shape/columns.ts";
import { objectAt, serverName, textAt, withInferred } from "./shape/rebuilt-event.ts";
import { pretty } from "./shape/sample-events.ts";
import { escapeControls } from "./shape/sample-text.ts";

/** HTTP codes by google.rpc.Code; where several give one, the one API servers answer most. */
const HTTP_CODES = [200, 499, 500, 400, 504, 404, 409, 403, 429, 412, 409, 400, 501, 500, 503, 500, 401];
const SWITCHING = ["exec", "attach", "portforward"];

/** `core/v1/namespaces/NS/RESOURCE/NAME/SUBRESOURCE`, `apps/v1/…`; a bare path for a non-resource request. */
function target(
  resourceName: string,
  verbPath: readonly string[],
): { path: string; ref: Record<string, string> | null } {
  const parts = resourceName.replace(/^\//, "").split("/");
  const [group = "", version = ""] = parts;
  // Without a resource's name the method still tells which it is: `io.k8s.core.v1.pods.list`.
  const [ownGroup = "", ownVersion = "", ownResource = "", ownSub = ""] = verbPath;
  const isResource = /^v\d/.test(version) && parts.length > 2;
  if (!isResource) {
    const path = `/${resourceName === "" ? verbPath.join("/") : parts.join("/")}`;
    if (resourceName !== "" || !/^v\d/.test(ownVersion) || ownResource === "") return { path, ref: null };
    const ref = { resource: ownResource, apiVersion: ownVersion, ...(ownSub === "" ? {} : { subresource: ownSub }) };
    return { path: "", ref: ownGroup === "core" ? ref : { ...ref, apiGroup: ownGroup } };
  }
  let rest = parts.slice(2);
  const ref: Record<string, string> = { resource: "", apiVersion: version };
  if (group !== "core") ref["apiGroup"] = group;
  if (rest[0] === "namespaces" && rest.length > 1) {
    ref["namespace"] = rest[1] ?? "";
    if (rest.length > 2 && rest[2] !== "status" && rest[2] !== "finalize") rest = rest.slice(2);
  }
  const [resource = "", name = "", subresource = ""] = rest;
  ref["resource"] = resource;
  if (name !== "") ref["name"] = name;
  if (subresource !== "") ref["subresource"] = subresource;
  const base = group === "core" ? `/api/${version}` : `/apis/${group}/${version}`;
  return { path: `${base}/${parts.slice(2).join("/")}`, ref };
}

/** The status: a Status in the answer has the real code, else the gRPC code stands for one. */
function status(payload: JsonObject, verb: string, subresource: string): { status: JsonObject; from: string | null } {
  const response = objectAt(payload, "response");
  if (response !== null && response["kind"] === "Status" && typeof response["code"] === "number") {
    const { code, reason, message } = response;
    return { status: { code, reason, message }, from: null };
  }
  const rpc = objectAt(payload, "status");
  const code = Number(rpc?.["code"] ?? 0);
  const message = textAt(rpc, "message");
  const isRefused = isRefusedBy(payload);
  if (code === 0 && !isRefused) {
    const http = verb !== "create" ? 200 : SWITCHING.includes(subresource) ? 101 : 201;
    return { status: { code: http }, from: "gRPC status 0" };
  }
  if (code === 0) return { status: { code: 403, message }, from: "authorizationInfo.granted false" };
  return { status: { code: HTTP_CODES[code] ?? 500, message }, from: `gRPC status ${code}` };
}

function isRefusedBy(payload: JsonObject): boolean {
  const { authorizationInfo } = payload;
  return (
    Array.isArray(authorizationInfo) && authorizationInfo.some((info) => isObject(info) && info["granted"] === false)
  );
}

/** A body without the type Cloud Logging marks it with; null for none. */
function bodyOf(value: unknown): JsonObject | null {
  if (!isObject(value)) return null;
  const { "@type": type, ...body } = value;
  return Object.keys(body).length === 0 || type === "k8s.io/None" ? null : body;
}

/** BigQuery keeps bodies as text. */
function parsedBody(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function labelsOf(value: JsonObject): Record<string, string> {
  const { labels } = value;
  const pairs = Array.isArray(labels)
    ? labels.filter(isObject).map(({ key, value: text }): [string, unknown] => [String(key), text])
    : Object.entries(objectAt(value, "labels") ?? {});
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

/** Long operations are two entries: the later one learns from the earlier when the request was received. */
function times(
  entry: JsonObject,
  id: string,
  memory: Beside["memory"],
): { stage: string; received?: string; ended?: string } {
  const time = timeText(entry["timestamp"]) ?? timeText(objectAt(entry, "protoPayload")?.["timestamp"]);
  const { first, last } = objectAt(entry, "operation") ?? {};
  if (first === true && last !== true) {
    if (time !== undefined) memory.set(id, time);
    return { stage: "ResponseStarted", ...(time === undefined ? {} : { received: time }) };
  }
  const began = last === true && first !== true ? memory.get(id) : undefined;
  if (began !== undefined && time !== undefined) return { stage: "ResponseComplete", received: began, ended: time };
  return { stage: "ResponseComplete", ...(time === undefined ? {} : { received: time }) };
}

function eventOf(entry: JsonObject, payload: JsonObject, { place, memory }: Beside): JsonObject {
  const method = textAt(payload, "methodName")
    .replace(/^io\.k8s\./, "")
    .split(".");
  const isVerbless = method.length === 1;
  const verb = isVerbless ? "get" : (method.at(-1) ?? "");
  const { path, ref } = target(textAt(payload, "resourceName"), isVerbless ? method : method.slice(0, -1));
  const { status: responseStatus, from } = status(payload, verb, ref?.["subresource"] ?? "");
  const known = textAt(entry, "operation", "id") || textAt(entry, "insertId");
  const when = times(entry, known, memory);
  const requestObject = bodyOf(payload["request"] ?? parsedBody(payload["requestJson"]));
  const responseObject = bodyOf(payload["response"] ?? parsedBody(payload["responseJson"]));
  const username = textAt(payload, "authenticationInfo", "principalEmail");
  const metadata = objectAt(payload, "requestMetadata");
  const ip = textAt(metadata, "callerIp") || textAt(metadata, "callerIP");
  const event = {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    auditID: known === "" ? place : known,
    stage: when.stage,
    requestURI: path,
    verb,
    user: username === "" ? {} : { username },
    ...(ip === "" ? {} : { sourceIPs: [ip] }),
    userAgent: textAt(metadata, "callerSuppliedUserAgent"),
    ...(ref === null ? {} : { objectRef: ref }),
    responseStatus,
    ...(requestObject === null ? {} : { requestObject }),
    ...(responseObject === null ? {} : { responseObject }),
    ...(when.received === undefined ? {} : { requestReceivedTimestamp: when.received }),
    ...(when.ended === undefined ? {} : { stageTimestamp: when.ended }),
    annotations: labelsOf(entry),
  };
  return withInferred(event, [
    "stage from operation",
    "requestURI from resourceName",
    ...(isVerbless ? ["verb from methodName"] : []),
    ...(from === null ? [] : [`responseStatus.code from ${from}`]),
    ...(known === "" ? ["auditID from the place of the entry"] : []),
  ]);
}

export const gke: Format = {
  id: "gke",
  title: "Google Cloud Logging",
  docs: "GKE audit log entries of k8s.io from gcloud logging read (JSON, YAML), the API, sinks (Cloud Storage, Pub/Sub) and BigQuery.",
  loses: [
    "level",
    "user.groups",
    "user.uid",
    "user.extra",
    "impersonatedUser",
    "stageTimestamp",
    "query of requestURI",
    "sourceIPs (all but one)",
  ],
  infers: [
    "responseStatus.code from the gRPC status, unless the answer is a Status",
    "stage from operation",
    "requestURI from resourceName",
  ],
  open(value, beside) {
    const payload = objectAt(value, "protoPayload") ?? objectAt(value, "protopayload_auditlog");
    if (payload === null) return null;
    const service = textAt(payload, "serviceName");
    const method = textAt(payload, "methodName");
    if (service !== "" && service !== "k8s.io") {
      const name = escapeControls(service.slice(0, 60));
      const own = service === "container.googleapis.com" ? " (the GKE service's own API)" : "";
      return { foreign: `a Google Cloud audit entry of ${name}${own}` };
    }
    if (!method.startsWith("io.k8s.")) return { foreign: "a Google Cloud audit entry without a Kubernetes method" };
    const labels = objectAt(value, "resource", "labels");
    return {
      value: eventOf(value, payload, beside),
      apiserver: serverName(labels?.["project_id"], labels?.["cluster_name"]),
    };
  },
  samples: () => {
    const entry = (id: string, method: string, resourceName: string, more: object): object => ({
      insertId: id,
      labels: { "authorization.k8s.io/decision": "allow" },
      logName: "projects/shop-1/logs/cloudaudit.googleapis.com%2Factivity",
      operation: { first: true, last: true, id, producer: "k8s.io" },
      protoPayload: {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        authenticationInfo: { principalEmail: "ada@example.com" },
        methodName: method,
        requestMetadata: { callerIp: "192.0.2.7", callerSuppliedUserAgent: "kubectl/v1.36.2" },
        resourceName,
        serviceName: "k8s.io",
        ...more,
      },
      resource: { type: "k8s_cluster", labels: { cluster_name: "shop", project_id: "shop-1" } },
      timestamp: "2026-11-20T14:02:11.000001Z",
    });
    const pod = "core/v1/namespaces/shop/pods/web-0";
    const created = entry("a", "io.k8s.core.v1.pods.create", pod, {
      request: { "@type": "core.k8s.io/v1.Pod", apiVersion: "v1", kind: "Pod" },
      status: { code: 0 },
    });
    const refused = entry("b", "io.k8s.core.v1.pods.exec.create", `${pod}/exec`, {
      status: { code: 7, message: "no" },
    });
    const other = entry("c", "google.container.v1.ClusterManager.CreateCluster", "projects/shop-1", {
      serviceName: "container.googleapis.com",
    });
    const json = JSON.stringify([created, refused, other]);
    const apiservers = ["shop-1/shop"];
    return [
      { name: "gcloud logging read --format=json", text: pretty(json), events: 2, apiservers },
      { name: "sink", text: `${JSON.stringify(created)}\n${JSON.stringify(refused)}\n`, events: 2, apiservers },
      { name: "entries.list", text: `{"entries":${json},"nextPageToken":"x"}`, events: 2, apiservers },
      {
        name: "gcloud logging read",
        text: `---
insertId: d
labels:
  authorization.k8s.io/decision: allow
protoPayload:
  '@type': type.googleapis.com/google.cloud.audit.AuditLog
  authenticationInfo:
    principalEmail: ada@example.com
  methodName: io.k8s.core.v1.secrets.list
  resourceName: core/v1/secrets
  serviceName: k8s.io
  status: {}
resource:
  labels:
    cluster_name: shop
    project_id: shop-1
  type: k8s_cluster
timestamp: '2026-11-20T14:02:11.000001Z'
---
insertId: e
protoPayload:
  methodName: io.k8s.readyz
  serviceName: k8s.io
resource: {type: k8s_cluster, labels: {cluster_name: shop, project_id: shop-1}}
timestamp: '2026-11-20T14:02:11.000001Z'
`,
        events: 2,
        apiservers,
      },
    ];
  },
};
