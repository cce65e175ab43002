import { KUBELET } from "./actors.ts";
import type { ObjectRecord } from "./object-record.ts";
import { isSighting, succeeded, type Touch } from "./touch.ts";

/** Two API servers' clocks and flush windows may disagree by this much. */
export const SKEW_US = 500_000;

/** Controllers that remove pods from nodes with NoExecute taints, over the versions of Kubernetes. */
export const TAINT_CONTROLLERS: ReadonlySet<string> = new Set([
  "node-controller",
  "taint-eviction-controller",
  "node-lifecycle-controller",
]);

/** One life of a name: create … delete, with one uid. */
export class Life {
  readonly record: ObjectRecord;
  incarnation = 1;
  /** No newer life of the name is in the log. */
  isLatest = true;
  uid = "";
  readonly touches: Touch[] = [];
  /** The create, when it is in the log; `stitched` when the log has it without the name. */
  create: Touch | null = null;
  stitched = false;
  /** The removal is a deletecollection that does not name it: told by resource, namespace and time. */
  implied = false;
  /** The request that decided the removal; never the kubelet's final one when there is another. */
  removal: Touch | null = null;
  /** Every successful delete, eviction and deletecollection in time order. */
  removals: Touch[] = [];
  /** Its removal was asked for. */
  isAsked = false;
  goneUs: number | null = null;
  /** That it is gone is told by who wrote last, without bodies. */
  isGoneLikely = false;
  /** creationTimestamp of the bodies (whole seconds), when the create is not in the log. */
  bodyCreatedUs: number | null = null;

  constructor(record: ObjectRecord) {
    this.record = record;
  }

  get firstUs(): number {
    return this.create?.timeUs ?? this.touches[0]?.timeUs ?? Number.NaN;
  }

  /** First request or Event that has its name; what was refused before it was there does not count. */
  get sightedUs(): number {
    return (this.touches.find((touch) => succeeded(touch)) ?? this.touches[0])?.timeUs ?? Number.NaN;
  }

  /** First request that shows it was there. */
  get provenUs(): number {
    return this.touches.find((touch) => touch.event === null && succeeded(touch))?.timeUs ?? Number.NaN;
  }

  get createdUs(): number | null {
    return this.create?.timeUs ?? this.bodyCreatedUs;
  }

  /** Seen by a request that says the object was there; Events and most refusals alone are no proof. */
  get real(): boolean {
    return (
      this.create !== null ||
      this.touches.some((touch) => (touch.event === null && succeeded(touch)) || isSighting(touch))
    );
  }

  /** When its removal was first asked for, by its deletionTimestamp: whole seconds in µs; null when no body tells. */
  get askedUs(): number | null {
    // Of status updates only the status is always read.
    const told = this.touches.find(
      ({ facts, subresource }) => facts?.askedUs !== undefined && subresource !== "status",
    );
    return told?.facts?.askedUs ?? null;
  }

  get id(): string {
    return this.uid !== "" ? this.uid : nameId(this);
  }
}

export function nameId(life: Life): string {
  const { resource, namespace, name } = life.record;
  return `${namespace === "" ? "" : `${namespace}/`}${resource}/${name}#${String(life.incarnation)}`;
}

/** Cuts the requests on a name into lives: by uid where known, else by create and delete. */
export function splitLives(record: ObjectRecord): Life[] {
  const lives: Life[] = [];
  const byUid = new Map<string, Life>();
  let current: Life | null = null;
  const begin = (): Life => {
    const life = new Life(record);
    lives.push(life);
    return life;
  };
  for (const touch of record.touches) {
    let life: Life | null = touch.uid === "" ? null : (byUid.get(touch.uid) ?? null);
    if (life === null && current !== null && isLateEnding(touch, current, lives.at(-2))) life = lives.at(-2) ?? null;
    if (life === null) {
      if (current === null || startsAnew(current, touch)) current = begin();
      life = current;
    }
    if (touch.uid !== "" && life.uid === "") {
      life.uid = touch.uid;
      byUid.set(touch.uid, life);
    }
    life.touches.push(touch);
    if (isCreate(touch) && life.create === null) life.create = touch;
    advance(life, touch);
  }
  lives.sort((left, right) => left.firstUs - right.firstUs);
  lives.forEach((life, at) => {
    life.incarnation = at + 1;
    life.isLatest = at === lives.length - 1;
    settle(life, lives[at + 1] ?? null);
  });
  return lives;
}

/** Whether it is gone, after one more request. */
function advance(life: Life, touch: Touch): void {
  const isOver = endsLife(touch) && mayEnd(life, touch);
  if (isOver || (life.isAsked && mayRelease(touch))) {
    life.goneUs = Math.max(life.goneUs ?? 0, touch.timeUs);
    life.isGoneLikely = !isOver && touch.facts === null;
  } else if (life.goneUs !== null && touch.timeUs - life.goneUs > CLOCK_US && revives(life, touch)) {
    life.goneUs = null;
  }
  if (isRemoval(touch)) life.isAsked = true;
}

/** A namespace's own finalizers are in its spec: nothing but its finalization ends it. */
function mayEnd({ record }: Life, { subresource }: Touch): boolean {
  return record.resource !== "namespaces" || subresource === "finalize";
}

/**
 * Of an object that was asked to go: all finalizers are taken off; or, without a body, its controller or the garbage
 * collector writes it.
 */
function mayRelease(touch: Touch): boolean {
  if (touch.event !== null || !succeeded(touch) || touch.subresource !== "") return false;
  if (touch.verb !== "patch" && touch.verb !== "update") return false;
  return touch.facts === null ? touch.actor.actorClass !== "human" && !touch.lingers : touch.facts.released === true;
}

/** Only something that is there can be written, or be refused as invalid. */
function revives(life: Life, touch: Touch): boolean {
  if (isSighting(touch)) return touch.verb !== "create";
  return life.isGoneLikely && touch.event === null && succeeded(touch) && WRITES.has(touch.verb);
}

const WRITES = new Set(["update", "patch"]);

/** Clocks of two API servers may put the end of one life a little after the beginning of the next. */
const CLOCK_US = 250_000;

function isLateEnding(touch: Touch, current: Life, before: Life | undefined): boolean {
  if (touch.uid !== "" || !succeeded(touch) || !isFinalRemoval(touch)) return false;
  if (before === undefined || before.goneUs !== null) return false;
  return touch.timeUs - current.provenUs <= CLOCK_US;
}

export function isCreate(touch: Touch): boolean {
  return touch.verb === "create" && touch.subresource === "" && touch.event === null && succeeded(touch);
}

function startsAnew(current: Life, touch: Touch): boolean {
  // What was refused before there was an object belongs to the life that follows.
  if (!current.real && (current.uid === "" || touch.uid === "")) return false;
  if (touch.uid !== "" && current.uid !== "") return touch.uid !== current.uid;
  if (!isCreate(touch)) return false;
  if (current.create !== null) return true;
  // With the clocks of two API servers the create may follow what it made possible.
  return current.goneUs !== null || touch.timeUs - current.provenUs > SKEW_US;
}

/** Asks for the object to go: a delete, an eviction, or a deletecollection that covered it. */
export function isRemoval(touch: Touch): boolean {
  if (touch.event !== null || !succeeded(touch)) return false;
  if (touch.subresource === "eviction") return touch.verb === "create";
  return touch.subresource === "" && (touch.verb === "delete" || touch.verb === "deletecollection");
}

/** After this request the object is not there any more. */
function endsLife(touch: Touch): boolean {
  if (touch.event !== null || !succeeded(touch)) return false;
  const { facts } = touch;
  if (touch.subresource === "finalize")
    return facts === null || (facts.deleting === true && facts.finalizers === undefined);
  if (touch.verb === "delete" && touch.subresource === "") {
    if (facts?.deleting === true) return facts.finalizers === undefined && facts.deletionGrace === 0;
    if (facts?.full === true) return facts.finalizers === undefined;
    // Without the object in the answer (a Status, or no bodies at all) only a pod may linger: its kubelet ends it.
    return facts?.delete?.graceSeconds === 0 || touch.actor.controller === KUBELET || !touch.lingers;
  }
  if (touch.verb === "patch" || touch.verb === "update") {
    return (
      facts?.deleting === true && facts.full === true && facts.deletionGrace === 0 && facts.finalizers === undefined
    );
  }
  return false;
}

/** The kubelet removes a pod for good after somebody else decided: grace 0, bound to the uid. */
export function isFinalRemoval(touch: Touch): boolean {
  return touch.verb === "delete" && touch.actor.controller === KUBELET;
}

/** A kubelet made it itself, of a static pod. */
export function isOwnCreate({ create }: Life, { actor }: Touch): boolean {
  return create?.actor.controller === KUBELET && create.actor.node === actor.node;
}

/** The daemon set controller reacts to a taint as the node controller does: whichever is stored first by chance. */
const RACE_US = 1_000_000;

function decidingRemoval(removals: readonly Touch[]): Touch | null {
  const first = removals.find((touch) => !isFinalRemoval(touch)) ?? removals[0] ?? null;
  if (first?.actor.controller !== "daemon-set-controller") return first;
  const eviction = removals.find(
    (touch) => TAINT_CONTROLLERS.has(touch.actor.controller) && Math.abs(touch.timeUs - first.timeUs) <= RACE_US,
  );
  return eviction ?? first;
}

function settle(life: Life, next: Life | null): void {
  life.removals = life.touches.filter(isRemoval);
  life.removal = decidingRemoval(life.removals);
  for (const { facts } of life.touches) {
    if (facts?.createdUs !== undefined) life.bodyCreatedUs = facts.createdUs;
  }
  if (life.goneUs === null && next !== null && next.create !== null) life.goneUs = next.create.timeUs;
  const { removal } = life;
  if (life.goneUs !== null || removal === null) return;
  if (removal.verb === "deletecollection" && (!removal.lingers || removal.facts?.delete?.graceSeconds === 0))
    life.goneUs = removal.timeUs;
  endAtOnce(life);
  life.goneUs ??= unfoundUs(life, removal);
}

/** A pod that has finished, or was bound to no node, goes when it is deleted: no kubelet has to end it. */
export function endAtOnce(life: Life): void {
  if (life.goneUs === null && life.removal !== null && isOver(life, life.removal)) life.goneUs = life.removal.timeUs;
}

function isOver({ record, touches, create }: Life, removal: Touch): boolean {
  if (record.resource !== "pods" || removal.facts?.deleting === true) return false;
  const before = touches.filter((touch) => touch.timeUs < removal.timeUs && succeeded(touch) && touch.event === null);
  const phase = before.findLast(({ facts }) => (facts?.pod?.phase ?? "") !== "")?.facts?.pod?.phase;
  if (phase === "Succeeded" || phase === "Failed") return true;
  // The job controller takes its finalizer off a pod that has finished.
  if (before.some(({ actor, verb }) => actor.controller === "job-controller" && verb === "patch")) return true;
  const isBound = touches.some(
    ({ actor, subresource, facts }) =>
      actor.controller === KUBELET || subresource === "binding" || facts?.node !== undefined,
  );
  return !isBound && create !== null;
}

/** When somebody looked for it and found nothing, after its removal was asked for. */
function unfoundUs({ record, touches, isLatest }: Life, removal: Touch): number | null {
  const missed = [...touches, ...(isLatest && record.missing !== null ? [record.missing] : [])].filter(
    (touch) => touch.code === 404 && touch.subresource === "" && touch.event === null,
  );
  return missed.find((touch) => touch.timeUs > removal.timeUs)?.timeUs ?? null;
}
