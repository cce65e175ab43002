import type { TrailPhase, TrailRollout } from "./contract.ts";
import type { Families } from "./family.ts";
import type { Life } from "./lives.ts";
import { SKEW_US } from "./lives.ts";
import { milestonesOf, type Milestones } from "./milestones.ts";
import { changeWords, isChange, learn, nothingKnown, stepsOf } from "./steps.ts";
import { iso, isoOf } from "./times.ts";
import { templateChanged, type Touch } from "./touch.ts";

/** A creation or a change of the pod template, up to the next one. */
export interface Rollout {
  readonly touch: Touch;
  readonly what: string;
  readonly untilUs: number;
  readonly replicaSet: Life | null;
  /** When the ReplicaSet was created, or first grew again. */
  readonly replicaSetUs: number | null;
  readonly pods: readonly Life[];
  readonly availableUs: number | null;
  readonly revision: string | null;
}

const ROLLING = new Set(["deployments.apps", "statefulsets.apps", "daemonsets.apps"]);

export function rolloutsOf(life: Life, families: Families): Rollout[] {
  if (!ROLLING.has(life.record.resource)) return [];
  const causes = templateChanges(life);
  return causes.map(({ touch, what }, at) => {
    const untilUs = causes[at + 1]?.touch.timeUs ?? Number.POSITIVE_INFINITY;
    const growth = life.record.resource === "deployments.apps" ? grownReplicaSet(life, touch, untilUs, families) : null;
    const parent = life.record.resource === "deployments.apps" ? growth?.life : life;
    const startUs = growth?.touch.timeUs ?? touch.timeUs;
    const availableUs = whenAvailable(life, startUs, untilUs, touch.facts?.generation ?? 0);
    const endUs = Math.min(availableUs ?? Number.POSITIVE_INFINITY, untilUs);
    const pods = (parent === undefined ? [] : families.childrenOf(parent)).filter(
      (pod) => pod.record.resource === "pods" && pod.firstUs >= touch.timeUs - SKEW_US && pod.firstUs < endUs,
    );
    return {
      touch,
      what,
      untilUs,
      replicaSet: growth?.life ?? null,
      replicaSetUs: growth === null ? null : stageOf(growth.touch),
      pods,
      availableUs,
      revision: growth?.life.touches.find((entry) => entry.facts?.revision !== undefined)?.facts?.revision ?? null,
    };
  });
}

function templateChanges(life: Life): { touch: Touch; what: string }[] {
  const known = nothingKnown();
  const found: { touch: Touch; what: string }[] = [];
  const words = new Map(stepsOf(life).map((step) => [step.touch, step.what]));
  for (const touch of life.touches) {
    if (!isChange(touch)) continue;
    const { facts } = touch;
    const changed = templateChanged(facts, known.template);
    if (touch === life.create) found.push({ touch, what: words.get(touch) ?? "created" });
    else if (changed && touch.subresource === "") found.push({ touch, what: changeWords(touch, known) });
    learn(known, facts);
  }
  return found;
}

/** The ReplicaSet that the Deployment's controller created, or let grow, because of a change. */
function grownReplicaSet(
  deployment: Life,
  cause: Touch,
  untilUs: number,
  families: Families,
): { life: Life; touch: Touch } | null {
  let best: { life: Life; touch: Touch } | null = null;
  for (const child of families.childrenOf(deployment)) {
    if (child.record.resource !== "replicasets.apps") continue;
    let replicas: number | null = null;
    for (const touch of child.touches) {
      if (!isChange(touch) || touch.subresource !== "") continue;
      const before: number | null = replicas;
      if (touch.facts?.replicas !== undefined) replicas = touch.facts.replicas;
      if (touch.timeUs < cause.timeUs - SKEW_US / 2 || touch.timeUs >= untilUs) continue;
      const grew = touch === child.create || (before === 0 && replicas !== null && replicas > 0);
      if (grew && (best === null || touch.timeUs < best.touch.timeUs)) best = { life: child, touch };
      if (grew) break;
    }
  }
  return best;
}

/** First status that says all wanted replicas are new and available. */
function whenAvailable(life: Life, fromUs: number, untilUs: number, generation: number): number | null {
  let wanted: number | null = null;
  for (const touch of life.touches) {
    if (!isChange(touch)) continue;
    if (touch.timeUs >= untilUs) return null;
    if (touch.facts?.replicas !== undefined) wanted = touch.facts.replicas;
    const status = touch.facts?.workload;
    if (status === undefined || touch.subresource !== "status" || touch.timeUs < fromUs) continue;
    if (status.observed < generation) continue;
    const all = life.record.resource === "daemonsets.apps" ? status.replicas : wanted;
    if (all === null || all === 0) continue;
    if (status.updated === all && status.available === all && status.replicas === all) return stageOf(touch);
  }
  return null;
}

function stageOf(touch: Touch): number {
  return Number.isFinite(touch.stageUs) ? touch.stageUs : touch.timeUs;
}

export function describeRollout(rollout: Rollout): TrailRollout {
  const { touch, availableUs, replicaSet, pods } = rollout;
  let slowest: Life | null = null;
  let latest = Number.NEGATIVE_INFINITY;
  for (const pod of pods) {
    const { ready } = milestonesOf(pod);
    if (ready !== null && ready > latest) {
      slowest = pod;
      latest = ready;
    }
  }
  return {
    revision: rollout.revision,
    what: rollout.what,
    by: touch.actor.user,
    auditID: touch.auditID,
    from: iso(touch.timeUs),
    to: isoOf(availableUs),
    ms: availableUs === null ? null : (availableUs - touch.timeUs) / 1_000,
    replicaSet: replicaSet?.id ?? null,
    pods: pods.map((pod) => pod.id),
    slowestPod: slowest?.id ?? null,
  };
}

const POD_PHASES: readonly (readonly [name: string, from: keyof Milestones, to: keyof Milestones])[] = [
  ["bound", "created", "bound"],
  ["accepted", "bound", "accepted"],
  ["containers started", "accepted", "started"],
  ["ready", "started", "ready"],
];

/** A kubelet may report Ready before its report that the container runs: then readiness follows acceptance. */
function entered(pod: Milestones, from: keyof Milestones, to: keyof Milestones): number | null {
  if (to !== "ready" || pod.started === null || pod.ready === null || pod.started <= pod.ready) return pod[from];
  return pod.accepted;
}

/** Phases of one rollout: each from the first object that enters it to the last that leaves it. */
export function rolloutPhases(rollout: Rollout, index: number): TrailPhase[] {
  const phases: TrailPhase[] = [];
  const add = (name: string, from: number | null, to: number | null): void => {
    if (from !== null && to !== null) phases.push({ ...phaseOf(name, from, to), rollout: index });
  };
  if (rollout.replicaSet !== null) add("ReplicaSet created", rollout.touch.timeUs, rollout.replicaSetUs);
  const pods = rollout.pods.map((pod) => milestonesOf(pod));
  add("pods created", rollout.replicaSetUs ?? rollout.touch.timeUs, latest(pods, "created"));
  for (const [name, from, to] of POD_PHASES)
    add(name, earliest(pods.map((pod) => entered(pod, from, to))), latest(pods, to));
  add("available", latest(pods, "ready") ?? latest(pods, "accepted"), rollout.availableUs);
  return phases;
}

export function podPhases(pod: Life): TrailPhase[] {
  const found = milestonesOf(pod);
  return POD_PHASES.flatMap(([name, from, to]) => {
    const [start, end] = [entered(found, from, to), found[to]];
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
