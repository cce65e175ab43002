import { byTime, sortTouches, type Touch } from "./touch.ts";

/** Touches kept per object: the first ones tell how it began, the last ones how it is or ended. */
const KEEP_FIRST = 96;
const KEEP_LAST = 160;
/** Requests without a name kept per resource and namespace. */
const MAX_UNNAMED = 4_096;

/** All lives of one name, as the requests that concern it. */
export class ObjectRecord {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  dropped = 0;
  /** Grows with every change: what was worked out from the touches is kept until then. */
  revision = 0;
  lastUs = 0;
  private kept: Touch[] = [];
  private sorted = true;

  constructor(resource: string, namespace: string, name: string) {
    this.resource = resource;
    this.namespace = namespace;
    this.name = name;
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
    this.revision += 1;
    if (touch.timeUs > this.lastUs) this.lastUs = touch.timeUs;
    for (let at = this.kept.length - 1; at >= 0 && at >= this.kept.length - 8; at -= 1) {
      const other = this.kept[at];
      if (other !== undefined && other.auditID === touch.auditID && other.timeUs === touch.timeUs) {
        if (!(other.stageUs > touch.stageUs)) this.kept[at] = touch;
        return;
      }
    }
    const last = this.kept.at(-1);
    if (last !== undefined && (byTime(last, touch) > 0 || last.version > touch.version)) this.sorted = false;
    this.kept.push(touch);
    if (this.kept.length > KEEP_FIRST + 2 * KEEP_LAST) this.shorten();
  }

  /** Drops the middle, but never what begins or ends a life. */
  private shorten(): void {
    const touches = this.touches;
    const kept = touches.filter(
      (touch, at) => at < KEEP_FIRST || at >= touches.length - KEEP_LAST || isTurningPoint(touch),
    );
    // Turning points alone may be too many: then they are only requests like any other.
    this.kept =
      kept.length > KEEP_FIRST + 2 * KEEP_LAST - 32 ? [...kept.slice(0, KEEP_FIRST), ...kept.slice(-KEEP_LAST)] : kept;
    this.dropped += touches.length - this.kept.length;
  }
}

function isTurningPoint(touch: Touch): boolean {
  if (touch.event !== null) return false;
  return touch.verb === "create" || touch.verb === "delete" || touch.verb === "deletecollection";
}

/** A request on many objects, or on one whose name the log does not have. */
export interface UnnamedTouch extends Touch {
  readonly resource: string;
  readonly namespace: string;
}

export class ObjectStore {
  private readonly records = new Map<string, ObjectRecord>();
  private readonly spaces = new Map<string, Set<ObjectRecord>>();
  private readonly uids = new Map<string, ObjectRecord>();
  private readonly byResource = new Set<string>();
  private readonly unnamed = new Map<string, UnnamedTouch[]>();
  revision = 0;
  /** Time of the newest request seen, µs. */
  lastUs = 0;

  static key(resource: string, namespace: string, name: string): string {
    return `${resource}\0${namespace}\0${name}`;
  }

  get size(): number {
    return this.records.size;
  }

  find(resource: string, namespace: string, name: string): ObjectRecord | null {
    return this.records.get(ObjectStore.key(resource, namespace, name)) ?? null;
  }

  findByUid(uid: string): ObjectRecord | null {
    return this.uids.get(uid) ?? null;
  }

  add(resource: string, namespace: string, name: string, touch: Touch): ObjectRecord {
    this.revision += 1;
    const key = ObjectStore.key(resource, namespace, name);
    let record = this.records.get(key);
    if (record === undefined) {
      record = new ObjectRecord(resource, namespace, name);
      this.records.set(key, record);
      this.byResource.add(resource);
      const space = this.spaces.get(namespace);
      if (space === undefined) this.spaces.set(namespace, new Set([record]));
      else space.add(record);
    }
    record.add(touch);
    if (touch.timeUs > this.lastUs) this.lastUs = touch.timeUs;
    if (touch.uid !== "") this.uids.set(touch.uid, record);
    return record;
  }

  addUnnamed(touch: UnnamedTouch): void {
    this.revision += 1;
    const key = `${touch.resource}\0${touch.namespace}`;
    const known = this.unnamed.get(key);
    if (known === undefined) {
      this.unnamed.set(key, [touch]);
      return;
    }
    known.push(touch);
    if (known.length > MAX_UNNAMED) known.splice(0, MAX_UNNAMED >> 1);
  }

  unnamedOf(resource: string, namespace: string): readonly UnnamedTouch[] {
    return (this.unnamed.get(`${resource}\0${namespace}`) ?? []).toSorted(byTime);
  }

  /** Creates without a name that were answered with an error. */
  refusedIn(namespace: string): UnnamedTouch[] {
    const found: UnnamedTouch[] = [];
    for (const touches of this.unnamed.values()) {
      if (touches[0]?.namespace !== namespace) continue;
      for (const touch of touches) {
        if (touch.verb === "create" && touch.code !== null && touch.code >= 400) found.push(touch);
      }
    }
    return found.sort(byTime);
  }

  inNamespace(namespace: string): ReadonlySet<ObjectRecord> {
    return this.spaces.get(namespace) ?? new Set();
  }

  namespaces(): IterableIterator<string> {
    return this.spaces.keys();
  }

  all(): IterableIterator<ObjectRecord> {
    return this.records.values();
  }

  /** Distinct resources in the log. */
  resources(): string[] {
    return [...this.byResource];
  }
}
