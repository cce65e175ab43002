import type { TrailPhase } from "./contract.ts";
import type { Life } from "./lives.ts";
import { milestonesOf, type Milestones } from "./milestones.ts";
import type { Rollout } from "./rollouts.ts";
import { iso } from "./times.ts";
import { answeredUs } from "./touch.ts";

const POD_PHASES: readonly (readonly [name: string, from: keyof Milestones, to: keyof Milestones])[] = [
  ["bound", "created", "bound"],
  ["accepted", "bound", "accepted"],
  ["containers started", "accepted", "started"],
  ["ready", "started", "ready"],
];

/** Phases of one rollout: each from the first object that enters it to the last that leaves it. */
export function rolloutPhases(rollout: Rollout, index: number): TrailPhase[] {
  const phases: TrailPhase[] = [];
  const add = (name: string, from: number | null, to: number | null): void => {
    if (from !== null && to !== null) phases.push({ ...phaseOf(name, from, to), rollout: index });
  };
  const { touch, revision, replicaSet } = rollout;
  const replicaSetUs = revision === null || replicaSet === null ? null : answeredUs(revision.begun);
  add("ReplicaSet created", touch.timeUs, replicaSetUs);
  const pods = rollout.pods.map((pod) => milestonesOf(pod));
  add("pods created", replicaSetUs ?? touch.timeUs, latest(pods, "created"));
  for (const [name, from, to] of POD_PHASES) add(name, earliest(pods.map((pod) => pod[from])), latest(pods, to));
  add("available", latest(pods, "ready") ?? latest(pods, "accepted"), rollout.availableUs);
  return phases;
}

export function podPhases(pod: Life): TrailPhase[] {
  const found = milestonesOf(pod);
  return POD_PHASES.flatMap(([name, from, to]) => {
    const [start, end] = [found[from], found[to]];
    return start === null || end === null ? [] : [phaseOf(name, start, end)];
  });
}

function phaseOf(name: string, fromUs: number, toUs: number): TrailPhase {
  const from = Math.min(fromUs, toUs);
  return { name, from: iso(from), to: iso(toUs), ms: (toUs - from) / 1_000 };
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function latest(pods: readonly Milestones[], name: keyof Milestones): number | null {
  const times = pods.flatMap((pod) => (pod[name] === null ? [] : [pod[name]]));
  return times.length === 0 ? null : Math.max(...times);
}
