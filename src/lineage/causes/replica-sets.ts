import type { WhyVerdict } from "../contract.ts";
import { lacksChange } from "../generations.ts";
import type { Life } from "../lives.ts";
import { managerWords } from "../managers.ts";
import { newestAt, revisionsOf, type Revision } from "../revisions.ts";
import { lastBefore, mayPrecede, specChanges, type SpecChange } from "../spec-changes.ts";
import { objectWords } from "../steps.ts";
import { precedes, type Touch } from "../touch.ts";
import { weakest, type Explanation, type RemovalContext } from "./contract.ts";
import { shrinkBehind, type Shrink } from "./shrinks.ts";

const DEPLOYMENT_CONTROLLER = "deployment-controller";

/** A ReplicaSet's controller removed a pod: goes on to whoever wanted fewer of them, or others. */
export function replicaSetCause(context: RemovalContext, replicaSet: Life): Explanation {
  const { life, removal, families } = context;
  const words = objectWords(replicaSet);
  const behind = shrinkBehind(replicaSet, removal);
  if (behind === null) {
    return {
      verdict: "scaled-down",
      chain: [context.link(life, removal, `${words} wanted fewer pods`)],
      confidence: "guess",
      missing: [`when ${words} was scaled down is not in this log`],
    };
  }
  const { shrink, isSure } = behind;
  const here = context.link(life, removal, `${words} was scaled down`);
  const deployment = families.ownerOf(replicaSet);
  const isComplete = isSure && !lacksChange(replicaSet, shrink.touch, removal);
  if (shrink.touch.actor.controller !== DEPLOYMENT_CONTROLLER || deployment === null) {
    const isTold = shrink.touch.facts?.replicas !== undefined && !lacksChange(replicaSet, shrink.touch, removal);
    const isOwned = shrink.touch.actor.controller === DEPLOYMENT_CONTROLLER;
    return {
      verdict: "scaled-down",
      chain: [here, context.link(replicaSet, shrink.touch, "")],
      confidence: isTold && !isOwned ? "certain" : "likely",
      missing: isOwned ? [`the Deployment of ${words} is not in this log`] : [],
    };
  }
  const answer = deploymentCause(context, deployment.owner, replicaSet, shrink);
  return {
    ...answer,
    chain: [here, ...answer.chain],
    confidence: weakest(deployment.confidence, answer.confidence, isComplete ? "certain" : "likely"),
  };
}

interface Cause {
  readonly verdict: WhyVerdict & ("scaled-down" | "rollout");
  readonly change: SpecChange | null;
  readonly isSure: boolean;
}

function deploymentCause(context: RemovalContext, deployment: Life, replicaSet: Life, shrink: Shrink): Explanation {
  const { families } = context;
  const revisions = revisionsOf(deployment, families);
  const changes = specChanges(deployment).filter(({ touch }) => touch.actor.controller !== DEPLOYMENT_CONTROLLER);
  const { kind } = shrink;
  const cause =
    kind === "scaled"
      ? scaleBehind(deployment, changes, shrink)
      : kind === "rolled"
        ? rolloutBehind(changes, revisions, replicaSet, shrink.touch)
        : nearest({ deployment, replicaSet, changes, revisions }, shrink);
  const name = objectWords(deployment);
  const { verdict, change } = cause;
  const because = verdict === "rollout" ? `${name} rolled out a new pod template` : `${name} was scaled`;
  const here = context.link(replicaSet, shrink.touch, because);
  if (change === null) {
    const part = verdict === "rollout" ? "template" : "replicas";
    const told = managerWords(deployment, shrink.touch.timeUs, part);
    const missing = [`who changed ${name} is not in this log`, ...(told === "" ? [] : [`${name}: ${told}`])];
    return { verdict, chain: [here], confidence: "likely", missing };
  }
  // An autoscaler is a stored policy: the chain ends there.
  const isAutoscaled = change.touch.actor.controller === "horizontal-pod-autoscaler";
  const link = context.link(
    deployment,
    change.touch,
    isAutoscaled ? "a HorizontalPodAutoscaler sets the replicas" : "",
  );
  // A roll-out in between may be what is missing.
  const loss = verdict === "rollout" ? families.lossIn(deployment.record.namespace) : null;
  const isUnread = change.kind === "unknown" || (change.kind === "scale" && change.to === null);
  return {
    verdict,
    chain: [here, link],
    confidence: cause.isSure && !isUnread && loss === null ? "certain" : "likely",
    missing: [
      ...(isUnread
        ? [`what changed in ${name} is not in the log: needs Request level for ${deployment.record.resource}`]
        : []),
      ...(loss === null ? [] : [loss]),
    ],
  };
}

/** The last change to as many replicas as the ReplicaSet notes that the Deployment wanted. */
function scaleBehind(deployment: Life, changes: readonly SpecChange[], { touch, desired }: Shrink): Cause {
  const fitting = changes.filter(
    ({ kind, to }) => mayScale(kind) && (to === null || desired === null || to === desired),
  );
  const change = lastBefore(fitting, touch);
  const isSure =
    change !== null &&
    change.isOwn &&
    change.from !== null &&
    change.to !== null &&
    !lacksChange(deployment, change.touch, touch);
  return { verdict: "scaled-down", change, isSure };
}

function mayScale(kind: SpecChange["kind"]): boolean {
  return kind === "scale" || kind === "both" || kind === "unknown";
}

/** What led to the newest revision; one that shrinks in a roll-out is not it. */
function rolloutBehind(
  changes: readonly SpecChange[],
  revisions: readonly Revision[],
  replicaSet: Life,
  shrink: Touch,
): Cause {
  const newest = newestAt(revisions, shrink);
  if (newest !== null && newest.object !== replicaSet)
    return { verdict: "rollout", change: newest.cause, isSure: newest.confidence === "certain" };
  const rolling = changes.filter(({ kind }) => kind === "template" || kind === "both" || kind === "unknown");
  return { verdict: "rollout", change: lastBefore(rolling, shrink), isSure: false };
}

interface Known {
  readonly deployment: Life;
  readonly replicaSet: Life;
  readonly changes: readonly SpecChange[];
  readonly revisions: readonly Revision[];
}

/**
 * Without the ReplicaSet's notes: the newest one shrinks only when the Deployment is scaled. An older one does too, in the
 * first pass of the controller after that; in later passes it makes room for the newest.
 */
function nearest({ deployment, replicaSet, changes, revisions }: Known, shrink: Shrink): Cause {
  const led = new Set(revisions.map(({ cause }) => cause?.touch));
  const scaling = lastBefore(
    changes.filter(({ kind, touch }) => mayScale(kind) && (kind === "both" || !led.has(touch))),
    shrink.touch,
  );
  const newest = newestAt(revisions, shrink.touch, mayPrecede);
  if (newest === null || newest.object === replicaSet) {
    // It is as large then as the Deployment wants.
    const isSame = scaling?.isOwn === true && scaling.to !== null && scaling.to === shrink.touch.facts?.replicas;
    const isSure = isSame && newest !== null && !lacksChange(deployment, scaling.touch, shrink.touch);
    return { verdict: "scaled-down", change: scaling, isSure };
  }
  const isNews = scaling !== null && precedes(newest.begun, scaling.touch);
  const isFirst = !replicaSet.touches.some(
    (touch) =>
      touch !== shrink.touch &&
      touch.actor.controller === DEPLOYMENT_CONTROLLER &&
      touch.subresource === "" &&
      scaling !== null &&
      precedes(scaling.touch, touch) &&
      precedes(touch, shrink.touch),
  );
  if (isNews && isFirst) return { verdict: "scaled-down", change: scaling, isSure: false };
  return { verdict: "rollout", change: newest.cause, isSure: false };
}
