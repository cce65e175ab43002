import type { Life } from "../lives.ts";
import { mayPrecede } from "../spec-changes.ts";
import { learn, nothingKnown } from "../steps.ts";
import { precedes, succeeded, type Touch } from "../touch.ts";

/** A ReplicaSet was asked for fewer pods, or may have been. */
export interface Shrink {
  readonly touch: Touch;
  /**
   * The Deployment's controller notes in every ReplicaSet it scales how many replicas the Deployment wants. They changed:
   * it was scaled (older ReplicaSets too). They did not: a roll-out. null: not told by bodies.
   */
  readonly kind: "scaled" | "rolled" | null;
  /** Replicas the Deployment wanted then. */
  readonly desired: number | null;
}

/** The shrink a pod's removal follows from; `isSure`: none of another kind may have been it. */
export function shrinkBehind(
  replicaSet: Life,
  removal: Touch,
): { readonly shrink: Shrink; readonly isSure: boolean } | null {
  // Where only clocks tell, one that seems to come a little later may be it.
  const shrinks = shrinksOf(replicaSet).filter(({ touch }) =>
    Number.isNaN(touch.version) ? mayPrecede(touch, removal) : precedes(touch, removal),
  );
  const { seenBefore, seenAfter } = reports(replicaSet, removal);
  const acted = shrinks.filter(({ touch }) => !((touch.facts?.generation ?? 0) > seenAfter));
  const shrink = acted.at(-1) ?? shrinks.at(-1);
  if (shrink === undefined) return null;
  // What its controller had not reported to have seen before, it saw in the pass that removed the pod.
  const pending = acted.filter(({ touch }) => (touch.facts?.generation ?? Number.POSITIVE_INFINITY) > seenBefore);
  const isSure = pending.every(({ kind, desired }) => kind === shrink.kind && desired === shrink.desired);
  return { shrink, isSure };
}

function shrinksOf(replicaSet: Life): Shrink[] {
  const known = nothingKnown();
  let desired: number | null = null;
  const found: Shrink[] = [];
  for (const touch of replicaSet.touches) {
    if (!succeeded(touch) || touch.event !== null) continue;
    const { facts, subresource, verb } = touch;
    const isChange = (verb === "update" || verb === "patch") && (subresource === "" || subresource === "scale");
    if (isChange && mayShrink(touch, known.replicas)) {
      const now = facts?.desired ?? null;
      const isOwn = touch.actor.controller === "deployment-controller" && subresource === "";
      const kind =
        !isOwn || now === null || desired === null || known.replicas === null
          ? null
          : now === desired
            ? "rolled"
            : "scaled";
      found.push({ touch, kind, desired: now });
    }
    if (facts?.desired !== undefined) desired = facts.desired;
    learn(known, facts);
  }
  return found;
}

function mayShrink({ facts }: Touch, before: number | null): boolean {
  if (facts === null) return true;
  const { replicas } = facts;
  return replicas === undefined ? facts.partial === true : before === null || replicas < before;
}

/** Generations its own controller reported to have seen, last before the removal and first after it. */
function reports(replicaSet: Life, removal: Touch): { readonly seenBefore: number; readonly seenAfter: number } {
  let seenBefore = 0;
  for (const touch of replicaSet.touches) {
    const observed = touch.facts?.workload?.observed ?? 0;
    if (observed === 0 || touch.subresource !== "status" || !succeeded(touch)) continue;
    if (!precedes(touch, removal)) return { seenBefore, seenAfter: observed };
    seenBefore = observed;
  }
  return { seenBefore, seenAfter: Number.POSITIVE_INFINITY };
}
