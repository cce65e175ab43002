import { usersOf } from "../actors.ts";
import { SKEW_US, type Life } from "../lives.ts";
import { nodeOfPod } from "../milestones.ts";
import { objectWords } from "../steps.ts";
import { succeeded } from "../touch.ts";
import { creationChain } from "./creation.ts";
import type { CauseKind, RemovalContext } from "./contract.ts";

/** The preemptor is nominated in the same breath, and bound when the victim's grace is over. */
const MAX_WAIT_US = 120 * 1_000_000;

const SCHEDULER = "kube-scheduler";
const SCHEDULERS = usersOf(SCHEDULER);

/** The scheduler removes a pod for one of higher priority. */
export const preemption: CauseKind = {
  name: "preempted",
  explain(context) {
    const { life, removal } = context;
    if (removal.actor.controller !== SCHEDULER) return null;
    const found = preemptorOf(context);
    if (found === null) {
      return {
        verdict: "preempted",
        chain: [context.link(life, removal, "the scheduler needed its place for a pod of higher priority")],
        confidence: "likely",
        missing: ["which pod took its place is not in this log: needs Request level for pods/status or events"],
      };
    }
    const here = context.link(life, removal, `its place was needed for ${objectWords(found.pod)} of higher priority`);
    return {
      verdict: "preempted",
      chain: [here, ...creationChain(found.pod, context)],
      confidence: found.sure ? "certain" : "likely",
      missing: found.sure ? [] : ["the preempting pod is told by node and time: needs Request level for pods/status"],
    };
  },
};

/** By the scheduler's own Event, else by who was nominated for, or next bound to, the victim's node. */
function preemptorOf({ life, removal, store, families }: RemovalContext): { pod: Life; sure: boolean } | null {
  for (const touch of life.touches) {
    if (touch.event === null || touch.event.reason !== "Preempted") continue;
    const uid = /\bby pod ([0-9a-f-]{36})\b/.exec(touch.event.message)?.[1];
    const named = uid === undefined ? null : families.withUid(uid);
    if (named !== null) return { pod: named, sure: true };
  }
  const node = nodeOfPod(life);
  store.reading.wants({
    of: "during",
    resource: "pods",
    fromUs: removal.timeUs - SKEW_US,
    toUs: removal.timeUs + MAX_WAIT_US,
    users: SCHEDULERS,
  });
  let next: { pod: Life; atUs: number; sure: boolean } | null = null;
  for (const namespace of store.namespaces()) {
    for (const pod of families.of(namespace).lives) {
      if (pod.record.resource !== "pods" || pod === life) continue;
      for (const touch of pod.touches) {
        const delta = touch.timeUs - removal.timeUs;
        if (delta > MAX_WAIT_US) break;
        if (delta < -SKEW_US || !succeeded(touch) || touch.actor.controller !== SCHEDULER) continue;
        const nominated = touch.facts?.pod?.nominatedNode ?? "";
        const fits = nominated !== "" ? nominated === node : touch.subresource === "binding" && bindsTo(pod, node);
        if (!fits) continue;
        const sure = nominated !== "" && Math.abs(delta) <= 2 * SKEW_US;
        if (next === null || (sure && !next.sure) || (sure === next.sure && touch.timeUs < next.atUs)) {
          next = { pod, atUs: touch.timeUs, sure };
        }
      }
    }
  }
  return next;
}

function bindsTo(pod: Life, node: string | null): boolean {
  return node !== null && nodeOfPod(pod) === node;
}
