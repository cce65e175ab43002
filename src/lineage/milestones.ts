import { KUBELET } from "./actors.ts";
import type { Life } from "./lives.ts";
import { succeeded, type Touch } from "./touch.ts";

/** When each milestone of a pod was first seen, µs; null when the log does not have it. */
export interface Milestones {
  created: number | null;
  bound: number | null;
  accepted: number | null;
  pulled: number | null;
  started: number | null;
  ready: number | null;
}

/**
 * Times are those at which the API server had answered (stageTimestamp), since only then others could see it; the
 * kubelet's own Events say when images were pulled and containers started.
 */
export function milestonesOf(life: Life): Milestones {
  const found: Milestones = { created: null, bound: null, accepted: null, pulled: null, started: null, ready: null };
  const first = (name: keyof Milestones, touch: Touch): void => {
    found[name] ??= Number.isFinite(touch.stageUs) ? touch.stageUs : touch.timeUs;
  };
  if (life.create !== null) first("created", life.create);
  else found.created = life.bodyCreatedUs;
  for (const touch of life.touches) {
    if (!succeeded(touch)) continue;
    if (touch.event !== null) {
      if (touch.event.reason === "Pulled") first("pulled", touch);
      else if (touch.event.reason === "Started") first("started", touch);
      continue;
    }
    if (touch.subresource === "binding") first("bound", touch);
    if (touch.subresource !== "status" || touch.actor.controller !== KUBELET) continue;
    first("accepted", touch);
    const { pod } = touch.facts ?? {};
    if (pod === undefined) continue;
    if (pod.containers > 0 && pod.running === pod.containers) first("started", touch);
    if (pod.ready === true) first("ready", touch);
  }
  // An Event may be written after the status it led to: nothing is ready before it runs, nor runs before it is pulled.
  if (found.ready !== null && found.started !== null) found.started = Math.min(found.started, found.ready);
  if (found.started !== null && found.pulled !== null) found.pulled = Math.min(found.pulled, found.started);
  return found;
}

/** Node a pod was bound to: from the binding or its spec, else the kubelet that reports on it. */
export function nodeOfPod(life: Life): string | null {
  for (const touch of life.touches) {
    if (touch.facts?.node !== undefined && succeeded(touch)) return touch.facts.node;
  }
  if (life.record.resource !== "pods") return null;
  for (const touch of life.touches) {
    if (touch.actor.node !== "" && succeeded(touch)) return touch.actor.node;
  }
  return null;
}
