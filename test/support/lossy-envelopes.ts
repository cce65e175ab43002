import { goQuoted } from "../rbac/go-quote.ts";
import type { Envelope } from "./envelopes.ts";

/** An event of a recorded log, as far as envelopes look into it. */
interface Event {
  readonly auditID: string;
  readonly level: string;
  readonly stage: string;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username?: string; readonly groups?: readonly string[] };
  readonly impersonatedUser?: { readonly username: string; readonly groups?: readonly string[] };
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly objectRef?: Readonly<Record<string, string>>;
  readonly responseStatus?: { readonly code: number; readonly reason?: string; readonly message?: string };
  readonly requestObject?: Readonly<Record<string, unknown>>;
  readonly responseObject?: Readonly<Record<string, unknown>>;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An envelope that cannot hold all of an event. */
export interface LossyEnvelope extends Envelope {
  /** The event as far as it gets through; `inferred` is what its reader has to say that it did not read. */
  readonly left: (event: Event) => { readonly event: object; readonly inferred: readonly string[] };
  /** What a record of `events` has nothing of, whatever the log had. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

const eventOf = (line: string): Event => JSON.parse(line) as Event;
const withoutQuery = (uri: string): string => uri.replace(/\?.*/, "");

/** `{"a.b/c.d": "x"}` as `{"a": {"b/c": {"d": "x"}}}`: dots are levels. */
function exploded(pairs: Readonly<Record<string, string>>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pairs)) {
    const parts = key.split(".");
    let at = root;
    for (const part of parts.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
    at[parts.at(-1) as string] = value;
  }
  return root;
}

/** google.rpc.Code of an answer, and the HTTP code that stands for it alone. */
const RPC: Readonly<Record<number, readonly [rpc: number, code: number]>> = {
  400: [3, 400],
  401: [16, 401],
  403: [7, 403],
  404: [5, 404],
  409: [6, 409],
  422: [3, 400],
  429: [8, 429],
  500: [13, 500],
  503: [14, 503],
  504: [4, 504],
};
const rpcOf = ({ responseStatus, verb, objectRef }: Event): readonly [rpc: number, code: number] => {
  const code = responseStatus?.code ?? 200;
  if (code >= 400) return RPC[code] ?? [2, 500];
  const isSwitched = ["exec", "attach", "portforward"].includes(objectRef?.["subresource"] ?? "");
  return [0, verb !== "create" ? 200 : isSwitched ? 101 : 201];
};

/** `core/v1/namespaces/demo/pods/web-0`, as objectRef has it: of a new object too. Of a path the beginning is the method's name. */
function googleNames({ objectRef: ref, requestURI, verb }: Event): { methodName: string; resourceName: string } {
  const path = withoutQuery(requestURI);
  if (ref === undefined) return { methodName: `io.k8s.${path.split("/")[1]}`, resourceName: path };
  const { apiGroup = "core", apiVersion, resource, subresource, namespace, name } = ref;
  const inNamespace = namespace === undefined || resource === "namespaces" ? [] : ["namespaces", namespace];
  const joined = (parts: readonly (string | undefined)[], by: string): string => parts.filter(Boolean).join(by);
  return {
    methodName: joined(["io.k8s", apiGroup, apiVersion, resource, subresource, verb], "."),
    resourceName: joined([apiGroup, apiVersion, ...inNamespace, resource, name, subresource], "/"),
  };
}

/** What `resourceName` says of the URI. */
function uriLeft(event: Event): string {
  const { resourceName } = googleNames(event);
  if (event.objectRef === undefined) return resourceName;
  return resourceName.startsWith("core/") ? resourceName.replace("core/", "/api/") : `/apis/${resourceName}`;
}

function googleEntry(event: Event): object {
  const isLong = event.stage === "ResponseStarted";
  const [code] = rpcOf(event);
  const typed = (body: object | undefined): object => (body === undefined ? {} : { "@type": "x", ...body });
  return {
    insertId: `${event.auditID}-${event.stage}`,
    labels: event.annotations ?? {},
    operation: { id: event.auditID, producer: "k8s.io", first: true, ...(isLong ? {} : { last: true }) },
    protoPayload: {
      "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
      authenticationInfo: { principalEmail: event.user.username ?? "" },
      requestMetadata: { callerIp: event.sourceIPs?.at(-1) ?? "", callerSuppliedUserAgent: event.userAgent ?? "" },
      request: typed(event.requestObject),
      response: typed(event.responseObject),
      serviceName: "k8s.io",
      status: code === 0 ? {} : { code, message: event.responseStatus?.message ?? "" },
      ...googleNames(event),
    },
    resource: { type: "k8s_cluster", labels: { cluster_name: "shop", project_id: "shop-1" } },
    timestamp: event.requestReceivedTimestamp,
  };
}

const LAST_IP = ({ sourceIPs = [] }: Event): readonly string[] => sourceIPs.slice(-1);

const cloudLogging: LossyEnvelope = {
  name: "GKE",
  format: "gke",
  wrap: (lines) => lines.map((line) => `${JSON.stringify(googleEntry(eventOf(line)))}\n`).join(""),
  unknown: { level: "", latencyMs: null, groups: [], asFrom: "" },
  left(event) {
    const { level: _level, stageTimestamp: _ended, impersonatedUser: _as, responseStatus, ...rest } = event;
    const { uid: _uid, resourceVersion: _version, ...ref } = event.objectRef ?? {};
    const [rpc, code] = rpcOf(event);
    const body = event.responseObject;
    const isTold = body?.["kind"] === "Status" && typeof body["code"] === "number";
    const message = responseStatus?.message ?? "";
    return {
      event: {
        ...rest,
        ...(event.objectRef === undefined ? {} : { objectRef: ref }),
        requestURI: uriLeft(event),
        user: { username: event.user.username },
        sourceIPs: LAST_IP(event),
        responseStatus: isTold
          ? { code: body["code"], reason: body["reason"], message: body["message"] }
          : { code, ...(rpc === 0 ? {} : { message }) },
      },
      inferred: [
        "stage from operation",
        "requestURI from resourceName",
        ...(event.objectRef === undefined ? ["verb from methodName"] : []),
        ...(isTold ? [] : [`responseStatus.code from gRPC status ${rpc}`]),
      ],
    };
  },
};

/** Milliseconds are what the store keeps of a time; how long it took it counts in nanoseconds. */
const micros = (time: string): number => Date.parse(time) * 1_000 + Number(time.slice(23, 26));
const iso = (us: number): string =>
  `${new Date(Math.floor(us / 1_000)).toISOString().slice(0, -1)}${String(us % 1_000).padStart(3, "0")}Z`;

function datadogEntry(event: Event): object {
  const { code, ...status } = event.responseStatus ?? { code: 0 };
  const { authorization, ...annotations } = exploded(event.annotations ?? {});
  const attributes = {
    http: {
      method: event.verb,
      status_code: code,
      url_details: { path: withoutQuery(event.requestURI) },
      useragent: event.userAgent,
    },
    network: { client: { ip: event.sourceIPs?.at(-1) } },
    user: event.user,
    impersonatedUser: event.impersonatedUser,
    objectRef: event.objectRef,
    auditID: event.auditID,
    stage: event.stage,
    level: event.level,
    duration: (micros(event.stageTimestamp) - micros(event.requestReceivedTimestamp)) * 1_000,
    responseStatus: status,
    requestObject: event.requestObject,
    responseObject: event.responseObject,
    authorization,
    annotations,
  };
  const timestamp = `${event.requestReceivedTimestamp.slice(0, 23)}Z`;
  return { id: "AQ", type: "log", attributes: { timestamp, host: "cp1", service: "apiserver", attributes } };
}

const datadog: LossyEnvelope = {
  name: "Datadog",
  format: "datadog",
  wrap: (lines) => JSON.stringify({ data: lines.map((line) => datadogEntry(eventOf(line))), meta: {} }),
  unknown: {},
  left(event) {
    const received = `${event.requestReceivedTimestamp.slice(0, 23)}Z`;
    const took = micros(event.stageTimestamp) - micros(event.requestReceivedTimestamp);
    return {
      event: {
        ...event,
        requestURI: withoutQuery(event.requestURI),
        sourceIPs: LAST_IP(event),
        requestReceivedTimestamp: received,
        stageTimestamp: iso(Date.parse(received) * 1_000 + took),
      },
      inferred: ["stageTimestamp from duration"],
    };
  },
};

const quotedList = (names: readonly string[]): string => names.map(goQuoted).join(",");
/** As Go's RFC3339Nano: without zeros at the end. */
const goTime = (time: string): string => time.replace(/\.?0+Z$/, "Z");

/** EventString of k8s.io/apiserver. */
function legacyLine(event: Event): string {
  const { username = "", groups = [] } = event.user;
  const as = event.impersonatedUser;
  const pairs: readonly (readonly [string, string])[] = [
    ["id", event.auditID],
    ["stage", event.stage],
    ["ip", event.sourceIPs?.[0] ?? "<unknown>"],
    ["method", event.verb],
    ["user", username === "" ? "<none>" : username],
    ["groups", username === "" || groups.length === 0 ? "<none>" : quotedList(groups)],
    ["as", as?.username ?? "<self>"],
    ["asgroups", as?.groups === undefined ? "<lookup>" : quotedList(as.groups)],
    ["user-agent", event.userAgent ?? ""],
    ["namespace", event.objectRef?.["namespace"] ?? "<none>"],
    ["uri", event.requestURI],
    ["response", event.responseStatus === undefined ? "<deferred>" : String(event.responseStatus.code)],
  ];
  const text = pairs.map(([key, value]) => `${key}=${goQuoted(value)}`).join(" ");
  return `${goTime(event.requestReceivedTimestamp)} AUDIT: ${text}`;
}

const legacy: LossyEnvelope = {
  name: "legacy lines",
  format: "legacy",
  wrap: (lines) => lines.map((line) => `${legacyLine(eventOf(line))}\n`).join(""),
  unknown: { level: "", latencyMs: null, reason: "", uid: "", decision: "", authReason: "" },
  left(event) {
    const { auditID, stage, requestURI, verb, user, userAgent, objectRef, responseStatus } = event;
    const { username, groups = [] } = user;
    const { uid: _uid, resourceVersion: _version, name = "", ...ref } = objectRef ?? {};
    // A new object's name is in its body.
    const isInUri =
      withoutQuery(requestURI).split("/").includes(name) || requestURI.includes(`metadata.name%3D${name}`);
    return {
      event: {
        auditID,
        stage,
        requestURI,
        verb,
        user: username === undefined ? {} : { username, groups },
        impersonatedUser: event.impersonatedUser,
        sourceIPs: event.sourceIPs?.slice(0, 1),
        userAgent,
        ...(objectRef === undefined ? {} : { objectRef: { ...ref, ...(isInUri ? { name } : {}) } }),
        responseStatus: responseStatus === undefined ? undefined : { code: responseStatus.code },
        requestReceivedTimestamp: event.requestReceivedTimestamp,
      },
      inferred: objectRef === undefined ? [] : ["objectRef from requestURI"],
    };
  },
};

const withoutMetadata = (body: Event["requestObject"]): object | undefined => {
  if (body === undefined) return undefined;
  const { metadata: _metadata, ...rest } = body;
  return rest;
};

const elastic: LossyEnvelope = {
  name: "Elastic",
  format: "ecs",
  wrap: (lines) =>
    lines
      .map((line) => {
        const { event } = elastic.left(eventOf(line)) as { event: Event };
        const annotations = Object.fromEntries(
          Object.entries(event.annotations ?? {}).map(([key, value]) => [key.replaceAll(".", "_"), value]),
        );
        const document = { "@timestamp": event.stageTimestamp, kubernetes: { audit: { ...event, annotations } } };
        return `${JSON.stringify({ ...document, user: { name: event.user.username }, host: { name: "cp1" } })}\n`;
      })
      .join(""),
  unknown: {},
  left: (event) => ({
    event: {
      ...event,
      requestObject: withoutMetadata(event.requestObject),
      responseObject: withoutMetadata(event.responseObject),
    },
    inferred: [],
  }),
};

/** Envelopes that lose something: what gets through is answered as it is, the rest is unknown or said to be inferred. */
export const LOSSY_ENVELOPES: readonly LossyEnvelope[] = [cloudLogging, datadog, legacy, elastic];
