import type { TrailNode, TrailStep } from "../../lineage/contract.ts";
import type { Tone } from "../../models/view.ts";
import { actorTone } from "../tones.ts";
import { actorName, ADMISSION, isAdmissionFailure, laneRank } from "./actors.ts";
import { lifeMark } from "./nodes.ts";
import { laneLabel } from "./outside.ts";
import { SHORT_KINDS, wordsOf } from "./steps.ts";
import { eventReason, type VisibleSteps } from "./visible-steps.ts";
import { exactTime } from "./exact-time.ts";

/** Steps sorted onto lanes by who made them. */

export type MarkKind = "failure" | "delete" | "create" | "bind" | "event" | "change";

export interface LaneStep {
  /** Position in the visible steps. */
  readonly index: number;
  readonly ms: number;
  readonly kind: MarkKind;
  readonly label: string;
}

export interface Lane {
  readonly name: string;
  readonly tone: Tone;
  readonly steps: readonly LaneStep[];
}

/** Glyph with Unicode, without, and its tone. */
export const MARKS: Readonly<Record<MarkKind, readonly [unicode: string, ascii: string, tone: Tone]>> = {
  failure: ["✖", "X", "danger"],
  delete: ["✝", "D", "warn"],
  create: ["●", "C", "good"],
  bind: ["◆", "B", "info"],
  event: ["○", "o", "muted"],
  change: ["·", ".", "normal"],
};
/** Where two fall on one place of the screen, the first of these is drawn. */
const PRECEDENCE: readonly MarkKind[] = ["failure", "delete", "create", "bind", "change", "event"];

export function precedence(kind: MarkKind): number {
  return PRECEDENCE.indexOf(kind);
}

export function markKind(step: TrailStep): MarkKind {
  if (step.sort === "failure") return "failure";
  if (step.sort === "event") return "event";
  if (step.verb === "delete" || step.verb === "deletecollection" || step.subresource === "eviction") return "delete";
  if (step.subresource === "binding") return "bind";
  return step.verb === "create" && step.subresource === "" ? "create" : "change";
}

/** Below the actors. */
const OUTSIDE = 11;

/** The lanes of the steps in this stretch of time, at most `most`: nodes are merged first, then those with the fewest steps. */
export function lanesOf(
  visible: VisibleSteps,
  axis: { readonly fromMs: number; readonly toMs: number },
  most: number,
): Lane[] {
  const lanes = new Map<string, { rank: number; first: number; tone: Tone; steps: LaneStep[] }>();
  const put = (name: string, rank: number, tone: Tone, step: LaneStep): void => {
    const lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, { rank, first: step.index, tone, steps: [step] });
    else lane.steps.push(step);
  };
  const fromOutside = new Set(visible.steps.flatMap((step) => visible.lanes.get(step) ?? []));
  const isTogether = fromOutside.size > Math.max(1, Math.floor(most / 3));
  for (const [index, step] of visible.steps.entries()) {
    const ms = exactTime(step.t);
    if (!(ms >= axis.fromMs && ms < axis.toMs)) continue;
    const kind = markKind(step);
    const lane = visible.lanes.get(step);
    if (lane !== undefined) {
      const what = `${wordsOf(step)} by ${actorName(step)}`;
      const label = isTogether ? `${laneLabel(lane)} ${what}` : what;
      put(isTogether ? "from outside" : laneLabel(lane), OUTSIDE, "info", { index, ms, kind, label });
      continue;
    }
    const onLane = { index, ms, kind, label: labelOf(step, kind, visible.nodes) };
    put(actorName(step) === "" ? "nobody" : actorName(step), laneRank(step), actorTone(step.actorClass), onLane);
    if (isAdmissionFailure(step)) put(ADMISSION, 8, "muted", onLane);
  }
  const sorted = [...lanes.entries()]
    .map(([name, lane]) => ({ name, ...lane }))
    .toSorted((a, b) => a.rank - b.rank || (a.rank === 7 ? compare(a.name, b.name) : a.first - b.first));
  return merged(sorted, Math.max(2, most)).map(({ name, tone, steps }) => ({ name, tone, steps }));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

interface Sorted extends Lane {
  readonly rank: number;
}

function merged(lanes: readonly Sorted[], most: number): readonly Sorted[] {
  if (lanes.length <= most) return lanes;
  const together = (name: string, some: readonly Sorted[]): Sorted => ({
    name,
    tone: some[0]?.tone ?? "muted",
    rank: some[0]?.rank ?? 0,
    steps: some.flatMap((lane) => lane.steps).toSorted((a, b) => a.index - b.index),
  });
  const nodes = lanes.filter((lane) => lane.rank === 7);
  let left = lanes;
  if (nodes.length > 1) {
    const excess = lanes.length - most + 1;
    const busiest = nodes.toSorted((a, b) => b.steps.length - a.steps.length);
    const kept = new Set(busiest.slice(0, Math.max(0, nodes.length - excess)));
    const others = nodes.filter((lane) => !kept.has(lane));
    const name = kept.size === 0 ? `kubelets (${others.length})` : `${others.length} other kubelets`;
    const at = lanes.findLastIndex((lane) => lane.rank === 7);
    left = lanes.flatMap((lane, index) =>
      index === at ? [...(kept.has(lane) ? [lane] : []), together(name, others)] : others.includes(lane) ? [] : [lane],
    );
  }
  if (left.length <= most) return left;
  const mergeable = left.filter(({ rank }) => rank !== OUTSIDE);
  const rare = new Set(mergeable.toSorted((a, b) => a.steps.length - b.steps.length).slice(0, left.length - most + 1));
  const others = left.filter((lane) => rare.has(lane));
  const outside = left.filter(({ rank }) => rank === OUTSIDE);
  const kept = mergeable.filter((lane) => !rare.has(lane));
  return [...kept, together(`${others.length} others`, others), ...outside];
}

/** What sets the name apart from its siblings: the part behind the last dash; a mere number says too little. */
export function tailOf(name: string): string {
  const tail = name.slice(name.lastIndexOf("-") + 1);
  return /^\d{1,4}$/.test(tail) ? name : tail;
}

function doing({ verb, subresource }: TrailStep): string {
  if (subresource === "eviction") return "evict";
  return subresource === "" || subresource === "status" ? verb : `${verb} ${subresource}`;
}

function labelOf(step: TrailStep, kind: MarkKind, nodes: ReadonlyMap<string, TrailNode>): string {
  const node = nodes.get(step.object);
  const isOwned = node !== undefined && node.owner !== null && nodes.has(node.owner.id);
  const tail = node === undefined ? "" : (isOwned ? tailOf(node.name) : node.name) + lifeMark(node);
  const short = SHORT_KINDS.get(node?.kind ?? "") ?? node?.kind ?? "";
  if (kind === "failure") return `${step.code ?? ""} ${doing(step)} ${tail}`.trim();
  if (kind === "event") {
    const reason = eventReason(step);
    return reason === "" ? "Event" : `${reason} ${tail}`;
  }
  if (kind === "bind") return `${tail} → ${step.what.replace(/^bound to /, "")}`;
  if (kind === "delete") return `${short} ${tail}`;
  const words = wordsOf(step);
  if (kind === "create") return isOwned ? `${short} ${tail}` : words;
  const said = words.includes("Ready") ? "Ready" : (words.split(",")[0] ?? words);
  if (node?.kind === "Pod") return `${tail} ${said}`;
  return isOwned ? `${short} ${tail} ${said}` : words;
}
