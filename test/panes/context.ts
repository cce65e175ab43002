import type { EngineStatus, RequestDetail } from "../../src/engine/contract.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import type { InputReport } from "../../src/ingest/contract.ts";
import { lineText } from "../../src/models/line.ts";
import type { Answers, PaneContext, PaneView } from "../../src/panes/contract.ts";
import type { GroupResult, GroupRow } from "../../src/queries/contract.ts";
import { type Filter, MATCH_ALL } from "../../src/queries/contract.ts";
import type { AppState, Frame } from "../../src/state/app-state.ts";
import { frameOf, initialState } from "../../src/state/initial-state.ts";

/** Plain values a pane looks at, with what a test leaves away filled in. */

export const START_MS = Date.parse("2026-11-21T00:02:26.760Z");

export function input(path: string): InputReport {
  return {
    path,
    format: "jsonl",
    compression: "none",
    bytes: 1_000,
    totalBytes: 1_000,
    events: 10,
    skipped: { foreign: 0, bad: 0, truncated: 0, fragment: 0, duplicate: 0 },
    formats: {},
    samples: [],
    error: null,
    passedOver: null,
    state: "done",
    waitingFor: null,
    silentSinceMs: null,
    lost: [],
  };
}

export const STATUS: EngineStatus = {
  phase: "idle",
  inputs: [input("audit.log")],
  named: ["audit.log"],
  apiservers: 0,
  revision: 1,
  requestsKept: 8_819,
  requestsSeen: 8_819,
  requestsEvicted: 0,
  events: 9_294,
  duplicates: 0,
  bad: 0,
  truncated: 0,
  foreign: 0,
  inFlight: 0,
  cutOff: 0,
  from: "2026-11-21T00:02:26.760Z",
  to: "2026-11-21T00:17:02.000Z",
  lastReceived: "2026-11-21T00:16:50.000Z",
  progress: null,
  arrivalRate: null,
  lagMs: null,
  silentSinceMs: null,
  isOverflowing: false,
  backfilling: false,
  skews: [],
  untold: [],
  notes: [],
  filtering: null,
  store: null,
  failure: null,
};

export interface ContextOptions {
  readonly frame?: Partial<Frame> & { readonly pane: string };
  readonly app?: Partial<AppState>;
  readonly status?: Partial<EngineStatus>;
  readonly width?: number;
  readonly height?: number;
  readonly unicode?: boolean;
  readonly filter?: Filter;
}

export function contextFor(options: ContextOptions): PaneContext {
  const { width = 120, height = 37, unicode = true } = options;
  const frame: Frame = { ...frameOf(options.frame?.pane ?? "top"), ...options.frame };
  const base = initialState({ frame, timeZone: "utc", size: { columns: width, rows: height + 3 } });
  const app: AppState = { ...base, ...options.app, stack: options.app?.stack ?? [frame] };
  return {
    app,
    frame,
    status: { ...STATUS, ...options.status },
    filter: options.filter ?? MATCH_ALL,
    window: app.window,
    width,
    height,
    unicode,
    nowMs: Date.parse("2026-11-21T00:20:00Z"),
  };
}

export function answered(values: Readonly<Record<string, unknown>>): Answers {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, stale: false, error: null }]));
}

/** The lines as text, with the cursor's line marked on the left. */
export function drawn(view: PaneView): string {
  return `\n${view.lines.map((line, at) => `${at === view.cursorLine ? "*" : "|"}${lineText(line)}`).join("\n")}\n`;
}

export function facts(change: Partial<RequestFacts> = {}): RequestFacts {
  return {
    seq: 1,
    auditID: "6b9e8b68-39e2-4833-ac46-6b0c55002d51",
    receivedUs: START_MS * 1_000,
    stageUs: START_MS * 1_000 + 14_250,
    latencyMs: 14.25,
    stage: "ResponseComplete",
    level: "RequestResponse",
    verb: "patch",
    user: "alice@example.com",
    asFrom: "",
    groups: ["platform-team", "system:authenticated"],
    resource: "deployments.apps",
    subresource: "scale",
    namespace: "demo",
    name: "nginx",
    uid: "",
    code: 200,
    reason: "",
    ip: "127.0.0.50",
    sourceIPs: ["127.0.0.50"],
    useragent: "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12",
    decision: "allow",
    authReason: 'RBAC: allowed by RoleBinding "deployers/demo" of Role "deployer" to Group "platform-team"',
    uri: "/apis/apps/v1/namespaces/demo/deployments/nginx/scale?fieldManager=kubectl",
    annotations: {
      "authorization.k8s.io/decision": "allow",
      "authorization.k8s.io/reason":
        'RBAC: allowed by RoleBinding "deployers/demo" of Role "deployer" to Group "platform-team"',
    },
    actorClass: "human",
    longRunning: false,
    inFlight: false,
    cutOff: false,
    bodiesTruncated: false,
    apiserver: "",
    source: { path: "audit.log", offset: 123_456, bytes: 2_048 },
    ...change,
  };
}

export function detail(change: Partial<RequestFacts> = {}, event: object = {}): RequestDetail {
  return {
    facts: facts(change),
    raw: JSON.stringify(event),
    rawMissing: null,
    stagesSeen: ["ResponseComplete"],
    log: "1024-0",
  };
}

export function groupRow(key: GroupRow["key"], requests: number, change: Partial<GroupRow> = {}): GroupRow {
  return {
    key,
    requests,
    share: requests / 8_819,
    rate: requests / 875,
    errors: { "4xx": 0, "5xx": 0 },
    latencyMs: { p50: 1.2, p90: 8, p99: 32, max: 1_506, sum: requests * 2.5 },
    firstSeen: "2026-11-21T00:02:26.760Z",
    lastSeen: "2026-11-21T00:17:01.123Z",
    bytes: requests * 2_048,
    spark: [0, 1, 2, 4, 8, 4, 2, 1],
    ...change,
  };
}

export function groups(by: GroupResult["by"], rows: readonly GroupRow[]): GroupResult {
  return {
    requests: 8_819,
    groups: rows.length,
    by,
    span: { from: STATUS.from, to: STATUS.to, seconds: 875 },
    rows,
  };
}
