import { objectName } from "../../events/object-name.ts";
import type { PaneSelection } from "../contract.ts";
import { prepared } from "../prepared.ts";
import type { OutsideLane, TrailResult, TrailStep } from "../../lineage/contract.ts";

/** What touched the object from outside, told among the trail's own steps. */

export interface Told {
  /** Own steps and those from outside, in the order of time. */
  readonly steps: readonly TrailStep[];
  /** The lane of each step that is not the trail's own. */
  readonly lanes: ReadonlyMap<TrailStep, OutsideLane>;
  /** Steps from outside that repeat their neighbours. */
  readonly repeated: ReadonlySet<TrailStep>;
}

export const toldSteps = prepared((result: TrailResult): Told => {
  const lanes = new Map<TrailStep, OutsideLane>();
  const repeated = new Set<TrailStep>();
  for (const lane of result.outside ?? []) {
    for (const [at, step] of lane.steps.entries()) {
      lanes.set(step, lane);
      if (isLike(step, lane.steps[at - 1]) && isLike(step, lane.steps[at + 1])) repeated.add(step);
    }
  }
  const steps =
    lanes.size === 0 ? result.steps : [...result.steps, ...lanes.keys()].sort((left, right) => left.atMs - right.atMs);
  return { steps, lanes, repeated };
});

function isLike(step: TrailStep, other: TrailStep | undefined): boolean {
  return other !== undefined && other.what === step.what && other.actor === step.actor;
}

/** `cm/web-config`: the trail says the namespace. */
export function laneLabel({ resource, name }: OutsideLane): string {
  return objectName({ resource, namespace: "", name });
}

/** The name `trail` and `o` understand. */
export function objectOfLane(lane: OutsideLane): NonNullable<PaneSelection["object"]> {
  return { name: `${lane.resource}/${lane.name}`, namespace: lane.namespace, label: laneLabel(lane) };
}

/** `data.max_connections 100 → 250 (mounted by container db)` */
export function laneWords(lane: OutsideLane, words: string): string {
  return `${words} (${lane.how})`;
}
