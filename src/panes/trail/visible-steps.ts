import type { TrailNode, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { distinctIds } from "../list-place.ts";
import type { Chapter } from "./chapters.ts";

/** The steps of a chapter, without those that tell nothing new unless these are asked for too. */

interface Steps {
  readonly ids: readonly string[];
  readonly nodes: ReadonlyMap<string, TrailNode>;
}

export interface VisibleSteps {
  readonly steps: readonly TrailStep[];
  readonly ids: readonly string[];
  readonly nodes: ReadonlyMap<string, TrailNode>;
  /** Folded away. */
  readonly hidden: number;
}

const prepared = new WeakMap<TrailResult, Steps>();
const chosen = new WeakMap<TrailResult, Map<string, VisibleSteps>>();

function stepsOf(result: TrailResult): Steps {
  const known = prepared.get(result);
  if (known !== undefined) return known;
  const steps = {
    ids: distinctIds(result.steps.map((step) => `${step.auditID}|${step.object}`)),
    nodes: new Map(result.nodes.map((node) => [node.id, node])),
  };
  prepared.set(result, steps);
  return steps;
}

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

export function visibleSteps(result: TrailResult, chapter: Chapter, unfolded: boolean): VisibleSteps {
  let known = chosen.get(result);
  if (known === undefined) chosen.set(result, (known = new Map()));
  const key = `${chapter.id}:${unfolded}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const { ids, nodes } = stepsOf(result);
  const steps: TrailStep[] = [];
  const shownIds: string[] = [];
  const toldBefore = new Set<string>();
  const hasRequests = result.steps.some((step) => step.sort !== "event");
  let hidden = 0;
  for (let at = chapter.first; at < chapter.end; at += 1) {
    const step = result.steps[at];
    if (step === undefined) break;
    const reason = eventReason(step);
    // A status of which the log tells no more than that it was written says so once.
    const told = reason !== "" ? reason : step.what === "status updated" ? `${step.actor} ${step.what}` : "";
    const again = told !== "" && toldBefore.has(`${step.object} ${told}`);
    if (told !== "") toldBefore.add(`${step.object} ${told}`);
    if (!unfolded && (again || isFoldable(step, nodes, hasRequests))) {
      hidden += 1;
      continue;
    }
    steps.push(step);
    shownIds.push(ids[at] ?? String(at));
  }
  const made = { steps, ids: shownIds, nodes, hidden };
  known.set(key, made);
  return made;
}
