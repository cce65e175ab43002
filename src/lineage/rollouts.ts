import { whenAvailable } from "./availability.ts";
import type { TrailRollout } from "./contract.ts";
import type { Families } from "./family.ts";
import { SKEW_US, type Life } from "./lives.ts";
import { milestonesOf, nodeOfPod } from "./milestones.ts";
import { REVISION_KINDS, revisionsOf, type Revision } from "./revisions.ts";
import { RolloutWords } from "./rollout-words.ts";
import { specChanges } from "./spec-changes.ts";
import { iso, isoOf } from "./times.ts";
import type { Touch } from "./touch.ts";

/** A creation or a change of the pod template that the workload's controller acted upon. */
export interface Rollout {
  /** Change of the workload behind it, else its controller's own request. */
  readonly touch: Touch;
  readonly what: string;
  /** null: the log has nothing of what the controller made of it. */
  readonly revision: Revision | null;
  readonly replicaSet: Life | null;
  readonly pods: readonly Life[];
  readonly availableUs: number | null;
}

export function rolloutsOf(life: Life, families: Families): Rollout[] {
  const { resource } = life.record;
  if (!REVISION_KINDS.has(resource)) return [];
  const begun = beginningsOf(life, families);
  const words = new RolloutWords(life);
  const hasPods = families.of(life.record.namespace).hasAny("pods");
  return begun.map(({ touch, revision }, at): Rollout => {
    const next = begun[at + 1];
    const replicaSet = resource === "deployments.apps" ? (revision?.object ?? null) : null;
    const parent = resource === "deployments.apps" ? replicaSet : life;
    const all = (parent === null ? [] : families.childrenOf(parent)).filter(({ record }) => record.resource === "pods");
    const changedUs = next?.touch.timeUs ?? Number.POSITIVE_INFINITY;
    const startUs = revision?.begun.timeUs ?? touch.timeUs;
    const availableUs = whenAvailable(life, { touch, startUs, untilUs: changedUs, pods: hasPods ? all : null });
    const fromUs = Math.min(touch.timeUs, startUs) - SKEW_US;
    const untilUs = Math.min(availableUs ?? Number.POSITIVE_INFINITY, next?.revision?.begun.timeUs ?? changedUs);
    const pods = all.filter((pod) => pod.firstUs >= fromUs && pod.firstUs < untilUs);
    const what = words.of(touch, revision);
    return { touch, what, revision, replicaSet, pods: firstInPlace(pods, resource), availableUs };
  });
}

/** Without its controller's requests the creation and the changes themselves count. */
function beginningsOf(life: Life, families: Families): Pick<Rollout, "touch" | "revision">[] {
  const revisions = revisionsOf(life, families);
  if (revisions.length > 0)
    return revisions.map((revision) => ({ touch: revision.cause?.touch ?? revision.begun, revision }));
  return specChanges(life).flatMap(({ touch, kind }) =>
    kind === "create" || kind === "template" || kind === "both" ? [{ touch, revision: null }] : [],
  );
}

/**
 * A pod that came in the place of another one belongs to what happened later: of a StatefulSet the second of a name, of a
 * DaemonSet the second on a node, of a ReplicaSet what came after one of its own had to go.
 */
function firstInPlace(pods: readonly Life[], resource: string): Life[] {
  if (resource === "deployments.apps") {
    const firstLoss = Math.min(...pods.map((pod) => pod.removal?.timeUs ?? Number.POSITIVE_INFINITY));
    return pods.filter((pod) => pod.firstUs <= firstLoss);
  }
  const taken = new Set<string>();
  return pods.filter((pod) => {
    const place = resource === "statefulsets.apps" ? pod.record.name : nodeOfPod(pod);
    if (place === null || !taken.has(place)) {
      if (place !== null) taken.add(place);
      return true;
    }
    return false;
  });
}

export function describeRollout({ touch, what, revision, replicaSet, pods, availableUs }: Rollout): TrailRollout {
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
    revision: revision?.begun.facts?.revision ?? null,
    what,
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
