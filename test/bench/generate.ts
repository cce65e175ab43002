/**
 * Seeded audit logs of any size in the API server's key order: `node test/bench/generate.ts PROFILE BYTES|…k|…m|…g FILE [SEED]`.
 * Profiles: `meta` (Metadata level, about 930 B an event) and `rr` (reads at Metadata, writes with both bodies; some lines
 * over 64 KiB, about 4.3 KB an event), both of 200 nodes; `big-meta` and `big-rr` of 2,500; `names`, as `meta` with every
 * object new; `unique`, with every text of every event new. The same seed gives the same bytes. Lines are in the order of their stageTimestamp.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { BIG_CLUSTER, SMALL_CLUSTER } from "./cluster-population.ts";
import { ClusterTraffic, type Operation } from "./cluster-traffic.ts";
import { Seeded } from "./seeded.ts";
import { bytesOf } from "./sizes.ts";

interface Traits {
  readonly hasBodies: boolean;
  readonly size: typeof SMALL_CLUSTER;
  /** Share of events with an object that no other names. */
  readonly distinct: number;
  /** Whether those have an actor of their own, too. */
  readonly hasStrangers: boolean;
}

const PROFILES = {
  meta: { hasBodies: false, size: SMALL_CLUSTER, distinct: 0, hasStrangers: false },
  rr: { hasBodies: true, size: SMALL_CLUSTER, distinct: 0, hasStrangers: false },
  "big-meta": { hasBodies: false, size: BIG_CLUSTER, distinct: 0.3, hasStrangers: false },
  "big-rr": { hasBodies: true, size: BIG_CLUSTER, distinct: 0.3, hasStrangers: false },
  "distinct-1": { hasBodies: false, size: SMALL_CLUSTER, distinct: 0.01, hasStrangers: true },
  "distinct-10": { hasBodies: false, size: SMALL_CLUSTER, distinct: 0.1, hasStrangers: true },
  "distinct-50": { hasBodies: false, size: SMALL_CLUSTER, distinct: 0.5, hasStrangers: true },
  names: { hasBodies: false, size: SMALL_CLUSTER, distinct: 1, hasStrangers: false },
  unique: { hasBodies: false, size: SMALL_CLUSTER, distinct: 1, hasStrangers: true },
} satisfies Record<string, Traits>;
export type Profile = keyof typeof PROFILES;

/** Escaped quotes in bodies: what a scanner must not trip over. */
const NOTE = String.raw`{\"team\":\"shop\",\"note\":\"lorem ipsum\"}`;
/** What real bodies are mostly made of: many short keys and values. Settings of a container, then owners of fields. */
const SETTINGS = pieces(1_100, (n) => `{"name":"SETTING_${n}","value":"service-${n}.shop.svc.cluster.local:8080"}`);
const FIELDS = pieces(1_500, (n) => `"f:field-${n}":{".":{},"f:name":{},"f:value":{}}`);
const LARGE_SHARE = 0.004;

const FAILURES = [
  { below: 0.01, code: 403, reason: "Forbidden" },
  { below: 0.025, code: 404, reason: "NotFound" },
  { below: 0.035, code: 409, reason: "Conflict" },
  { below: 0.036, code: 500, reason: "InternalError" },
];

/** An endless stream of lines (with "\n"), oldest first. */
export function* auditLines(
  profile: Profile,
  seed: number,
  startMs = Date.UTC(2026, 10, 20, 12),
  perSecond = 900,
): Generator<string> {
  const seeded = new Seeded(seed);
  const { hasBodies, size, distinct, hasStrangers }: Traits = PROFILES[profile];
  const traffic = new ClusterTraffic(seeded, size);
  let micros = startMs * 1_000;
  for (;;) {
    micros += Math.floor((seeded.fraction() * 2_000_000) / perSecond);
    const operation = traffic.next();
    const isDistinct = distinct > 0 && seeded.fraction() < distinct;
    yield eventLine(seeded, isDistinct ? renamed(seeded, operation, hasStrangers) : operation, micros, hasBodies);
  }
}

/** The same with names that nobody had before. */
function renamed(seeded: Seeded, operation: Operation, withActor: boolean): Operation {
  const { actor, name, query } = operation;
  const mark = `${seeded.hex()}${seeded.hex()}`;
  return {
    ...operation,
    name: `${name}-${mark}`,
    uid: seeded.uuid(),
    query: `${query}${query === "" ? "?" : "&"}continue=${mark}`,
    actor: !withActor
      ? actor
      : {
          user: actor.user.replace('{"username":"', `{"username":"${mark}:`),
          ip: `fd00::${mark.slice(0, 4)}:${mark.slice(4, 8)}`,
          useragent: `${actor.useragent} ${mark}`,
          reason: actor.reason === "" ? "" : `${actor.reason} ${mark}`,
        },
  };
}

function eventLine(seeded: Seeded, operation: Operation, stageUs: number, hasBodies: boolean): string {
  const { verb, group, resource, subresource, namespace, name, uid, actor } = operation;
  const base = group === "" ? "/api/v1" : `/apis/${group}/v1`;
  const where = namespace === "" ? "" : `/namespaces/${namespace}`;
  const isNamed = name !== "" && !(verb === "create" && subresource === "");
  const path = `${base}${where}/${resource}${isNamed ? `/${name}` : ""}${subresource === "" ? "" : `/${subresource}`}`;

  const roll = seeded.fraction();
  const failure = verb === "watch" ? undefined : FAILURES.find(({ below }) => roll < below);
  const code = failure?.code ?? (verb === "create" ? 201 : 200);
  const status =
    failure === undefined
      ? `{"metadata":{},"code":${code}}`
      : `{"metadata":{},"status":"Failure","message":"${resource} \\"${name}\\" failed","reason":"${failure.reason}","details":{"name":"${name}","kind":"${resource}"},"code":${code}}`;

  const withBodies = hasBodies && operation.isWrite;
  const bodies = withBodies ? bodiesOf(seeded, operation) : "";
  const latencyUs =
    verb === "watch"
      ? 300_000_000 + seeded.below(300_000_000)
      : Math.floor(500 + 20_000 * seeded.fraction() ** 6 * (seeded.fraction() < 0.01 ? 100 : 1));
  const slow =
    latencyUs > 500_000 && verb !== "watch"
      ? `"apiserver.latency.k8s.io/etcd":"${latencyUs / 2_000}ms","apiserver.latency.k8s.io/total":"${latencyUs / 1_000}ms",`
      : "";
  const ref =
    `{"resource":"${resource}"${member("namespace", namespace)}${member("name", name)}${member("uid", uid)}` +
    `${member("apiGroup", group)},"apiVersion":"v1"${uid === "" ? "" : member("resourceVersion", String(seeded.below(1e9)))}` +
    `${member("subresource", subresource)}}`;
  return (
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"${withBodies ? "RequestResponse" : "Metadata"}",` +
    `"auditID":"${seeded.uuid()}","stage":"ResponseComplete","requestURI":"${path}${operation.query}","verb":"${verb}",` +
    `"user":${actor.user},"sourceIPs":["${actor.ip}"],"userAgent":"${actor.useragent}","objectRef":${ref},` +
    `"responseStatus":${status}${bodies},"requestReceivedTimestamp":"${stamp(stageUs - latencyUs)}",` +
    `"stageTimestamp":"${stamp(stageUs)}","annotations":{${slow}` +
    `"authorization.k8s.io/decision":"${code === 403 ? "forbid" : "allow"}",` +
    `"authorization.k8s.io/reason":"${code === 403 ? "" : actor.reason}"${operation.annotations}}}\n`
  );
}

function member(key: string, value: string): string {
  return value === "" ? "" : `,"${key}":"${value}"`;
}

/** Members one after the other, and where each ends. */
function pieces(
  count: number,
  piece: (n: number) => string,
): { readonly text: string; readonly ends: readonly number[] } {
  let text = "";
  const ends: number[] = [];
  for (let n = 0; n < count; n += 1) {
    text += `${n === 0 ? "" : ","}${piece(n)}`;
    ends.push(text.length);
  }
  return { text, ends };
}

/** As many whole pieces as fit into so many bytes. */
function upTo({ text, ends }: ReturnType<typeof pieces>, bytes: number): string {
  const end = ends.findLast((each) => each <= bytes);
  return text.slice(0, end ?? 0);
}

function bodiesOf(seeded: Seeded, { name, namespace, resource, bodyBytes }: Operation): string {
  const bytes = seeded.fraction() < LARGE_SHARE ? 60_000 + seeded.below(60_000) : bodyBytes;
  // The rest of the body takes about 600 bytes.
  const each = Math.max(0, bytes - 600) / 2;
  const body =
    `{"kind":"${resource}","apiVersion":"v1","metadata":{"name":"${name}","namespace":"${namespace}","uid":"${seeded.uuid()}",` +
    `"resourceVersion":"${seeded.below(1e9)}","generation":3,"creationTimestamp":"2026-11-20T12:00:00Z",` +
    `"labels":{"app":"${namespace}","pod-template-hash":"${seeded.hex()}"},"annotations":{"note":"${NOTE}"},` +
    `"managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-11-20T12:00:00Z",` +
    `"fieldsType":"FieldsV1","fieldsV1":{${upTo(FIELDS, each)}}}]},` +
    `"spec":{"containers":[{"name":"main","image":"registry.example/shop:1.27","env":[${upTo(SETTINGS, each)}]}]},` +
    `"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-11-20T12:00:07Z"}]}}`;
  return `,"requestObject":${body},"responseObject":${body}`;
}

function stamp(micros: number): string {
  const ms = Math.floor(micros / 1_000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(Math.floor(micros % 1_000)).padStart(3, "0")}Z`;
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

if (import.meta.main) {
  const [profile, size, path, seed] = process.argv.slice(2);
  const bytes = bytesOf(size ?? "");
  if (profile === undefined || !(profile in PROFILES) || bytes === null || path === undefined) {
    process.stderr.write(`usage: node test/bench/generate.ts ${Object.keys(PROFILES).join("|")} SIZE FILE [SEED]\n`);
    process.exit(2);
  }
  process.stdout.write(`${writeLog(path, profile as Profile, bytes, Number(seed ?? 1))} lines\n`);
}
