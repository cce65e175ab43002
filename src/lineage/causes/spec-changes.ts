import { SKEW_US, type Life } from "../lives.ts";
import { learn, nothingKnown } from "../steps.ts";
import { succeeded, type Touch } from "../touch.ts";

/** A change of what an object is asked to be. */
export interface SpecChange {
  readonly touch: Touch;
  /** `unknown`: the bodies are not in the log. */
  readonly kind: "scale" | "template" | "both" | "suspend" | "unknown";
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * Changes of replicas and pod template up to a time, oldest first; the create is none. Those after the time by less
 * than two clocks may differ only count when there is none before it.
 */
export function specChanges(life: Life, untilUs: number): SpecChange[] {
  const found = changesUntil(life, untilUs + SKEW_US);
  const before = found.filter(({ touch }) => touch.timeUs <= untilUs);
  return before.length > 0 ? before : found;
}

function changesUntil(life: Life, untilUs: number): SpecChange[] {
  const known = nothingKnown();
  const found: SpecChange[] = [];
  for (const touch of life.touches) {
    if (touch.timeUs > untilUs) break;
    if (!succeeded(touch) || touch.event !== null) continue;
    const { facts, subresource } = touch;
    const changes = touch.verb === "update" || touch.verb === "patch";
    if (changes && (subresource === "" || subresource === "scale")) {
      const from = known.replicas;
      const to = facts?.replicas ?? null;
      const kind = changeKind(touch, known.replicas, known.template);
      if (kind !== null) found.push({ touch, kind, from, to });
    }
    learn(known, facts);
  }
  return found;
}

function changeKind(touch: Touch, replicas: number | null, template: string | null): SpecChange["kind"] | null {
  const { facts } = touch;
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
  const rolled =
    facts.templatePatched === true ||
    (facts.template !== undefined && template !== null && facts.template !== template);
  if (scaled && rolled) return "both";
  if (scaled) return "scale";
  return rolled ? "template" : null;
}

/** The last change that made the object smaller, or may have. */
export function lastShrink(life: Life, untilUs: number): SpecChange | null {
  const shrinks = changesUntil(life, untilUs + SKEW_US).filter(
    ({ kind, from, to }) =>
      kind === "unknown" || ((kind === "scale" || kind === "both") && (from === null || to === null || to < from)),
  );
  return shrinks.findLast(({ touch }) => touch.timeUs <= untilUs) ?? shrinks[0] ?? null;
}
