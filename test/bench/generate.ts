/**
 * Seeded audit logs of any size in the API server's key order: `node test/bench/generate.ts PROFILE BYTES|…k|…m|…g FILE [SEED]`.
 * Profiles: `meta` (Metadata level, about 930 B an event) and `rr` (reads at Metadata, writes with both bodies; some lines
 * over 64 KiB, about 4 KB an event). The same seed gives the same bytes.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

export type Profile = "meta" | "rr";

export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Escaped quotes in bodies: what a scanner must not trip over. */
const NOTE = String.raw`lorem \"ipsum\" `;

const NODES = 200;
const NAMESPACES = 60;
const APPS = ["nginx", "checkout", "cart", "search", "billing", "web", "api", "db", "queue", "mailer"];
const CONTROLLERS = [
  "replicaset-controller",
  "deployment-controller",
  "endpointslice-controller",
  "job-controller",
  "generic-garbage-collector",
];

interface Shape {
  verb: string;
  resource: string;
  group: string;
  subresource: string;
  write: boolean;
}
const SHAPES: readonly (Shape & { weight: number })[] = [
  { verb: "update", resource: "leases", group: "coordination.k8s.io", subresource: "", write: true, weight: 22 },
  { verb: "get", resource: "pods", group: "", subresource: "", write: false, weight: 16 },
  { verb: "list", resource: "configmaps", group: "", subresource: "", write: false, weight: 8 },
  { verb: "watch", resource: "secrets", group: "", subresource: "", write: false, weight: 6 },
  { verb: "get", resource: "configmaps", group: "", subresource: "", write: false, weight: 12 },
  { verb: "patch", resource: "nodes", group: "", subresource: "status", write: true, weight: 6 },
  { verb: "patch", resource: "pods", group: "", subresource: "status", write: true, weight: 8 },
  { verb: "create", resource: "events", group: "", subresource: "", write: true, weight: 7 },
  { verb: "create", resource: "pods", group: "", subresource: "binding", write: true, weight: 2 },
  { verb: "create", resource: "pods", group: "", subresource: "", write: true, weight: 2 },
  { verb: "delete", resource: "pods", group: "", subresource: "", write: true, weight: 2 },
  { verb: "get", resource: "deployments", group: "apps", subresource: "", write: false, weight: 4 },
  { verb: "update", resource: "deployments", group: "apps", subresource: "status", write: true, weight: 2 },
  {
    verb: "create",
    resource: "subjectaccessreviews",
    group: "authorization.k8s.io",
    subresource: "",
    write: true,
    weight: 3,
  },
];

/** An endless stream of lines (with "\n"), oldest first. */
export function* auditLines(
  profile: Profile,
  seed: number,
  startMs = Date.UTC(2026, 10, 20, 12),
  perSecond = 900,
): Generator<string> {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const wheel = SHAPES.flatMap((shape) => Array.from({ length: shape.weight }, () => shape));
  const hex = (digits: number): string => {
    let text = "";
    for (let at = 0; at < digits; at += 1) text += Math.floor(random() * 16).toString(16);
    return text;
  };
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const stamp = (micros: number): string => {
    const ms = Math.floor(micros / 1_000);
    return `${new Date(ms).toISOString().slice(0, -1)}${String(Math.floor(micros % 1_000)).padStart(3, "0")}Z`;
  };
  let micros = startMs * 1_000;
  for (;;) {
    micros += Math.floor((random() * 2_000_000) / perSecond);
    const shape = pick(wheel);
    const node = Math.floor(random() * NODES);
    const namespace = `team-${Math.floor(random() * NAMESPACES)}`;
    const name = `${pick(APPS)}-${Math.floor(random() * 5_000).toString(36)}`;
    const roll = random();
    const isNode = roll < 0.7;
    const user = isNode
      ? `{"username":"system:node:worker-${node}","groups":["system:nodes","system:authenticated"]}`
      : roll < 0.95
        ? `{"username":"system:serviceaccount:kube-system:${pick(CONTROLLERS)}","uid":"${"0".repeat(8)}-1111-4111-a111-${"0".repeat(12)}","groups":["system:serviceaccounts","system:serviceaccounts:kube-system","system:authenticated"]}`
        : `{"username":"person-${Math.floor(random() * 40)}@example.com","groups":["dev-team","system:authenticated"]}`;
    const agent = isNode
      ? "kubelet/v1.31.2 (linux/amd64) kubernetes/abc1234"
      : roll < 0.95
        ? "kube-controller-manager/v1.31.2 (linux/amd64) kubernetes/abc1234"
        : "kubectl/v1.31.2 (linux/amd64) kubernetes/abc1234";
    const failed = random();
    const code =
      failed < 0.01
        ? 403
        : failed < 0.025
          ? 404
          : failed < 0.035
            ? 409
            : failed < 0.036
              ? 500
              : shape.verb === "create"
                ? 201
                : 200;
    const base = shape.group === "" ? "/api/v1" : `/apis/${shape.group}/v1`;
    const path = `${base}/namespaces/${namespace}/${shape.resource}/${name}${shape.subresource === "" ? "" : `/${shape.subresource}`}`;
    const uri =
      shape.verb === "watch"
        ? `${path}?allowWatchBookmarks=true&resourceVersion=${Math.floor(random() * 1e9)}&watch=true`
        : path;
    const status =
      code < 400
        ? `{"metadata":{},"code":${code}}`
        : `{"metadata":{},"status":"Failure","message":"${shape.resource} \\"${name}\\" failed","reason":"${code === 403 ? "Forbidden" : code === 404 ? "NotFound" : code === 409 ? "Conflict" : "InternalError"}","details":{"name":"${name}","kind":"${shape.resource}"},"code":${code}}`;
    const withBodies = profile === "rr" && shape.write;
    let bodies = "";
    if (withBodies) {
      const filler = random() < 0.004 ? 60_000 + Math.floor(random() * 60_000) : Math.floor(random() * 7_000);
      const body = `{"kind":"Thing","apiVersion":"v1","metadata":{"name":"${name}","namespace":"${namespace}","uid":"${uuid()}","annotations":{"note":"${NOTE.repeat(Math.floor(filler / 16))}"}}}`;
      bodies = `,"requestObject":${body},"responseObject":${body}`;
    }
    const latency =
      shape.verb === "watch"
        ? 300_000_000 + Math.floor(random() * 300_000_000)
        : Math.floor(500 + 20_000 * random() ** 6 * (random() < 0.01 ? 100 : 1));
    const reason = isNode
      ? ""
      : `RBAC: allowed by ClusterRoleBinding \\"${pick(CONTROLLERS)}\\" of ClusterRole \\"edit\\" to Group \\"dev-team\\"`;
    yield `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"${withBodies ? "RequestResponse" : "Metadata"}","auditID":"${uuid()}","stage":"ResponseComplete","requestURI":"${uri}","verb":"${shape.verb}","user":${user},"sourceIPs":["10.0.${node >> 8}.${node & 255}"],"userAgent":"${agent}","objectRef":{"resource":"${shape.resource}","namespace":"${namespace}","name":"${name}"${shape.group === "" ? "" : `,"apiGroup":"${shape.group}"`},"apiVersion":"v1"${shape.subresource === "" ? "" : `,"subresource":"${shape.subresource}"`}},"responseStatus":${status}${bodies},"requestReceivedTimestamp":"${stamp(micros)}","stageTimestamp":"${stamp(micros + latency)}","annotations":{"authorization.k8s.io/decision":"${code === 403 ? "forbid" : "allow"}","authorization.k8s.io/reason":"${reason}"}}\n`;
  }
}

/** Writes at least `bytes` bytes of whole lines; returns the number of lines. */
export function writeLog(path: string, profile: Profile, bytes: number, seed: number): number {
  const file = openSync(path, "w");
  let written = 0;
  let lines = 0;
  let block: string[] = [];
  let blockBytes = 0;
  for (const line of auditLines(profile, seed)) {
    block.push(line);
    blockBytes += line.length;
    lines += 1;
    if (blockBytes >= 1 << 20 || written + blockBytes >= bytes) {
      writeSync(file, block.join(""));
      written += blockBytes;
      block = [];
      blockBytes = 0;
      if (written >= bytes) break;
    }
  }
  closeSync(file);
  return lines;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [profile, size, path, seed] = process.argv.slice(2);
  const units: Record<string, number> = { k: 1 << 10, m: 1 << 20, g: 1 << 30 };
  const found = /^(\d+)([kmg]?)$/.exec(size ?? "");
  if ((profile !== "meta" && profile !== "rr") || found === null || path === undefined) {
    process.stderr.write("usage: node test/bench/generate.ts meta|rr SIZE FILE [SEED]\n");
    process.exit(2);
  }
  const lines = writeLog(path, profile, Number(found[1]) * (units[found[2] ?? ""] ?? 1), Number(seed ?? 1));
  process.stdout.write(`${lines} lines\n`);
}
