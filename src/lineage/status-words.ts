import type { Known } from "./steps.ts";
import type { PodStatusFacts, Touch, WorkloadStatusFacts } from "./touch.ts";

/** What a status update tells that the one before did not; null when the bodies say nothing. */
export function statusWords(touch: Touch, known: Known): string | null {
  const { pod, workload, standing = "" } = touch.facts ?? {};
  const now =
    pod !== undefined ? podWords(pod) : workload !== undefined ? workloadWords(workload, known.replicas) : standing;
  if (now === "") return null;
  const same = now === known.status;
  known.status = now;
  return same ? `still ${now}` : now;
}

function podWords(pod: PodStatusFacts): string {
  if (pod.reason !== "") return `${pod.phase} ${pod.reason}: ${pod.message}`;
  if (pod.disruption !== "") return `disruption target, ${pod.disruption}`;
  if (pod.unschedulable !== "") {
    const nominated = pod.nominatedNode === "" ? "" : `, nominated ${pod.nominatedNode}`;
    return `unschedulable: ${pod.unschedulable}${nominated}`;
  }
  const trouble = pod.containersSay === "" ? "" : `, ${pod.containersSay}`;
  if (pod.phase === "Succeeded" || pod.phase === "Failed") return `phase ${pod.phase}${trouble}`;
  if (pod.waiting !== "") {
    if (trouble !== "") return pod.containersSay;
    return pod.waiting === "ContainerCreating" ? "accepted, containers being created" : `waiting: ${pod.waiting}`;
  }
  if (pod.containers > 0 && pod.running === pod.containers) {
    const readiness = pod.ready === null ? "" : pod.ready ? ", Ready" : ", not Ready";
    return `containers running${readiness}${trouble}`;
  }
  if (pod.containers > 0) return `${String(pod.running)} of ${String(pod.containers)} containers running${trouble}`;
  return pod.phase === "" ? "" : `phase ${pod.phase}`;
}

function workloadWords(status: WorkloadStatusFacts, wanted: number | null): string {
  const { replicas, ready, available, updated } = status;
  const old = updated > 0 && updated < replicas ? `, ${String(updated)} updated` : "";
  const waiting = ready === available ? "" : `, ${String(ready)} ready`;
  return `${String(available)} of ${String(wanted ?? replicas)} available${waiting}${old}`;
}
