import type { ServerSkew } from "./clocks.ts";
import { nothingHeard } from "./log-extent.ts";
import { ALL_READ, type Reading } from "./reading.ts";
import { ObjectRecord } from "./object-record.ts";
import { byTime, type Touch } from "./touch.ts";

/** Touches kept in all: up to 800 B each with what hangs on them, so some 90 MiB. */
const MAX_TOUCHES = 120_000;
/** Requests without a name kept in all, and per resource and namespace. */
const MAX_UNNAMED = 20_000;
const MAX_UNNAMED_EACH = 4_096;

/** An estimate that moves by less is the same. */
const LEAST_US = 2_000;

/** A request on many objects, or on one whose name the log does not have. */
export interface UnnamedTouch extends Touch {
  readonly resource: string;
  readonly namespace: string;
}

export class ObjectStore {
  /** namespace → resource → name: strings that come again and again, so that no key has to be put together. */
  private readonly spaces = new Map<string, Map<string, Map<string, ObjectRecord>>>();
  private readonly uids = new Map<string, ObjectRecord>();
  private readonly byResource = new Set<string>();
  private readonly unnamed = new Map<string, UnnamedTouch[]>();
  /** Grows with everything that is taken in: what was worked out is kept until then. */
  revision = 0;
  /** Objects that were given up to stay within bounds, oldest removed ones first. */
  forgotten = 0;
  readonly extent = nothingHeard();
  /** API servers whose clocks are off, as all times here are corrected for. */
  skews: readonly ServerSkew[] = [];
  private ahead = new Map<string, number>();

  /** Found last: a request is looked up when its bodies are read and when it is kept. */
  private latest: ObjectRecord | null = null;
  readonly reading: Reading;
  private readonly maxTouches: number;
  private recordCount = 0;
  private touchCount = 0;
  private unnamedCount = 0;

  constructor(maxTouches = MAX_TOUCHES, reading = ALL_READ) {
    this.maxTouches = maxTouches;
    this.reading = reading;
  }

  get size(): number {
    return this.recordCount;
  }

  get touches(): number {
    return this.touchCount;
  }

  get unnamedTouches(): number {
    return this.unnamedCount;
  }

  find(resource: string, namespace: string, name: string): ObjectRecord | null {
    const { latest } = this;
    if (latest?.name === name && latest.resource === resource && latest.namespace === namespace) return latest;
    const found = this.spaces.get(namespace)?.get(resource)?.get(name) ?? null;
    if (found !== null) this.latest = found;
    return found;
  }

  findByUid(uid: string): ObjectRecord | null {
    return this.uids.get(uid) ?? null;
  }

  add(resource: string, namespace: string, name: string, touch: Touch): void {
    this.revision += 1;
    const record = this.find(resource, namespace, name) ?? this.begin(resource, namespace, name);
    const before = record.size;
    record.add(touch);
    this.touchCount += record.size - before;
    if (touch.uid !== "" && touch.uid !== record.lastUid) {
      record.lastUid = touch.uid;
      this.uids.set(touch.uid, record);
    }
    if (this.touchCount > this.maxTouches) this.forget();
  }

  private begin(resource: string, namespace: string, name: string): ObjectRecord {
    const record = new ObjectRecord(resource, namespace, name);
    let space = this.spaces.get(namespace);
    if (space === undefined) {
      space = new Map();
      this.spaces.set(namespace, space);
    }
    const names = space.get(resource);
    if (names === undefined) space.set(resource, new Map([[name, record]]));
    else names.set(name, record);
    this.recordCount += 1;
    this.byResource.add(resource);
    return record;
  }

  /**
   * Makes room for a tenth more: removed objects lose what only colours their story, then are given up, the longest gone
   * first; only then the ones that were not heard of for longest.
   */
  private forget(): void {
    const enough = this.maxTouches * 0.9;
    const oldest = [...this.all()].sort((left, right) => left.lastUs - right.lastUs);
    const ended = oldest.filter((record) => record.ended || !record.seen);
    const alive = oldest.filter((record) => !record.ended && record.seen);
    // The newest removals are the ones somebody asks about: they keep all.
    for (const record of ended.slice(0, ended.length * 0.75)) this.reduceUntil(record, enough);
    for (const record of ended) this.dropUntil(record, enough);
    for (const record of alive.slice(0, alive.length / 2)) this.reduceUntil(record, enough);
    for (const record of alive) this.dropUntil(record, enough);
  }

  private reduceUntil(record: ObjectRecord, enough: number): void {
    if (this.touchCount <= enough) return;
    const before = record.size;
    record.reduce();
    this.touchCount += record.size - before;
  }

  private dropUntil(record: ObjectRecord, enough: number): void {
    if (this.touchCount <= enough) return;
    this.touchCount -= record.size;
    this.forgotten += 1;
    this.recordCount -= 1;
    const space = this.spaces.get(record.namespace);
    const names = space?.get(record.resource);
    if (this.latest === record) this.latest = null;
    names?.delete(record.name);
    if (names?.size === 0) space?.delete(record.resource);
    if (space?.size === 0) this.spaces.delete(record.namespace);
    for (const { uid } of record.touches) {
      if (this.uids.get(uid) === record) this.uids.delete(uid);
    }
  }

  /** How much what API servers stamp into objects may be off, µs: it does not tell whose clock it was. */
  get stampUs(): number {
    return Math.max(0, ...this.skews.map(({ us }) => Math.abs(us)));
  }

  /** How far an API server's clock is ahead, µs. */
  aheadUs(apiserver: string): number {
    return this.ahead.get(apiserver) ?? 0;
  }

  /** Corrects all times for clocks that are off. Small changes of an estimate are passed over. */
  correct(skews: readonly ServerSkew[]): void {
    const ahead = new Map(skews.map(({ apiserver, us }) => [apiserver, us]));
    const changed = (apiserver: string): number => (ahead.get(apiserver) ?? 0) - this.aheadUs(apiserver);
    const servers = new Set([...ahead.keys(), ...this.ahead.keys()]);
    if (![...servers].some((apiserver) => Math.abs(changed(apiserver)) > LEAST_US)) return;
    for (const record of this.all()) record.shift(changed);
    for (const touches of this.unnamed.values()) {
      for (const touch of touches) {
        const us = changed(touch.apiserver);
        touch.timeUs -= us;
        touch.stageUs -= us;
      }
    }
    this.ahead = ahead;
    this.skews = skews;
    this.revision += 1;
  }

  addUnnamed(touch: UnnamedTouch): void {
    this.revision += 1;
    if (this.unnamedCount >= MAX_UNNAMED) this.forgetUnnamed();
    this.unnamedCount += 1;
    const key = `${touch.resource}\0${touch.namespace}`;
    const known = this.unnamed.get(key);
    if (known === undefined) {
      this.unnamed.set(key, [touch]);
      return;
    }
    known.push(touch);
    if (known.length > MAX_UNNAMED_EACH) this.unnamedCount -= known.splice(0, MAX_UNNAMED_EACH >> 1).length;
  }

  /** Drops the older half of every list, and lists that are empty then. */
  private forgetUnnamed(): void {
    this.unnamedCount = 0;
    for (const [key, touches] of this.unnamed) {
      touches.splice(0, Math.ceil(touches.length / 2));
      if (touches.length === 0) this.unnamed.delete(key);
      this.unnamedCount += touches.length;
    }
  }

  unnamedOf(resource: string, namespace: string): readonly UnnamedTouch[] {
    return (this.unnamed.get(`${resource}\0${namespace}`) ?? []).toSorted(byTime);
  }

  /** Creates without a name that were answered with an error. */
  refusedIn(namespace: string): UnnamedTouch[] {
    this.reading.wants({ of: "refused", namespace });
    const found: UnnamedTouch[] = [];
    for (const touches of this.unnamed.values()) {
      if (touches[0]?.namespace !== namespace) continue;
      for (const touch of touches) {
        if (touch.verb === "create" && touch.code !== null && touch.code >= 400) found.push(touch);
      }
    }
    return found.sort(byTime);
  }

  *inNamespace(namespace: string): IterableIterator<ObjectRecord> {
    for (const names of this.spaces.get(namespace)?.values() ?? []) yield* names.values();
  }

  namespaces(): IterableIterator<string> {
    return this.spaces.keys();
  }

  private *all(): IterableIterator<ObjectRecord> {
    for (const namespace of this.spaces.keys()) yield* this.inNamespace(namespace);
  }

  /** Distinct resources in the log. */
  resources(): string[] {
    return [...this.byResource];
  }
}
