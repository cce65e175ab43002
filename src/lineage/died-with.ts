import { kindOf } from "../events/resource-names.ts";
import type { DiedWith } from "./contract.ts";
import type { Families } from "./family.ts";
import { isKubernetesEvent } from "../events/kubernetes-event.ts";
import { SKEW_US, type Life } from "./lives.ts";
import { objectWords } from "./steps.ts";
import { isoOf } from "./times.ts";

/** Names told; the rest is counted. */
const MOST_NAMED = 64;

/** What a namespace's deletion took, or waits for; null for what is no namespace, or was not deleted. */
export function diedWith(space: Life, families: Families): DiedWith | null {
  const { removal, goneUs, record } = space;
  if (record.resource !== "namespaces" || removal === null) return null;
  const family = families.of(record.name);
  const there = family.all.filter(
    (life) =>
      life.real &&
      !isKubernetesEvent(life.record.resource) &&
      life.firstUs <= (goneUs ?? Number.POSITIVE_INFINITY) &&
      (life.goneUs ?? Number.POSITIVE_INFINITY) >= removal.timeUs - SKEW_US,
  );
  // A namespace goes last: with it everything that was in it.
  const isLeft = (life: Life): boolean => goneUs === null && life.goneUs === null;
  const kinds = new Map<string, { count: number; left: number }>();
  for (const life of there) {
    const { resource } = life.record;
    const counts = kinds.get(resource) ?? { count: 0, left: 0 };
    counts.count += 1;
    if (isLeft(life)) counts.left += 1;
    kinds.set(resource, counts);
  }
  const isOwned = (life: Life): boolean => family.ownerOf(life) !== null;
  const rank = (life: Life): number => (isLeft(life) ? 0 : finalizersOf(life).length > 0 ? 1 : isOwned(life) ? 3 : 2);
  const named = there.toSorted(
    (left, right) =>
      rank(left) - rank(right) || (right.goneUs ?? 0) - (left.goneUs ?? 0) || left.firstUs - right.firstUs,
  );
  return {
    objects: there.length,
    kinds: [...kinds]
      .map(([resource, counts]) => ({ kind: kindOf(resource), resource, ...counts }))
      .sort((left, right) => right.left - left.left || right.count - left.count || (left.kind < right.kind ? -1 : 1)),
    named: named.slice(0, MOST_NAMED).map((life) => ({
      id: life.id,
      object: objectWords(life),
      gone: isoOf(life.goneUs),
      ms: life.goneUs === null ? null : Math.max(0, life.goneUs - removal.timeUs) / 1_000,
      isLeft: isLeft(life),
      isOwned: isOwned(life),
      finalizers: finalizersOf(life),
    })),
    ms: goneUs === null ? null : (goneUs - removal.timeUs) / 1_000,
  };
}

/** Those it had when its removal was asked for. */
function finalizersOf({ removal, touches }: Life): readonly string[] {
  const until = removal?.timeUs ?? Number.POSITIVE_INFINITY;
  const told = touches.findLast(({ facts, timeUs }) => facts?.full === true && timeUs <= until);
  return told?.facts?.finalizers ?? [];
}
