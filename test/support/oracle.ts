import { readLog } from "./log-files.ts";

/** What queries must answer, computed the slow and obvious way: parsed JSON, one object per request, one test per row. */
export interface OracleRequest {
  readonly auditID: string;
  stage: string;
  level: string;
  verb: string;
  user: string;
  asFrom: string;
  groups: readonly string[];
  sourceIPs: readonly string[];
  useragent: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  uid: string;
  uri: string;
  code: number | null;
  reason: string;
  annotations: Readonly<Record<string, string>>;
  readonly received: string;
  stageTime: string;
  /** File of the event the facts come from. */
  input: string;
  /** The event the facts come from, for body: terms. */
  event: AuditEvent;
  /** Length of that event's line. */
  bytes: number;
  /** Order of first appearance. */
  readonly at: number;
}

interface AuditUser {
  readonly username?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly level: string;
  readonly verb: string;
  readonly requestURI?: string;
  readonly user?: AuditUser;
  readonly impersonatedUser?: AuditUser;
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly objectRef?: Readonly<Record<string, string>>;
  readonly responseStatus?: { readonly code?: number; readonly reason?: string; readonly message?: string };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const RANK = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];

export function oracleRequests(paths: readonly string[]): OracleRequest[] {
  const requests = new Map<string, OracleRequest>();
  const decoder = new TextDecoder();
  for (const path of paths) {
    for (const line of decoder.decode(readLog(path)).split("\n")) {
      if (line.trim() === "") continue;
      const event = JSON.parse(line) as AuditEvent;
      const id = `${event.auditID} ${event.requestReceivedTimestamp}`;
      const known = requests.get(id);
      if (known === undefined) requests.set(id, factsOf(event, requests.size, { path, line }));
      else if (RANK.indexOf(event.stage) >= RANK.indexOf(known.stage))
        Object.assign(known, better(known, event, { path, line }));
    }
  }
  return [...requests.values()];
}

/** Later stages win, but what they do not say stands. */
function better(known: OracleRequest, event: AuditEvent, from: Place): OracleRequest {
  const facts = factsOf(event, known.at, from);
  return {
    ...facts,
    name: facts.name || known.name,
    uid: facts.uid || known.uid,
    code: facts.code ?? known.code,
    reason: facts.reason || known.reason,
  };
}

interface Place {
  readonly path: string;
  readonly line: string;
}

function factsOf(event: AuditEvent, at: number, { path, line }: Place): OracleRequest {
  const target = event.objectRef ?? {};
  const impersonated = Object.keys(event.impersonatedUser ?? {}).length === 0 ? undefined : event.impersonatedUser;
  const effective = impersonated ?? event.user ?? {};
  const group = target["apiGroup"] ?? "";
  const resource = target["resource"] ?? "";
  return {
    at,
    auditID: event.auditID,
    stage: event.stage,
    level: event.level,
    verb: event.verb,
    user: effective.username ?? "",
    asFrom: impersonated === undefined ? "" : (event.user?.username ?? ""),
    groups: [...new Set(effective.groups)],
    sourceIPs: event.sourceIPs ?? [],
    useragent: event.userAgent ?? "",
    resource: resource !== "" && group !== "" ? `${resource}.${group}` : resource,
    subresource: target["subresource"] ?? "",
    namespace: target["namespace"] ?? "",
    name: target["name"] ?? "",
    uid: target["uid"] ?? "",
    uri: event.requestURI ?? "",
    code: event.responseStatus?.code ?? null,
    reason: event.responseStatus?.reason ?? "",
    annotations: event.annotations ?? {},
    received: event.requestReceivedTimestamp,
    stageTime: event.stageTimestamp,
    input: path,
    bytes: Buffer.byteLength(line),
    event,
  };
}

export function microsOf(time: string): number {
  const [seconds = "", fraction = ""] = time.replace("Z", "").split(".");
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

export function isLongRunning(request: OracleRequest): boolean {
  const { verb, subresource, uri } = request;
  return (
    verb === "watch" ||
    ["exec", "attach", "portforward", "proxy"].includes(subresource) ||
    (subresource === "log" && /[?&]follow=(true|1)(&|$)/.test(uri))
  );
}

/** ms; null for what has not been answered. */
export function latencyMs(request: OracleRequest): number | null {
  const isAnswered =
    request.stage === "ResponseComplete" ||
    request.stage === "Panic" ||
    (request.stage === "ResponseStarted" && request.user === "");
  return isAnswered ? (microsOf(request.stageTime) - microsOf(request.received)) / 1000 : null;
}
