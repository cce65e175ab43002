import { type Life, SKEW_US } from "./lives.ts";
import { isOpen, type Touch } from "./touch.ts";

/**
 * A delete that was given up on, or whose answer is not in the log: some are carried out all the same. The last one before
 * a time.
 */
export function openRemoval(life: Life, untilUs = Number.POSITIVE_INFINITY): Touch | null {
  return (
    life.touches.findLast(
      (touch) =>
        touch.verb === "delete" &&
        touch.subresource === "" &&
        touch.event === null &&
        isOpen(touch) &&
        touch.timeUs <= untilUs + SKEW_US,
    ) ?? null
  );
}
