import { lacksAnyChange } from "./generations.ts";
import { isFinalRemoval, isOwnCreate, type Life } from "./lives.ts";
import type { ObjectStore } from "./object-store.ts";
import { openRemoval } from "./open-removal.ts";
import { objectWords } from "./steps.ts";
import { succeeded } from "./touch.ts";

/** creationTimestamps are whole seconds, and the log may begin within one. */
const START_US = 2_000_000;
/** A pod whose removal was asked for before the log began is gone by then, unless its grace is unusual. */
const GRACE_US = 120_000_000;

/** A sentence with what shows that requests on these objects are missing; null where nothing does. */
export function lossAmong(lives: readonly Life[], { extent, stampUs }: ObjectStore): string | null {
  for (const life of lives) {
    const words = lossOf(life, extent.fromUs + stampUs);
    if (words !== null) return words;
  }
  return null;
}

function lossOf(life: Life, fromUs: number): string | null {
  const name = objectWords(life);
  if (life.create === null && life.real && (life.bodyCreatedUs ?? 0) >= fromUs + START_US)
    return `this log lacks requests: ${name} was created while it was written, but its create is not in it`;
  if (wasRecreated(life)) return `this log lacks requests: ${name} was created anew, but no delete of it is in it`;
  if (lacksAnyChange(life))
    return `this log lacks requests: the generation of ${name} rose more often than it was changed`;
  if (isEndedByNobody(life, fromUs))
    return `this log lacks requests: its kubelet removed ${name} for good, but nobody asks for that in it`;
  return null;
}

/** A delete that was given up on may have been carried out. */
function wasRecreated(life: Life): boolean {
  return life.removal === null && life.goneUs !== null && openRemoval(life, life.goneUs) === null;
}

function isEndedByNobody(life: Life, fromUs: number): boolean {
  const { removal, touches, record, askedUs } = life;
  if (record.resource !== "pods" || removal === null || !isFinalRemoval(removal)) return false;
  if (isOwnCreate(life, removal) || touches.some(({ facts }) => facts?.mirror === true)) return false;
  if (touches.some((touch) => succeeded(touch) && touch.facts?.pod?.reason === "Evicted")) return false;
  return askedUs === null ? removal.timeUs > fromUs + GRACE_US : askedUs >= fromUs;
}
