import { asObject, field, list, number, text, type JsonValue } from "./json.ts";
import { containersStanding } from "./standing.ts";
import type { PodStatusFacts, WorkloadStatusFacts } from "./touch.ts";

/** Messages are for people: the first words tell. */
const MAX_MESSAGE = 200;

/** null when the body has no status. */
export function podStatus(status: JsonValue | undefined): PodStatusFacts | null {
  if (asObject(status) === null) return null;
  let ready: boolean | null = null;
  let disruption = "";
  let unschedulable = "";
  for (const condition of list(status, "conditions")) {
    const type = text(condition, "type");
    const value = text(condition, "status");
    const isTrue = value === "True";
    // What a patch leaves out of a condition, it leaves alone.
    if (type === "Ready") ready = value === "" ? null : isTrue;
    else if (type === "DisruptionTarget" && isTrue) {
      disruption = `${text(condition, "reason")}: ${text(condition, "message")}`.slice(0, MAX_MESSAGE);
    } else if (type === "PodScheduled" && value === "False" && text(condition, "reason") === "Unschedulable") {
      unschedulable = text(condition, "message").slice(0, MAX_MESSAGE);
    }
  }
  const containers = list(status, "containerStatuses");
  let running = 0;
  let waiting = "";
  for (const container of containers) {
    const state = field(container, "state");
    if (asObject(field(state, "running")) !== null) running += 1;
    waiting ||= text(state, "waiting", "reason");
  }
  return {
    phase: text(status, "phase"),
    reason: text(status, "reason"),
    message: text(status, "message").slice(0, MAX_MESSAGE),
    ready,
    running,
    containers: containers.length,
    waiting,
    containersSay: containersStanding(status),
    nominatedNode: text(status, "nominatedNodeName"),
    disruption,
    unschedulable,
  };
}

const COUNTED = ["replicas", "desiredNumberScheduled"] as const;
const AVAILABLE = ["availableReplicas", "numberAvailable"] as const;

/** Whether a patch of a workload's status tells how many there are and are available: what it leaves out is not zero. */
export function patchesCounts(status: JsonValue | undefined): boolean {
  const has = (name: string): boolean => number(status, name) !== undefined;
  return COUNTED.some(has) && AVAILABLE.some(has);
}

/** Counts of a Deployment, ReplicaSet, StatefulSet or DaemonSet; null when the body has no status. Zeros are left out of it. */
export function workloadStatus(status: JsonValue | undefined): WorkloadStatusFacts | null {
  if (asObject(status) === null) return null;
  const count = (...names: readonly string[]): number => {
    for (const name of names) {
      const found = number(status, name);
      if (found !== undefined) return found;
    }
    return 0;
  };
  return {
    replicas: count(...COUNTED),
    ready: count("readyReplicas", "numberReady"),
    updated: count("updatedReplicas", "updatedNumberScheduled"),
    available: count(...AVAILABLE),
    observed: count("observedGeneration"),
  };
}
