import type { Life } from "./lives.ts";
import { learn, nothingKnown } from "./steps.ts";
import { isOpen, precedes, succeeded, templateChanged, type Touch } from "./touch.ts";

/** A change of what an object is asked to be. */
export interface SpecChange {
  readonly touch: Touch;
  /** `unknown`: the bodies are not in the log. */
  readonly kind: "create" | "scale" | "template" | "both" | "suspend" | "unknown";
  readonly from: number | null;
  readonly to: number | null;
  /** False: a request whose body is not in the log may have done before what this one seems to. */
  readonly isOwn: boolean;
}

/** The create, and changes of replicas and pod template, in time order. */
export function specChanges(life: Life): SpecChange[] {
  const known = nothingKnown();
  const found: SpecChange[] = [];
  const unread = { replicas: false, template: false };
  const touches = life.stitched && life.create !== null ? [life.create, ...life.touches] : life.touches;
  for (const touch of touches) {
    if (!succeeded(touch) || touch.event !== null) continue;
    const { facts, subresource } = touch;
    const changes = touch.verb === "update" || touch.verb === "patch";
    if (touch === life.create)
      found.push({ touch, kind: "create", from: null, to: facts?.replicas ?? null, isOwn: true });
    else if (changes && (subresource === "" || subresource === "scale")) {
      const from = known.replicas;
      const to = facts?.replicas ?? null;
      const kind = changeKind(touch, known.replicas, known.template);
      const isOwn = !(kind !== "template" && unread.replicas) && !(kind !== "scale" && unread.template);
      if (kind !== null) found.push({ touch, kind, from, to, isOwn });
      if (facts === null && kind !== null && !OWN_CONTROLLER.test(touch.actor.controller)) {
        unread.replicas = true;
        unread.template ||= subresource === "";
      }
    }
    if (facts?.replicas !== undefined) unread.replicas = false;
    if (facts?.template !== undefined) unread.template = false;
    learn(known, facts);
  }
  return found;
}

/** Writes of the spec that were given up on, or whose answer is not in the log: some are stored all the same. */
export function unansweredChanges(life: Life): SpecChange[] {
  return life.touches.flatMap((touch): SpecChange[] => {
    const isWrite = (touch.verb === "update" || touch.verb === "patch") && touch.subresource === "";
    if (!isWrite || !isOpen(touch) || touch.event !== null) return [];
    return [{ touch, kind: "unknown", from: null, to: null, isOwn: true }];
  });
}

/** Clocks of two API servers, and the time a request takes before it is stored. */
const CLOCK_US = 250_000;
/** A controller reacts within this time, unless it is very busy. */
const REACTION_US = 2_000_000;

/**
 * The last change before something happened. One that seems to come a little after it is taken when clocks may be
 * why, and when what came before is too long ago to have caused it.
 */
export function lastBefore(changes: readonly SpecChange[], effect: Touch): SpecChange | null {
  const before = changes.findLast(({ touch }) => precedes(touch, effect)) ?? null;
  if (before !== null && effect.timeUs - before.touch.timeUs <= REACTION_US) return before;
  const near = changes.find(({ touch }) => !precedes(touch, effect) && mayPrecede(touch, effect));
  return near ?? before;
}

/** Came before it, or only seems to come after because of clocks. */
export function mayPrecede(left: Touch, right: Touch): boolean {
  return precedes(left, right) || (!(left.version > right.version) && left.timeUs <= right.timeUs + CLOCK_US);
}

/** They write statuses and annotations of what they control, never its spec. */
const OWN_CONTROLLER = /^(?:deployment|statefulset|daemon-set|replicaset|replication|job|cronjob)-controller$/;

/** kubectl's own names for patches that leave the spec alone. */
const METADATA_ONLY = new Set(["kubectl-annotate", "kubectl-label"]);

function changeKind(touch: Touch, replicas: number | null, template: string | null): SpecChange["kind"] | null {
  const { facts } = touch;
  if (facts === null && METADATA_ONLY.has(touch.fieldManager)) return null;
  if (facts === null || (facts.replicas === undefined && facts.template === undefined && facts.partial !== true)) {
    return touch.subresource === "scale"
      ? "scale"
      : facts === null
        ? "unknown"
        : facts.suspend === true
          ? "suspend"
          : null;
  }
  const scaled =
    facts.replicas !== undefined &&
    facts.replicas !== replicas &&
    (replicas !== null || facts.partial === true || touch.subresource === "scale");
  const rolled = templateChanged(facts, template);
  if (scaled && rolled) return "both";
  if (scaled) return "scale";
  return rolled ? "template" : null;
}
