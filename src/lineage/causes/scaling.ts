import type { Confidence, WhyLink } from "../contract.ts";
import type { Life } from "../lives.ts";
import { objectWords } from "../steps.ts";
import { precedes, type Touch } from "../touch.ts";
import { weakest, type CauseKind, type Explanation, type RemovalContext } from "./contract.ts";
import { lastBefore, lastShrink, specChanges, type SpecChange } from "./spec-changes.ts";

const SCALERS = new Set([
  "replicaset-controller",
  "replication-controller",
  "statefulset-controller",
  "daemon-set-controller",
  "job-controller",
]);
/** A new ReplicaSet's pods show up this soon after the old one's begin to go. */
const GROWTH_US = 60 * 1_000_000;

/** A controller removes pods because its spec says so: goes on to whoever changed that spec. */
export const scaling: CauseKind = {
  name: "scaled-down, rollout",
  explain(context) {
    const { life, removal, families } = context;
    if (life.record.resource !== "pods" || !SCALERS.has(removal.actor.controller)) return null;
    const owned = families.ownerOf(life);
    if (owned === null) {
      return {
        verdict: "scaled-down",
        chain: [context.link(life, removal, "its controller wanted fewer pods")],
        confidence: "guess",
        missing: ["who owns it is not in this log: needs Request level for pods"],
      };
    }
    const answer =
      owned.owner.record.resource === "replicasets.apps"
        ? replicaSetCause(context, owned.owner)
        : workloadCause(context, owned.owner);
    return { ...answer, confidence: weakest(owned.confidence, answer.confidence) };
  },
};

/** StatefulSets, DaemonSets, Jobs, ReplicationControllers: their own spec changed. */
function workloadCause(context: RemovalContext, owner: Life): Explanation {
  const { life, removal } = context;
  const change = lastBefore(specChanges(owner), removal);
  const name = objectWords(owner);
  if (change === null) return replacement(context, owner);
  const sure: Confidence = change.kind === "unknown" ? "guess" : "certain";
  const rollout = change.kind === "template" || change.kind === "unknown";
  const because = rollout
    ? `${name} rolled out a new pod template`
    : `${name} was ${change.kind === "suspend" ? "suspended" : "scaled"}`;
  return {
    verdict: rollout ? "rollout" : "scaled-down",
    chain: [context.link(life, removal, because), context.link(owner, change.touch, "")],
    confidence: sure,
    missing: change.kind === "unknown" ? [needsBodies(owner)] : [],
  };
}

function replacement({ life, removal, link }: RemovalContext, owner: Life): Explanation {
  const failed = life.touches.some(({ facts }) => facts?.pod?.phase === "Failed" || facts?.pod?.phase === "Succeeded");
  return {
    verdict: "deleted",
    chain: [
      link(
        life,
        removal,
        `${objectWords(owner)} replaces ${failed ? "a finished" : "this"} pod; nobody had changed its spec`,
      ),
    ],
    confidence: failed ? "likely" : "guess",
    missing: failed ? [] : [`no change of ${objectWords(owner)} is in this log`],
  };
}

function replicaSetCause(context: RemovalContext, replicaSet: Life): Explanation {
  const { life, removal, families } = context;
  const shrink = lastShrink(replicaSet, removal);
  const deployment = families.ownerOf(replicaSet);
  if (shrink === null || deployment === null) {
    const words = objectWords(replicaSet);
    const chain = [context.link(life, removal, `${words} wanted fewer pods`)];
    if (shrink !== null) chain.push(context.link(replicaSet, shrink.touch, ""));
    return {
      verdict: "scaled-down",
      chain,
      confidence: shrink === null ? "guess" : shrink.kind === "unknown" ? "likely" : "certain",
      missing: shrink === null ? [`when ${words} was scaled down is not in this log`] : [],
    };
  }
  const here = context.link(life, removal, `${objectWords(replicaSet)} was scaled down`);
  if (shrink.touch.actor.controller !== "deployment-controller") {
    return {
      verdict: "scaled-down",
      chain: [here, context.link(replicaSet, shrink.touch, "")],
      confidence: shrink.kind === "unknown" ? "likely" : "certain",
      missing: [],
    };
  }
  const answer = deploymentCause(context, deployment.owner, replicaSet, shrink);
  return {
    ...answer,
    chain: [here, ...answer.chain],
    confidence: weakest(deployment.confidence, answer.confidence),
  };
}

/** Why the deployment controller shrank one ReplicaSet: another one took over, or fewer pods were wanted. */
function deploymentCause(context: RemovalContext, deployment: Life, replicaSet: Life, shrink: SpecChange): Explanation {
  const changes = specChanges(deployment).filter(({ touch }) => touch.actor.controller !== "deployment-controller");
  const last = lastBefore(changes, shrink.touch);
  const name = objectWords(deployment);
  if (last === null) {
    return {
      verdict: "scaled-down",
      chain: [context.link(replicaSet, shrink.touch, `${name} changed`)],
      confidence: "guess",
      missing: [`who changed ${name} is not in this log`],
    };
  }
  const succeededBy = last.kind === "template" || siblingGrew(context, deployment, replicaSet, shrink.touch);
  const fitting = changes.filter(({ kind }) =>
    succeededBy ? kind !== "scale" && kind !== "suspend" : kind === "scale" || kind === "both" || kind === "unknown",
  );
  const wanted = lastBefore(fitting, shrink.touch);
  const cause = wanted ?? last;
  const because = succeededBy ? `${name} rolled out a new pod template` : `${name} was scaled`;
  return {
    verdict: succeededBy ? "rollout" : "scaled-down",
    chain: [context.link(replicaSet, shrink.touch, because), ownLink(context, deployment, cause)],
    confidence: cause.kind === "unknown" || wanted === null ? "likely" : "certain",
    missing: cause.kind === "unknown" ? [needsBodies(deployment)] : [],
  };
}

/** The chain ends at the one who changed the spec; an autoscaler is a stored policy. */
function ownLink(context: RemovalContext, deployment: Life, change: SpecChange): WhyLink {
  const autoscaler = change.touch.actor.controller === "horizontal-pod-autoscaler";
  return context.link(deployment, change.touch, autoscaler ? "a HorizontalPodAutoscaler sets the replicas" : "");
}

/**
 * Whether another ReplicaSet of the Deployment took over: it was created, was asked for more pods, or got new pods
 * (all that Metadata level shows of a roll-back) since this one last grew.
 */
function siblingGrew({ families }: RemovalContext, deployment: Life, replicaSet: Life, shrink: Touch): boolean {
  const own = lastGrowth(replicaSet, families.childrenOf(replicaSet), shrink, 0);
  return families.childrenOf(deployment).some((sibling) => {
    if (sibling === replicaSet || sibling.record.resource !== "replicasets.apps") return false;
    if (sibling.goneUs !== null && sibling.goneUs <= shrink.timeUs) return false;
    const grew = lastGrowth(sibling, families.childrenOf(sibling), shrink, GROWTH_US);
    return grew !== null && (own === null || precedes(own, grew));
  });
}

/** The last request by which a ReplicaSet was asked for more pods, or got one, until a while after another request. */
function lastGrowth(replicaSet: Life, pods: readonly Life[], until: Touch, afterUs: number): Touch | null {
  const grown = specChanges(replicaSet).flatMap(({ touch, kind, from, to }) =>
    (kind === "scale" || kind === "both") && from !== null && to !== null && to > from ? [touch] : [],
  );
  const born = [replicaSet, ...pods].flatMap((life) => life.create ?? life.touches[0] ?? []);
  let last: Touch | null = null;
  for (const touch of [...grown, ...born]) {
    const counts = precedes(touch, until) || touch.timeUs <= until.timeUs + afterUs;
    if (counts && (last === null || precedes(last, touch))) last = touch;
  }
  return last;
}

function needsBodies(life: Life): string {
  return `what changed in ${objectWords(life)} is not in the log: needs Request level for ${life.record.resource}`;
}
