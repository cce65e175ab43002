import type { Life } from "../lives.ts";
import { lacksChange } from "../generations.ts";
import { lastBefore, specChanges, type SpecChange } from "../spec-changes.ts";
import { objectWords } from "../steps.ts";
import { weakest, type CauseKind, type Explanation, type RemovalContext } from "./contract.ts";
import { replicaSetCause } from "./replica-sets.ts";

const SCALERS = new Set([
  "replicaset-controller",
  "replication-controller",
  "statefulset-controller",
  "daemon-set-controller",
  "job-controller",
]);

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
  const changes = specChanges(owner).filter(({ kind }) => kind !== "create");
  const over = jobOver(context, owner);
  if (over !== null) return over;
  const change = lastBefore(
    changes.filter((entry) => fits(entry, life)),
    removal,
  );
  const name = objectWords(owner);
  if (change === null) return replacement(context, owner);
  const isRollout = change.kind === "template" || change.kind === "unknown" || !shrinks(change, life);
  const because = isRollout
    ? `${name} rolled out a new pod template`
    : `${name} was ${change.kind === "suspend" ? "suspended" : "scaled"}`;
  const isSure = change.kind !== "unknown" && change.isOwn && !lacksChange(owner, change.touch, removal);
  return {
    verdict: isRollout ? "rollout" : "scaled-down",
    chain: [context.link(life, removal, because), context.link(owner, change.touch, "")],
    confidence: change.kind === "unknown" ? "guess" : isSure ? "certain" : "likely",
    missing:
      change.kind === "unknown"
        ? [`what changed in ${name} is not in the log: needs Request level for ${owner.record.resource}`]
        : [],
  };
}

const FAILURES: Readonly<Record<string, string>> = {
  DeadlineExceeded: "ran past its activeDeadlineSeconds",
  BackoffLimitExceeded: "failed more often than its backoffLimit allows",
  PodFailurePolicy: "failed by its podFailurePolicy",
  FailedIndexes: "had an index that failed",
  MaxFailedIndexesExceeded: "had more failed indexes than it allows",
};

/** A Job that is over removes its pods that still run: a policy in its spec, so the chain ends there. */
function jobOver({ life, removal, link }: RemovalContext, owner: Life): Explanation | null {
  if (owner.record.resource !== "jobs.batch") return null;
  const told = owner.touches.map(({ facts, event }) => event?.reason ?? facts?.over ?? "");
  const reason = told.find((entry) => Object.hasOwn(FAILURES, entry));
  if (reason === undefined) return null;
  return {
    verdict: "deleted",
    chain: [link(life, removal, `${objectWords(owner)} ${FAILURES[reason] ?? "failed"} (${reason})`)],
    confidence: "certain",
    missing: [],
  };
}

/** Growing removes no pod, and of a StatefulSet shrinking only those with the highest ordinals. */
function fits(change: SpecChange, pod: Life): boolean {
  return change.kind !== "scale" || shrinks(change, pod);
}

function shrinks({ kind, from, to }: SpecChange, pod: Life): boolean {
  if (kind === "suspend") return true;
  if (kind !== "scale" && kind !== "both") return false;
  if (from !== null && to !== null && to >= from) return false;
  const ordinal =
    pod.create?.actor.controller === "statefulset-controller" ? /-(\d+)$/.exec(pod.record.name)?.[1] : undefined;
  return ordinal === undefined || to === null || Number(ordinal) >= to;
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
