import { SKEW_US } from "../lives.ts";
import { nodeOfPod } from "../milestones.ts";
import { objectWords } from "../steps.ts";
import type { WhyVerdict } from "../contract.ts";
import type { CauseKind, RemovalContext } from "./contract.ts";

interface StoredPolicy {
  readonly controller: string;
  readonly resource: string;
  readonly verdict: WhyVerdict;
  readonly because: string;
}

/** Limits written into a spec long before: the chain ends at the controller that keeps them. */
const POLICIES: readonly StoredPolicy[] = [
  {
    controller: "ttl-after-finished-controller",
    resource: "jobs.batch",
    verdict: "ttl",
    because: "it had finished longer ago than its ttlSecondsAfterFinished",
  },
  {
    controller: "deployment-controller",
    resource: "replicasets.apps",
    verdict: "history-limit",
    because: "old ReplicaSets beyond the Deployment's revisionHistoryLimit are removed",
  },
  {
    controller: "statefulset-controller",
    resource: "controllerrevisions.apps",
    verdict: "history-limit",
    because: "old revisions beyond the StatefulSet's revisionHistoryLimit are removed",
  },
  {
    controller: "daemon-set-controller",
    resource: "controllerrevisions.apps",
    verdict: "history-limit",
    because: "old revisions beyond the DaemonSet's revisionHistoryLimit are removed",
  },
];

export const storedPolicy: CauseKind = {
  name: "ttl, history-limit",
  explain(context) {
    const { life, removal } = context;
    const { controller } = removal.actor;
    const { resource } = life.record;
    if (controller === "cronjob-controller" && resource === "jobs.batch") return cronJobCause(context);
    if (controller === "pod-garbage-collector") return podGarbage(context);
    const policy = POLICIES.find((entry) => entry.controller === controller && entry.resource === resource);
    if (policy === undefined) return null;
    return {
      verdict: policy.verdict,
      chain: [context.link(life, removal, policy.because)],
      confidence: "certain",
      missing: [],
    };
  },
};

/** A finished Job falls to the history limit; one that still ran was replaced by the next (concurrencyPolicy). */
function cronJobCause(context: RemovalContext): ReturnType<CauseKind["explain"]> {
  const { life, removal, families } = context;
  const owner = families.ownerOf(life)?.owner ?? null;
  const of = owner === null ? "the CronJob" : objectWords(owner);
  const known = life.touches.some((touch) => touch.facts !== null && touch.subresource === "status");
  const finished = life.touches.some((touch) => touch.facts?.over !== undefined);
  if (known && !finished) {
    return {
      verdict: "deleted",
      chain: [context.link(life, removal, `${of} replaced it while it ran (concurrencyPolicy Replace)`)],
      confidence: "likely",
      missing: [],
    };
  }
  return {
    verdict: "history-limit",
    chain: [context.link(life, removal, `finished Jobs beyond the history limit of ${of} are removed`)],
    confidence: finished ? "certain" : "likely",
    missing: [],
  };
}

/** Pods of a node that is gone, or finished ones beyond the cluster's threshold. */
function podGarbage(context: RemovalContext): ReturnType<CauseKind["explain"]> {
  const { life, removal, families } = context;
  const node = nodeOfPod(life);
  const gone =
    node === null ? undefined : families.livesOf("nodes", "", node).findLast((entry) => entry.removal !== null);
  const goneUs = gone?.removal?.timeUs ?? Number.POSITIVE_INFINITY;
  if (node !== null && gone !== undefined && goneUs <= removal.timeUs + SKEW_US) {
    const cause = context.explain(gone);
    return {
      verdict: "owner-deleted",
      chain: [context.link(life, removal, `its node ${node} was deleted`), ...(cause?.chain ?? [])],
      confidence: "likely",
      missing: cause?.missing ?? [],
    };
  }
  return {
    verdict: "history-limit",
    chain: [context.link(life, removal, "the pod garbage collector removes finished pods beyond its threshold")],
    confidence: "likely",
    missing: ["whether its node was gone is not in this log"],
  };
}
