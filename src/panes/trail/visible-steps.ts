import type { OutsideLane, TrailNode, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { distinctIds } from "../list-place.ts";
import { prepared } from "../prepared.ts";
import type { Chapter } from "./chapters.ts";
import { exactTime } from "./exact-time.ts";
import { type Told, toldSteps } from "./outside.ts";

/** The steps of a chapter, without those that tell nothing new unless these are asked for too. */

export interface VisibleSteps {
  readonly steps: readonly TrailStep[];
  readonly ids: readonly string[];
  readonly nodes: ReadonlyMap<string, TrailNode>;
  /** Of steps from outside: what they are on. */
  readonly lanes: ReadonlyMap<TrailStep, OutsideLane>;
  /** Folded away. */
  readonly hidden: number;
}

const stepsOf = prepared((result: TrailResult) => ({
  ids: distinctIds(toldSteps(result).steps.map((step) => `${step.auditID}|${step.object}`)),
  nodes: new Map(result.nodes.map((node) => [node.id, node])),
}));

/** Events that repeat what a request in the same trail has just said. */
const ECHOES = new Set([
  "SuccessfulCreate",
  "SuccessfulDelete",
  "ScalingReplicaSet",
  "Scheduled",
  "Created",
  "Pulling",
  "Killing",
]);

export function eventReason(step: TrailStep): string {
  return step.sort === "event" ? (/^Event (\w+)/.exec(step.what)?.[1] ?? "") : "";
}

/** Says nothing new: an Event counted again or echoing a request, a status that is as before, a token. Failures are always told. */
export function isFoldable(step: TrailStep, nodes: ReadonlyMap<string, TrailNode>, hasRequests: boolean): boolean {
  if (step.sort === "event") {
    const isWordless = eventReason(step) === "" || ECHOES.has(eventReason(step));
    return / \(×\d+\):/.test(step.what) || (hasRequests && isWordless);
  }
  if (step.sort === "failure" || step.sort === "dry-run") return false;
  if (step.what.startsWith("still ") || step.what.endsWith(": nothing changed") || step.what === "token issued")
    return true;
  // A ReplicaSet's counts come again in its Deployment's status.
  const node = nodes.get(step.object);
  return step.subresource === "status" && node?.kind === "ReplicaSet" && nodes.has(node.owner?.id ?? "");
}

export const visibleSteps = prepared((result: TrailResult, chapter: Chapter, unfolded: boolean): VisibleSteps => {
  const { ids, nodes } = stepsOf(result);
  const told = toldSteps(result);
  const toldBefore = new Set<string>();
  const hasRequests = result.steps.some((step) => step.sort !== "event");
  const shown = new Set(unfolded ? [] : contextOf(told, chapter));
  let hidden = 0;
  for (let at = chapter.first; at < chapter.end; at += 1) {
    const step = told.steps[at];
    if (step === undefined) break;
    if (shown.has(at)) continue;
    const reason = eventReason(step);
    // A status of which the log tells no more than that it was written says so once.
    const said = reason !== "" ? reason : step.what === "status updated" ? `${step.actor} ${step.what}` : "";
    const again = said !== "" && toldBefore.has(`${step.object} ${said}`);
    if (said !== "") toldBefore.add(`${step.object} ${said}`);
    const isEarlier = told.lanes.has(step) && exactTime(step.t) < chapter.fromMs;
    if (!unfolded && (again || isEarlier || told.repeated.has(step) || isFoldable(step, nodes, hasRequests)))
      hidden += 1;
    else shown.add(at);
  }
  const inOrder = [...shown].sort((left, right) => left - right);
  const steps = inOrder.flatMap((at) => told.steps[at] ?? []);
  const shownIds = inOrder.map((at) => ids[at] ?? String(at));
  return { steps, ids: shownIds, nodes, lanes: told.lanes, hidden };
});

/** Earlier writes from outside that a chapter begins with. */
const MOST_CONTEXT = 3;

/** The last write of each lane before the chapter began: what it began with. */
function contextOf({ steps, lanes }: Told, chapter: Chapter): readonly number[] {
  if (lanes.size === 0) return [];
  const last = new Map<OutsideLane, number>();
  for (const [at, step] of steps.entries()) {
    if (exactTime(step.t) >= chapter.fromMs) break;
    const lane = lanes.get(step);
    if (lane !== undefined) last.set(lane, at);
  }
  const isGone = (at: number): boolean => (steps[at]?.verb ?? "").startsWith("delete");
  return [...last.values()]
    .filter((at) => !isGone(at))
    .sort((left, right) => left - right)
    .slice(-MOST_CONTEXT);
}
