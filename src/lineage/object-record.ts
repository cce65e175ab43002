import { byTime, sortTouches, succeeded, type Facts, type Touch } from "./touch.ts";

/** Touches kept per object: the first ones tell how it began, the last ones how it is or ended. */
const KEEP_FIRST = 96;
const KEEP_LAST = 160;
const MOST = KEEP_FIRST + 2 * KEEP_LAST;
/** A later stage of a short request follows within a few others; a session's may come hours later. */
const NEAR = 8;
const SESSIONS = new Set(["exec", "attach", "portforward", "log"]);

/** All lives of one name, as the requests that concern it. */
export class ObjectRecord {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Touches that were not kept. */
  dropped = 0;
  lastUs = 0;
  /** Uid seen last, to spare a look-up for every request on the same life. */
  lastUid = "";
  /** A body had the whole object: its owners and spec are known. */
  described = false;
  /** The last thing that happened to it was its removal. */
  ended = false;
  /** A request shows that it was there. */
  seen = false;
  /** The last read that did not find it. */
  missing: Touch | null = null;
  private kept: Touch[] = [];
  private sorted = true;

  constructor(resource: string, namespace: string, name: string) {
    this.resource = resource;
    this.namespace = namespace;
    this.name = name;
  }

  get size(): number {
    return this.kept.length + (this.missing === null ? 0 : 1);
  }

  /** In time order, whatever the order of arrival was. */
  get touches(): readonly Touch[] {
    if (!this.sorted) {
      sortTouches(this.kept);
      this.sorted = true;
    }
    return this.kept;
  }

  /** A later stage of a request that was already seen takes its place. */
  add(touch: Touch): void {
    if (isUnfound(touch)) {
      if (this.missing === null || byTime(this.missing, touch) < 0) this.missing = touch;
      return;
    }
    if (touch.timeUs > this.lastUs) this.lastUs = touch.timeUs;
    const first = SESSIONS.has(touch.subresource) ? 0 : Math.max(0, this.kept.length - NEAR);
    for (let at = this.kept.length - 1; at >= first; at -= 1) {
      const other = this.kept[at];
      if (other !== undefined && other.timeUs === touch.timeUs && other.auditID === touch.auditID) {
        if (!(other.stageUs > touch.stageUs)) this.kept[at] = touch;
        return;
      }
    }
    if (touch.facts?.full === true) this.described = true;
    const last = this.kept.at(-1);
    if (last !== undefined) {
      if (byTime(last, touch) > 0 || last.version > touch.version) this.sorted = false;
      if (last.facts !== null && touch.facts !== null) shareFacts(touch.facts, last.facts);
    }
    if (touch.event === null && succeeded(touch)) this.seen = true;
    if (touch.event === null && touch.subresource === "" && succeeded(touch)) {
      if (touch.verb === "delete" || touch.verb === "deletecollection") this.ended = true;
      else if (touch.verb === "create") {
        this.ended = false;
        this.described = touch.facts?.full === true;
      }
    }
    this.kept.push(touch);
    if (this.kept.length > MOST) this.shorten();
  }

  /** Moves its requests in time; `by`: µs to take off, by API server. */
  shift(by: (apiserver: string) => number): void {
    this.lastUs = Number.NEGATIVE_INFINITY;
    for (const touch of this.missing === null ? this.kept : [...this.kept, this.missing]) {
      const us = by(touch.apiserver);
      touch.timeUs -= us;
      touch.stageUs -= us;
      if (touch !== this.missing && touch.timeUs > this.lastUs) this.lastUs = touch.timeUs;
    }
    this.sorted = false;
  }

  /** Keeps only what began, changed or ended a life. */
  reduce(): void {
    this.keep(this.touches.filter((touch) => isTurningPoint(touch)));
  }

  /** Drops the middle, but not what begins, changes or ends a life. */
  private shorten(): void {
    const { touches } = this;
    const kept = touches.filter(
      (touch, at) => at < KEEP_FIRST || at >= touches.length - KEEP_LAST || isTurningPoint(touch),
    );
    // Turning points alone may be too many: then they are requests like any other.
    const many = kept.length > MOST - KEEP_LAST / 2;
    this.keep(many ? [...kept.slice(0, KEEP_FIRST), ...kept.slice(-KEEP_LAST)] : kept);
  }

  private keep(touches: Touch[]): void {
    this.dropped += this.kept.length - touches.length;
    this.kept = touches;
  }
}

/** A read of a name that nothing had then: it is evidence, and no step. */
function isUnfound({ verb, code, subresource }: Touch): boolean {
  return verb === "get" && code === 404 && subresource === "";
}

function isTurningPoint(touch: Touch): boolean {
  if (touch.event !== null || touch.dryRun) return false;
  if (touch.subresource === "") return touch.verb !== "get";
  return touch.subresource === "binding" || touch.subresource === "eviction" || touch.subresource === "scale";
}

/** Status updates repeat what the object always has: equal values are kept once. */
function shareFacts(now: Facts, before: Facts): void {
  if (before.owners !== undefined && now.owners?.length === before.owners.length) {
    const { owners } = before;
    if (now.owners.every((owner, at) => owner.uid === owners[at]?.uid)) now.owners = owners;
  }
  if (before.uid !== undefined && now.uid === before.uid) now.uid = before.uid;
  if (before.images !== undefined && now.images === before.images) now.images = before.images;
  if (before.template !== undefined && now.template === before.template) now.template = before.template;
  if (before.generateName !== undefined && now.generateName === before.generateName) {
    now.generateName = before.generateName;
  }
  if (
    before.selects !== undefined &&
    now.selects !== undefined &&
    JSON.stringify(before.selects) === JSON.stringify(now.selects)
  )
    now.selects = before.selects;
  if (before.source !== undefined && now.source === before.source) now.source = before.source;
  if (before.standing !== undefined && now.standing === before.standing) now.standing = before.standing;
  if (before.node !== undefined && now.node === before.node) now.node = before.node;
  if (before.finalizers !== undefined && now.finalizers?.join() === before.finalizers.join()) {
    now.finalizers = before.finalizers;
  }
}
