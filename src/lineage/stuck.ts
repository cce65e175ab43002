import type { Explanation } from "./causes/contract.ts";
import type { WhyLink } from "./contract.ts";
import { isRemoval, type Life } from "./lives.ts";
import { succeeded, type Touch } from "./touch.ts";

/** Longer than any usual grace period: what is still Terminating then does not move. */
const PATIENCE_US = 120 * 1_000_000;

/**
 * Deleted, but still there: which finalizers are left and who last tried. null while it may still be on its way, or
 * when the log cannot know that it is still there.
 */
export function stuckExplanation(
  life: Life,
  lastUs: number,
  link: (life: Life, touch: Touch, because: string) => WhyLink,
): Explanation | null {
  const { removal } = life;
  if (removal === null || life.goneUs !== null) return null;
  const after = life.touches.filter(
    (touch) => touch.timeUs >= removal.timeUs && touch.event === null && touch.verb !== "get",
  );
  const state = after.findLast((touch) => succeeded(touch) && tellsFinalizers(touch));
  const finalizers = state?.facts?.finalizers ?? [];
  const refused = after.filter(
    (touch) => touch.code !== null && touch.code >= 400 && touch.code !== 404 && touch.code !== 409,
  );
  const graceUs = (state?.facts?.deletionGrace ?? 0) * 1_000_000;
  const waitedUs = lastUs - removal.timeUs;
  if (finalizers.length === 0 && refused.length === 0) return null;
  if (waitedUs < graceUs + (refused.length > 0 ? 0 : PATIENCE_US)) return null;
  const left = finalizers.length === 0 ? "" : `, finalizers left: ${finalizers.join(", ")}`;
  const because = `Terminating for ${durationWords(waitedUs)}${left}`;
  const lastTry = refused.at(-1) ?? after.findLast((touch) => succeeded(touch) && !isRemoval(touch));
  return {
    verdict: "stuck",
    chain: lastTry === undefined ? [] : [link(life, lastTry, because)],
    confidence: state === undefined ? "likely" : "certain",
    missing: [
      ...(lastTry === undefined ? [`${because}; nobody has tried to remove them in this log`] : []),
      ...(state === undefined
        ? [`which finalizers are left is not in this log: needs RequestResponse level for ${life.record.resource}`]
        : []),
    ],
  };
}

/** A whole object; a piece of one tells only what it has. */
function tellsFinalizers({ facts }: Touch): boolean {
  return facts?.full === true || (facts?.deleting === true && facts.finalizers !== undefined);
}

function durationWords(us: number): string {
  const seconds = Math.round(us / 1_000_000);
  if (seconds < 120) return `${String(seconds)} s`;
  if (seconds < 7_200) return `${String(Math.round(seconds / 60))} min`;
  if (seconds < 172_800) return `${String(Math.round(seconds / 3_600))} h`;
  return `${String(Math.round(seconds / 86_400))} days`;
}
