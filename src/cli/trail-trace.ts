import type { TrailNode, TrailResult, TrailStep } from "../lineage/contract.ts";
import { nodeLabel } from "../panes/trail/nodes.ts";
import { laneLabel } from "../panes/trail/outside.ts";
import { actorName } from "../panes/trail/actors.ts";

type TraceEvent = Readonly<Record<string, unknown>>;

/** Processes of the trace: what was done, by whom; how long things were there; what roll-outs waited for. */
const REQUESTS = 1;
const OBJECTS = 2;
const PHASES = 3;
const OUTSIDE = 4;
const NAMES = [
  [REQUESTS, "requests by actor"],
  [OBJECTS, "objects"],
  [PHASES, "phases"],
] as const;

/** A trail in Trace Events: times and durations in µs, one thread a lane. Format: Chromium's "Trace Event Format". */
export function* traceOf(result: TrailResult): Generator<TraceEvent, void, void> {
  for (const [pid, name] of NAMES) yield named("process_name", pid, 0, name);
  yield* requestEvents(result);
  yield* objectEvents(result);
  yield* phaseEvents(result);
  yield* outsideEvents(result);
}

function named(what: "process_name" | "thread_name", pid: number, tid: number, name: string): TraceEvent {
  return { ph: "M", name: what, pid, tid, args: { name } };
}

/** RFC 3339 with up to six digits. */
function microseconds(time: string): number {
  const digits = /\.(\d{1,6})/.exec(time)?.[1] ?? "";
  return Date.parse(`${time.slice(0, 19)}Z`) * 1_000 + Number(digits.padEnd(6, "0"));
}

function* requestEvents({ steps, nodes }: TrailResult): Generator<TraceEvent, void, void> {
  const labels = new Map(nodes.map((node) => [node.id, nodeLabel(node)]));
  const lanes = new Map<string, number>();
  for (const step of steps) {
    const lane = actorName(step);
    let tid = lanes.get(lane);
    if (tid === undefined) {
      tid = lanes.size + 1;
      lanes.set(lane, tid);
      yield named("thread_name", REQUESTS, tid, lane);
    }
    yield requestEvent(step, { pid: REQUESTS, tid }, labels.get(step.object) ?? step.object);
  }
}

function requestEvent(
  step: TrailStep,
  lane: { readonly pid: number; readonly tid: number },
  object: string,
): TraceEvent {
  const { t, verb, subresource, code, latencyMs, what, auditID, actor, sort = "request" } = step;
  const place = { ...lane, ts: microseconds(t), cat: sort };
  const args = { object, verb, subresource, code, actor, auditID };
  const name = `${object}: ${what}`;
  return latencyMs === null
    ? { ph: "i", s: "t", name, ...place, args }
    : { ph: "X", name, dur: Math.max(1, Math.round(latencyMs * 1_000)), ...place, args };
}

function* outsideEvents({ outside = [] }: TrailResult): Generator<TraceEvent, void, void> {
  if (outside.length > 0) yield named("process_name", OUTSIDE, 0, "touched from outside");
  for (const [at, lane] of outside.entries()) {
    yield named("thread_name", OUTSIDE, at + 1, `${laneLabel(lane)}, ${lane.how}`);
    for (const step of lane.steps) yield requestEvent(step, { pid: OUTSIDE, tid: at + 1 }, laneLabel(lane));
  }
}

function* objectEvents({ nodes, steps }: TrailResult): Generator<TraceEvent, void, void> {
  const times = steps.map(({ t }) => microseconds(t));
  const [first = Number.NaN, last = Number.NaN] = [times[0], times.at(-1)];
  for (const [at, node] of nodes.entries()) {
    const from = node.created === null ? first : microseconds(node.created);
    const end = node.gone ?? node.deleted;
    const until = end === null ? last : microseconds(end);
    if (!Number.isFinite(from) || !Number.isFinite(until)) continue;
    yield named("thread_name", OBJECTS, at + 1, nodeLabel(node));
    yield {
      ph: "X",
      cat: node.kind,
      name: nodeLabel(node),
      pid: OBJECTS,
      tid: at + 1,
      ts: from,
      dur: Math.max(1, until - from),
      args: lifeOf(node),
    };
  }
}

function lifeOf({ uid, namespace, created, createdBy, deleted, deletedBy, gone = null, node }: TrailNode): TraceEvent {
  return { uid, namespace, created, createdBy, deleted, deletedBy, gone, node };
}

function* phaseEvents({ phases }: TrailResult): Generator<TraceEvent, void, void> {
  const lanes = new Set<number>();
  for (const { name, from, ms, rollout } of phases) {
    const tid = (rollout ?? 0) + 1;
    if (!lanes.has(tid)) {
      lanes.add(tid);
      yield named("thread_name", PHASES, tid, rollout === undefined ? "phases" : `roll-out ${String(tid)}`);
    }
    const place = { pid: PHASES, tid, ts: microseconds(from), cat: "phase" };
    yield { ph: "X", name, dur: Math.max(1, Math.round(ms * 1_000)), ...place, args: {} };
  }
}
