import { objectName } from "../../events/object-name.ts";
import { type AnswerTable, countCell, textCell, timeCell } from "../answer-table.ts";
import type { PaneSelection } from "../contract.ts";
import { prepared } from "../prepared.ts";
import type { OutsideLane, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { shortActorName } from "./actors.ts";

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

/** Things the objects refer to, or are selected, scaled, limited or admitted by, and who wrote them last. */
export const OUTSIDE_TABLE: AnswerTable<OutsideLane> = {
  columns: [
    { id: "object", title: "object", minWidth: 16, cell: (lane, look) => textCell(laneLabel(lane), look) },
    { id: "how", title: "how", minWidth: 20, grow: 1, keep: "head", cell: ({ how }, look) => textCell(how, look) },
    {
      id: "confidence",
      title: "known",
      drop: 4,
      cell: ({ confidence }, look) => textCell(confidence, look, "muted"),
    },
    {
      id: "writes",
      title: "writes",
      align: "right",
      cell: ({ steps, stepsDropped }) => countCell(steps.length + stepsDropped),
    },
    { id: "last", title: "last", cell: ({ steps }, look) => timeCell(steps.at(-1)?.t ?? null, look) },
    {
      id: "by",
      title: "by",
      minWidth: 12,
      cell({ steps }, look) {
        const last = steps.at(-1);
        return textCell(last === undefined ? "" : shortActorName(last, false), look);
      },
    },
    {
      id: "what",
      title: "what",
      minWidth: 16,
      keep: "head",
      drop: 3,
      cell: ({ steps }, look) => textCell(steps.at(-1)?.what, look),
    },
  ],
};
