import { type Life, SKEW_US } from "./lives.ts";
import { isChange } from "./steps.ts";
import { answeredUs, type Touch } from "./touch.ts";

interface Change {
  readonly touch: Touch;
  /** When its controller began to act on it. */
  readonly startUs: number;
  /** When the next one came. */
  readonly untilUs: number;
  /** All there ever were under the workload or, of a Deployment, its ReplicaSet; null where pods are not logged. */
  readonly pods: readonly Life[] | null;
}

/**
 * First status that says all wanted replicas are new and available: one whose controller had seen the change, when as many
 * pods were there.
 */
export function whenAvailable(life: Life, { touch, startUs, untilUs, pods }: Change): number | null {
  let wanted: number | null = null;
  /** Generation of the change. Without its answer: the one after the last that was seen before it. */
  let needed = Number.isNaN(touch.version) ? null : (touch.facts?.generation ?? null);
  if (!life.touches.includes(touch)) needed = null;
  let seen = 0;
  for (const entry of life.touches) {
    if (!isChange(entry)) continue;
    if (entry.timeUs >= untilUs) return null;
    const { facts } = entry;
    const status = entry.subresource === "status" ? facts?.workload : undefined;
    if (entry === touch) needed ??= touch === life.create ? 1 : seen + 1;
    if (facts?.replicas !== undefined) wanted = facts.replicas;
    if (status === undefined) continue;
    seen = Math.max(seen, status.observed);
    if (entry.timeUs < startUs || status.observed === 0 || status.observed < (needed ?? 0)) continue;
    const all = life.record.resource === "daemonsets.apps" ? status.replicas : wanted;
    if (all === null || all === 0) continue;
    if (status.updated !== all || status.available !== all || status.replicas !== all) continue;
    if (pods !== null && thereAt(pods, answeredUs(entry)) < all) continue;
    return answeredUs(entry);
  }
  return null;
}

function thereAt(pods: readonly Life[], us: number): number {
  return pods.filter((pod) => pod.firstUs <= us && (pod.goneUs ?? Number.POSITIVE_INFINITY) > us - SKEW_US).length;
}
