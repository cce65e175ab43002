import { isFinalRemoval, SKEW_US, type Life } from "./lives.ts";
import type { UnnamedTouch } from "./object-store.ts";
import { succeeded } from "./touch.ts";

/** A pod's kubelet ends it within the grace period (30 s unless told) after its deletecollection. */
const MAX_GRACE_US = 120 * 1_000_000;

/**
 * Without bodies a deletecollection names nobody. It is taken for the removal of every object of its resource and
 * namespace that was there; of a pod only when its kubelet's final delete follows; with a selector only then too.
 */
export function implyRemovals(lives: readonly Life[], unnamed: (resource: string) => readonly UnnamedTouch[]): void {
  const collections = new Map<string, readonly UnnamedTouch[]>();
  for (const life of lives) {
    if (life.removal !== null && !isFinalRemoval(life.removal)) continue;
    const { resource } = life.record;
    let touches = collections.get(resource);
    if (touches === undefined) {
      touches = unnamed(resource).filter((touch) => touch.verb === "deletecollection" && succeeded(touch));
      collections.set(resource, touches);
    }
    const match = touches.find((touch) => covers(touch, life));
    if (match === undefined) continue;
    life.removal = match;
    life.implied = true;
    life.removals = [match, ...life.removals];
    if (life.goneUs === null && (!match.lingers || match.facts?.delete?.graceSeconds === 0)) life.goneUs = match.timeUs;
  }
}

function covers(collection: UnnamedTouch, life: Life): boolean {
  const began = life.createdUs ?? life.firstUs;
  if (collection.timeUs < began - SKEW_US) return false;
  const final = life.removal;
  if (final !== null) {
    return collection.timeUs <= final.timeUs + SKEW_US && final.timeUs - collection.timeUs <= MAX_GRACE_US;
  }
  const asked = collection.facts?.delete;
  if (asked?.selective === true || (collection.lingers && asked?.graceSeconds !== 0)) return false;
  const lastSeen = life.touches.findLast((touch) => touch.event === null && succeeded(touch));
  return lastSeen === undefined || lastSeen.timeUs <= collection.timeUs + SKEW_US;
}
