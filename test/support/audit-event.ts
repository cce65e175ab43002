/** What one generated request says; the rest is what a real API server of this kind writes. */
export interface EventFacts {
  /** Milliseconds from the start of the log. */
  readonly at: number;
  readonly verb: string;
  readonly resource: string;
  readonly apiGroup?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly user: string;
  readonly groups?: readonly string[];
  readonly agent: string;
  readonly ip?: string;
  readonly code?: number;
  readonly latencyMs?: number;
  readonly message?: string;
  readonly reason?: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Start of every generated log. */
const START = Date.UTC(2026, 10, 21);

function time(ms: number): string {
  return new Date(START + ms).toISOString().replace("Z", "000Z");
}

function uri({ apiGroup, namespace, resource, name, subresource }: EventFacts): string {
  const parts = [
    apiGroup === undefined ? "/api/v1" : `/apis/${apiGroup}/v1`,
    ...(namespace === undefined ? [] : ["namespaces", namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return parts.join("/");
}

function auditEvent(facts: EventFacts, id: number): string {
  const { at, verb, resource, apiGroup, subresource, namespace, name, code = 200, reason, message } = facts;
  const hasBodies = facts.request !== undefined || facts.response !== undefined;
  return JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: hasBodies ? "RequestResponse" : "Metadata",
    auditID: `00000000-0000-4000-8000-${id.toString().padStart(12, "0")}`,
    stage: "ResponseComplete",
    requestURI: uri(facts),
    verb,
    user: { username: facts.user, groups: [...(facts.groups ?? []), "system:authenticated"] },
    sourceIPs: [facts.ip ?? "10.0.0.1"],
    userAgent: facts.agent,
    objectRef: {
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(apiGroup === undefined ? {} : { apiGroup }),
      apiVersion: "v1",
      ...(subresource === undefined ? {} : { subresource }),
    },
    responseStatus: {
      metadata: {},
      ...(code < 400 ? {} : { status: "Failure", message, reason }),
      code,
    },
    ...(facts.request === undefined ? {} : { requestObject: facts.request }),
    ...(facts.response === undefined ? {} : { responseObject: facts.response }),
    requestReceivedTimestamp: time(at),
    stageTimestamp: time(at + (facts.latencyMs ?? 4)),
    annotations: {
      "authorization.k8s.io/decision": "allow",
      "authorization.k8s.io/reason": "",
      ...facts.annotations,
    },
  });
}

/** A log in the order an API server writes it: by when requests ended. */
export function auditLog(events: readonly EventFacts[]): string {
  const ended = (facts: EventFacts): number => facts.at + (facts.latencyMs ?? 4);
  return events
    .toSorted((a, b) => ended(a) - ended(b))
    .map((facts, id) => `${auditEvent(facts, id)}\n`)
    .join("");
}

/** 0…1, the same for the same seed. */
export function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 4.1414) * 43_758.5453;
  return x - Math.floor(x);
}
