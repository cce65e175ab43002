import { COLLECTOR } from "./actors.ts";
import type { Families } from "./family.ts";
import { isFinalRemoval, type Life, SKEW_US } from "./lives.ts";
import { objectWords } from "./steps.ts";
import { iso } from "./times.ts";
import { precedes, succeeded, type Touch } from "./touch.ts";

/** What shows that an object was gone by some time, though nobody is seen to remove it. */
export interface Absence {
  /** Request it rests on, and on which object; null: a newer life of the name. */
  readonly by: { readonly life: Life; readonly touch: Touch } | null;
  readonly us: number;
  readonly words: string;
}

/** null: nothing in the log speaks against its being there. */
export function absenceOf(life: Life, families: Families): Absence | null {
  return recreated(life) ?? notFound(life) ?? collectedDependent(life, families);
}

function recreated({ goneUs }: Life): Absence | null {
  if (goneUs === null) return null;
  return { by: null, us: goneUs, words: "it is gone (its name was created anew), but no delete of it is in this log" };
}

/** Nothing was found under its name after it was last seen. */
function notFound(life: Life): Absence | null {
  const seenUs = lastSeenUs(life);
  const missed = [...life.touches, ...(life.isLatest && life.record.missing !== null ? [life.record.missing] : [])];
  const touch = missed.find(
    (entry) =>
      entry.code === 404 && entry.subresource === "" && entry.event === null && entry.timeUs > seenUs + SKEW_US,
  );
  if (touch === undefined) return null;
  const words = `it was not found any more (404 to ${touch.actor.user}): no delete of it is in this log`;
  return { by: { life, touch }, us: touch.timeUs, words };
}

/** The garbage collector removes what has no owner left: with one owner, that one was gone or on its way. */
function collectedDependent(life: Life, families: Families): Absence | null {
  for (const child of families.childrenOf(life)) {
    const { removal } = child;
    if (removal?.actor.controller !== COLLECTOR) continue;
    const owners = child.touches.find(({ facts }) => facts?.owners !== undefined)?.facts?.owners;
    if (owners !== undefined && owners.length > 1) continue;
    if (removal.timeUs < lastSeenUs(life) - SKEW_US) continue;
    const words = `its dependent ${objectWords(child)} was garbage-collected, so it was gone or going by then: no delete of it is in this log`;
    return { by: { life: child, touch: removal }, us: removal.timeUs, words };
  }
  return null;
}

/** Last request that shows it was there; a status may still be written while it goes. */
function lastSeenUs(life: Life): number {
  const seen = life.touches.findLast(
    (touch) => touch.event === null && succeeded(touch) && touch.subresource !== "status",
  );
  return seen?.timeUs ?? life.firstUs;
}

/** The nearest of its owners that went before, so that what it left behind was to be collected. */
function removedOwner(life: Life, removal: Touch, families: Families): Life | null {
  const seen = new Set([life]);
  for (let link = families.ownerOf(life); link !== null && !seen.has(link.owner); link = families.ownerOf(link.owner)) {
    const gone = link.owner.removal;
    if (gone !== null)
      return precedes(gone, removal) && gone.facts?.delete?.propagation !== "Orphan" ? link.owner : null;
    seen.add(link.owner);
  }
  return null;
}

/** A deletionTimestamp has whole seconds. */
const SECOND_US = 1_000_000;

/**
 * Why the request taken for the first to ask for a removal may not have been it; null when the object's own
 * deletionTimestamp says it was, or nothing speaks against it.
 */
export function earlierRequest(life: Life, removal: Touch, families: Families): string | null {
  if (!succeeded(removal))
    return `it was answered ${String(removal.code ?? "nothing")}: that it was carried out is told by what followed`;
  if (isFinalRemoval(removal)) return null;
  const { askedUs } = life;
  if (askedUs !== null && removal.timeUs > askedUs + SECOND_US + SKEW_US + families.stampUs)
    return `it was asked to go at ${iso(askedUs)} already: that request is not in this log`;
  const owner = removal.actor.controller === "" ? removedOwner(life, removal, families) : null;
  const isOrphaned = families.of(life.record.namespace).unseenOwnerOf(life) !== null;
  if (isOrphaned && !families.hasControllers)
    return "this log has no requests of controllers: its owner's may have asked first";
  if (owner !== null) return `${objectWords(owner)} was removed before: the garbage collector may have asked first`;
  if (askedUs !== null) return null;
  // What goes at once was there until then.
  if (life.goneUs === removal.timeUs && removal.facts !== null) return null;
  return families.lossIn(life.record.namespace);
}

/** Why it may still be there, held by finalizers; null where its end is told by bodies, or needs none. */
export function unreadRelease(life: Life): string | null {
  if (!life.isGoneLikely) return null;
  return `that its finalizers were taken off is told by who wrote it last: needs Request level for ${life.record.resource}`;
}
