import { eventLine } from "../../index/feeder.ts";
import { noise } from "../audit-event.ts";

/** How a process of the API server ends. */
export interface Break {
  /** ms from the start of the log. */
  readonly at: number;
  readonly ms: number;
  readonly how: "kill" | "term";
}

/** What the audit policy lets through. */
export interface Policy {
  /** RequestReceived and, of watches, ResponseStarted. */
  readonly stages: boolean;
  /** Requests of the API server itself. */
  readonly own: boolean;
  /** /readyz and /livez. */
  readonly health: boolean;
  /** OpenShift's annotation on what is answered before readiness. */
  readonly startup: boolean;
}

export interface ServerLog {
  readonly minutes: number;
  /** Requests of ordinary clients a second. */
  readonly rate: number;
  readonly breaks: readonly Break[];
  readonly policy: Policy;
  readonly seed: number;
  /** Whether the log begins with the start of its API server. */
  readonly fresh?: boolean;
}

interface Request {
  readonly at: number;
  readonly verb: string;
  readonly user: string;
  readonly uri: string;
  readonly objectRef?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly annotations?: Readonly<Record<string, string>>;
  /** When it is answered; Infinity: never. */
  end: number;
}

const WATCHERS = 40;
const READY_AFTER = 1_500;

/** A log of one API server as it writes it, with what really happened: who was cut off, who is still in flight. */
export function serverLog(given: ServerLog): { lines: Buffer[]; cutOff: number[]; inFlight: number } {
  const end = given.minutes * 60_000;
  const lives = livesOf(given, end);
  const requests = lives
    .flatMap((life, i) => requestsOf(given, life, i, end))
    .filter((request) => isLogged(given, request));
  const events = requests.flatMap((request, id) => eventsOf(given, request, id, end));
  const lines = events.sort((a, b) => a.at - b.at).map(({ line }) => line);
  const seen = requests.filter((request) => given.policy.stages && !hasEnd(request, end));
  const cutOff = lives.slice(0, -1).map(({ from, to }) => seen.filter(({ at }) => at >= from && at < to).length);
  return { lines, cutOff, inFlight: seen.filter(({ at }) => at >= (lives.at(-1)?.from ?? 0)).length };
}

interface Life {
  readonly from: number;
  readonly to: number;
  readonly how: Break["how"] | "on";
  readonly isStart: boolean;
}

function livesOf({ breaks, fresh = false }: ServerLog, end: number): Life[] {
  const lives: Life[] = [];
  let from = 0;
  for (const { at, ms, how } of breaks) {
    lives.push({ from, to: at, how, isStart: from > 0 || fresh });
    from = at + ms;
  }
  lives.push({ from, to: end, how: "on", isStart: from > 0 || fresh });
  return lives;
}

function requestsOf({ rate, seed, policy }: ServerLog, life: Life, nth: number, logEnd: number): Request[] {
  const requests: Request[] = [];
  const random = (n: number): number => noise(seed * 1_000 + nth * 97 + n * 1.37);
  const ends = (at: number, ms: number): number => {
    if (at + ms < life.to) return at + ms;
    if (life.how === "on") return at + ms;
    return life.how === "term" && ms > 10_000 ? life.to : Number.POSITIVE_INFINITY;
  };
  const add = (request: Omit<Request, "end">, ms: number): void => {
    if (request.at < life.to) requests.push({ ...request, end: ends(request.at, ms) });
  };
  const starting = (at: number): Pick<Request, "annotations"> =>
    life.isStart && policy.startup && at < life.from + READY_AFTER
      ? { annotations: { "apiserver.k8s.io/startup": "early=true" } }
      : {};
  if (life.isStart)
    for (const request of bootstrap(life.from + 90)) add(request, request.verb === "watch" ? 400_000 : 4);
  for (let client = 0; client < WATCHERS; client++) {
    const resource = `things${client % 8}`;
    let at = life.from + (life.isStart ? 150 + random(client) * 2_000 : random(client) * 5_000);
    for (let turn = 0; at < life.to; turn++) {
      const isRefused = life.isStart && turn === 0 && client % 4 === 0;
      const ms = isRefused ? 3 : 300_000 + 300_000 * random(client * 31 + turn);
      const user = client % 4 === 0 ? "system:kube-scheduler" : `system:node:n${client}`;
      const uri = `/api/v1/${resource}?watch=true`;
      add({ at, verb: "watch", user, uri, objectRef: { resource }, code: isRefused ? 403 : 200, ...starting(at) }, ms);
      at += ms + 200 + 300 * random(client * 7 + turn);
    }
  }
  // A client that waits some tens of milliseconds for its turn is never silent for as long as it may be.
  for (let at = life.from + 120, n = 0; at < Math.min(life.to, logEnd); n++) {
    const objectRef = { resource: "pods", namespace: "demo", name: `p${n % 17}` };
    const uri = `/api/v1/namespaces/demo/pods/p${n % 17}`;
    add({ at, verb: "get", user: "alice", uri, objectRef, code: 200, ...starting(at) }, n % 50 === 0 ? 900 : 5);
    at += (1_000 / rate) * (0.2 + 1.6 * random(n * 3));
  }
  for (let at = life.from + 400; at < life.to; at += 5_000) {
    const isReady = !life.isStart || at >= life.from + READY_AFTER;
    add({ at, verb: "get", user: "system:kube-probe", uri: "/readyz", code: isReady ? 200 : 500 }, 2);
  }
  for (let at = life.from + 700; at < life.to; at += 10_000) {
    const objectRef = { resource: "endpoints", namespace: "default", name: "kubernetes" };
    add(
      { at, verb: "get", user: OWN, uri: "/api/v1/namespaces/default/endpoints/kubernetes", objectRef, code: 200 },
      2,
    );
  }
  if (life.how === "term") requests.push({ ...lease("delete", life.to - 30, 200), end: life.to - 25 });
  return requests;
}

const OWN = "system:apiserver";

function lease(verb: string, at: number, code: number): Omit<Request, "end"> {
  const objectRef = {
    resource: "leases",
    apiGroup: "coordination.k8s.io",
    namespace: "kube-system",
    name: "apiserver-x",
  };
  return { at, verb, user: OWN, uri: "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", objectRef, code };
}

/** What a new process asks itself. */
function bootstrap(at: number): Omit<Request, "end">[] {
  const own = (i: number, verb: string, resource: string, name?: string): Omit<Request, "end"> => ({
    at: at + i * 4,
    verb,
    user: OWN,
    uri: `/apis/x/v1/${resource}`,
    objectRef: {
      resource,
      ...(/role/.test(resource) ? { apiGroup: "rbac.authorization.k8s.io" } : {}),
      ...(name === undefined ? {} : { name }),
    },
    code: 200,
  });
  return [
    ...Array.from({ length: 38 }, (_, i) => own(i, "watch", `kinds${i}`)),
    lease("delete", at + 20, 404),
    lease("create", at + 300, 201),
    ...Array.from({ length: 60 }, (_, i) => own(100 + i, "get", "clusterroles", `system:role-${i}`)),
  ];
}

function isLogged({ policy }: ServerLog, { user, uri }: Request): boolean {
  return (policy.own || user !== OWN) && (policy.health || uri !== "/readyz");
}

function hasEnd({ end }: Request, logEnd: number): boolean {
  return end < logEnd;
}

function eventsOf({ policy }: ServerLog, request: Request, id: number, logEnd: number): { at: number; line: Buffer }[] {
  const { at, verb, user, uri, objectRef, code, annotations } = request;
  const stages: [string, number][] = [];
  if (policy.stages) stages.push(["RequestReceived", at]);
  if (policy.stages && verb === "watch") stages.push(["ResponseStarted", at + 1]);
  if (hasEnd(request, logEnd)) stages.push(["ResponseComplete", request.end]);
  return stages.map(([stage, staged]) => ({
    at: staged,
    line: eventLine({
      auditID: `r${id}`,
      stage,
      received: Math.round(at),
      staged: Math.round(staged),
      verb,
      user: { username: user },
      requestURI: uri,
      userAgent: user === OWN ? "kube-apiserver/v1.36.2 (linux/amd64) kubernetes/x" : "client/1",
      objectRef,
      ...(annotations === undefined ? {} : { annotations }),
      ...(stage === "RequestReceived" ? { responseStatus: undefined } : { responseStatus: { metadata: {}, code } }),
    }),
  }));
}
