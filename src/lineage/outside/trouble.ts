import type { Confidence, WhyOutside } from "../contract.ts";
import type { Families } from "../family.ts";
import type { ObjectStore } from "../object-store.ts";
import { refusedChildren } from "../refused.ts";
import { specChanges } from "../spec-changes.ts";
import { objectWords, stepsOf, type Step } from "../steps.ts";
import { iso } from "../times.ts";
import { byTime } from "../touch.ts";
import type { Life } from "../lives.ts";
import { outsideOf, type Outside } from "./lanes.ts";
import { AUTOSCALERS, LIMITS, type Tree } from "./references.ts";
import { WEBHOOK_CONFIGURATIONS } from "./webhooks.ts";

/** What happened longer before is no cause anybody would name. */
const WINDOW_US = 600_000_000;
/** Beyond it only a guess. */
const NEAR_US = 120_000_000;
/** Onsets looked at, the latest. */
const MOST_ONSETS = 64;

/** What a kubelet gives as the reason why a container does not run, or how it ended. */
const FAILING =
  /\b(?:CrashLoopBackOff|ImagePullBackOff|ErrImagePull|InvalidImageName|CreateContainer\w*Error|RunContainerError|exit code (?!0\b)\d+|OOMKilled)\b/;

/** The nearest write on what an object refers to before its containers failed or its pods were refused; null without one. */
export function outsideBefore(
  tree: Tree,
  families: Families,
  store: ObjectStore,
  oldestSeq: number,
): WhyOutside | null {
  const onsets = [...tree.below.flatMap((life) => onsetOf(life)), ...refusedChildren(tree.below, store)]
    .sort((left, right) => byTime(left.touch, right.touch))
    .slice(-MOST_ONSETS);
  if (onsets.length === 0) return null;
  const { lanes } = outsideOf(tree, families);
  let nearest: { readonly lane: Outside["lanes"][number]; readonly step: Step; readonly onset: Step } | null = null;
  let gapUs = WINDOW_US;
  for (const lane of lanes) {
    for (const step of lane.steps) {
      if (!mayMatter(step, lane.resource)) continue;
      const onset = onsets.find(({ touch }) => touch.timeUs > step.touch.timeUs);
      const us = onset === undefined ? Number.POSITIVE_INFINITY : onset.touch.timeUs - step.touch.timeUs;
      if (onset === undefined || us >= gapUs) continue;
      gapUs = us;
      nearest = { lane, step, onset };
    }
  }
  if (nearest === null) return null;
  const { lane, step, onset } = nearest;
  const { touch } = step;
  return {
    t: iso(touch.timeUs),
    object: objectWords(step.life),
    what: step.what,
    by: touch.actor.user,
    actorClass: touch.actor.actorClass,
    auditID: touch.auditID,
    seq: touch.seq < oldestSeq ? null : touch.seq,
    how: lane.how,
    trouble: { t: iso(onset.touch.timeUs), object: objectWords(onset.life), what: onset.what },
    ms: gapUs / 1_000,
    confidence: confidenceOf(nearest, gapUs, [...tree.below, ...tree.above]),
  };
}

/** When a pod's containers began to fail while nobody had asked for its end. */
function onsetOf(life: Life): Step[] {
  if (life.record.resource !== "pods") return [];
  const untilUs = life.removal?.timeUs ?? Number.POSITIVE_INFINITY;
  const isFailing = ({ touch }: Step): boolean =>
    touch.timeUs < untilUs && FAILING.test(touch.facts?.pod?.containersSay ?? "");
  if (!life.touches.some(({ facts }) => FAILING.test(facts?.pod?.containersSay ?? ""))) return [];
  const first = stepsOf(life).find((step) => isFailing(step));
  return first === undefined ? [] : [first];
}

/**
 * What controllers decide follows the trouble, and what is made for an object troubles nobody: limits and webhooks do, and
 * what takes the place of something else.
 */
function mayMatter({ touch, life }: Step, resource: string): boolean {
  if (touch.subresource !== "" || resource === AUTOSCALERS) return false;
  return (
    touch.verb !== "create" || life.incarnation > 1 || LIMITS.has(resource) || WEBHOOK_CONFIGURATIONS.has(resource)
  );
}

/** Certain only where the failure itself says that the thing removed is what it lacks. */
function confidenceOf(
  { lane, step, onset }: { readonly lane: Outside["lanes"][number]; readonly step: Step; readonly onset: Step },
  gapUs: number,
  lives: readonly Life[],
): Confidence {
  const said = `${onset.what} ${onset.touch.failure}`;
  const isLacking = said.includes(`"${lane.name}" not found`);
  if (isLacking && step.touch.verb.startsWith("delete")) return "certain";
  const isNamed = said.includes(`"${lane.name}"`) || said.includes(`exceeded quota: ${lane.name},`);
  // A change of its own in between is as good a cause.
  const isOwn = lives.some((life) =>
    specChanges(life).some(
      ({ touch, kind }) => kind !== "scale" && touch.timeUs > step.touch.timeUs && touch.timeUs < onset.touch.timeUs,
    ),
  );
  return isNamed || (!isOwn && gapUs <= NEAR_US) ? "likely" : "guess";
}
