import { objectName } from "../../events/object-name.ts";
import type { TrailNode, TrailResult } from "../../lineage/contract.ts";
import { prepared } from "../prepared.ts";
import { exactTime } from "./exact-time.ts";
import { namedBy } from "./nodes.ts";
import { toldSteps } from "./outside.ts";

/** A life in parts: each roll-out with what followed it, the end, and the whole. One is on screen at a time. */
export interface Chapter {
  readonly id: string;
  /** "Roll-out 1/5" */
  readonly label: string;
  readonly what: string;
  readonly by: string;
  readonly revision: string | null;
  /** Position in `rollouts`; null for the end and the whole. */
  readonly rollout: number | null;
  readonly fromMs: number;
  /** When it was done; null when that never came, or the log does not say. */
  readonly toMs: number | null;
  /** Steps [first, end) of those told, from outside too. */
  readonly first: number;
  readonly end: number;
  /** What the time axis shows at first. */
  readonly axisToMs: number;
  readonly pods: readonly string[];
  readonly replicaSet: string | null;
  readonly slowestPod: string | null;
  readonly failures: number;
}

export const chaptersOf = prepared(chapterList);

/** The root's own node: the first that owns the rest and is what the trail is about. */
export function rootOf(result: TrailResult): TrailNode | undefined {
  const named = result.nodes.filter((node) => objectName(namedBy(node)) === result.object);
  return named[0] ?? result.nodes[0];
}

function chapterList(result: TrailResult): readonly Chapter[] {
  const { rollouts = [] } = result;
  const { steps, lanes } = toldSteps(result);
  const times = steps.map((step) => exactTime(step.t));
  const own = steps.flatMap((step, at) => (lanes.has(step) ? [] : [{ at, ms: times[at] ?? Number.NaN }]));
  const firstAt = (ms: number): number => {
    const at = times.findIndex((time) => time >= ms - 0.01);
    return at < 0 ? steps.length : at;
  };
  const root = rootOf(result);
  const deletedMs = exactTime(root?.deleted ?? null);
  const hasEnd = rollouts.length > 0 && Number.isFinite(deletedMs);
  const starts = rollouts.map((rollout, at) => (at === 0 ? 0 : firstAt(exactTime(rollout.from))));
  const endAt = hasEnd ? firstAt(deletedMs) : steps.length;
  const nodes = new Map(result.nodes.map((node) => [node.id, node]));
  const failuresIn = (first: number, end: number): number =>
    steps.slice(first, end).filter((step) => step.sort === "failure").length;
  const chapters = rollouts.map((rollout, at): Chapter => {
    const first = starts[at] ?? 0;
    const end = Math.max(first, Math.min(starts[at + 1] ?? endAt, endAt));
    const fromMs = exactTime(rollout.from);
    const toMs = rollout.to === null ? null : exactTime(rollout.to);
    const reached = [
      toMs ?? Number.NaN,
      ...rollout.pods.flatMap((id) => Object.values(nodes.get(id)?.milestones ?? {}).map((time) => exactTime(time))),
    ].filter((ms) => Number.isFinite(ms));
    const lastMs = own.findLast(({ at: index }) => index < end)?.ms ?? fromMs;
    const marks = reached.length > 0 ? reached : [Number.isFinite(lastMs) ? lastMs : fromMs];
    return {
      id: `rollout:${at}`,
      label: `Roll-out ${at + 1}/${rollouts.length}`,
      what: rollout.what,
      by: rollout.by,
      revision: rollout.revision,
      rollout: at,
      fromMs,
      toMs,
      first,
      end,
      axisToMs: axisEnd(fromMs, Math.max(fromMs, ...marks)),
      pods: rollout.pods,
      replicaSet: rollout.replicaSet,
      slowestPod: rollout.slowestPod,
      failures: failuresIn(first, end),
    };
  });
  const lastMs = own.findLast(({ ms }) => Number.isFinite(ms))?.ms ?? Number.NaN;
  const plain = { revision: null, rollout: null, pods: [], replicaSet: null, slowestPod: null };
  if (hasEnd)
    chapters.push({
      ...plain,
      id: "end",
      label: "The end",
      what: "deleted",
      by: root?.deletedBy ?? "",
      fromMs: deletedMs,
      toMs: lastMs,
      first: endAt,
      end: steps.length,
      axisToMs: axisEnd(deletedMs, lastMs),
      failures: failuresIn(endAt, steps.length),
    });
  const fromMs = own.find(({ ms }) => Number.isFinite(ms))?.ms ?? Number.NaN;
  const isPod = root?.kind === "Pod";
  chapters.push({
    ...plain,
    id: "whole",
    label: "Whole life",
    what: "",
    by: root?.createdBy ?? "",
    slowestPod: isPod ? (root?.id ?? null) : null,
    fromMs,
    toMs: lastMs,
    first: 0,
    end: steps.length,
    axisToMs: axisEnd(fromMs, lastMs),
    failures: failuresIn(0, steps.length),
  });
  return chapters;
}

/** A little more than the last moment, so that its words fit behind it. */
function axisEnd(fromMs: number, toMs: number): number {
  return fromMs + Math.max(1, (toMs - fromMs) * 1.06);
}

/** One stretch of the time until everything was available, as the slowest pod lived it. */
export interface PathPart {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly isLongest: boolean;
}

/** What the roll-out waited for, one after the other: the parts add up to its duration. */
export function criticalPath(result: TrailResult, chapter: Chapter): readonly PathPart[] {
  const pod = result.nodes.find((node) => node.id === chapter.slowestPod);
  const found = pod?.milestones ?? null;
  if (found === null) return [];
  const replicaSet = result.phases.find(
    (phase) => phase.name === "ReplicaSet created" && phase.rollout === (chapter.rollout ?? undefined),
  );
  const { ready, started } = found;
  const marks: readonly (readonly [string, string | null])[] = [
    ["ReplicaSet", chapter.rollout === null ? null : (replicaSet?.to ?? null)],
    ["pod", found.created],
    ["bound", found.bound],
    ["accepted", found.accepted],
    ["started", ready !== null && started !== null && exactTime(started) >= exactTime(ready) ? null : started],
    ["Ready", ready],
    ["available", chapter.rollout === null ? null : (result.rollouts?.[chapter.rollout]?.to ?? null)],
  ];
  const parts: PathPart[] = [];
  let fromMs = chapter.rollout === null ? exactTime(pod?.created ?? null) : chapter.fromMs;
  for (const [name, time] of marks) {
    const toMs = exactTime(time);
    if (!Number.isFinite(toMs) || toMs < fromMs) continue;
    const last = parts.at(-1);
    if (toMs - fromMs < 0.5 && last !== undefined)
      parts[parts.length - 1] = { ...last, name: `${last.name}+${name}`, toMs };
    else parts.push({ name, fromMs, toMs, isLongest: false });
    fromMs = toMs;
  }
  const longest = Math.max(...parts.map((part) => part.toMs - part.fromMs));
  const at = parts.findIndex((part) => part.toMs - part.fromMs === longest);
  return parts.map((part, index) => ({ ...part, isLongest: index === at && parts.length > 1 }));
}
