import { NameArena } from "../finder/name-arena.ts";
import { rank } from "../finder/rank.ts";
import { ABSENT, type RequestIndex } from "../index/contract.ts";
import { isoTime } from "../events/time.ts";
import type { ObjectsResult } from "./contract.ts";

/** Statistics older than this are counted afresh when somebody looks, if rows have changed. */
const FRESH_MS = 1_000;
/** See ObjectDirectory.objectOf. */
const UNSEEN = -2;

/** All objects the log names, searchable as one types; kept up to date lazily, when asked. */
export class ObjectDirectory {
  private readonly index: RequestIndex;
  private arena = new NameArena();
  /** Codes of (resource, namespace, name), three per object. */
  private keys: number[] = [];
  private byKey = new Map<string, number>();
  /** Object number by target id; −1: the target names no object; −2: no row had it yet. */
  private objectOf: Int32Array = new Int32Array(0);
  private targetsSeen = 0;
  private generation = -1;
  private countedRevision = -1;
  private countedAt = Number.NEGATIVE_INFINITY;
  private requests = new Float64Array(0);
  private errors = new Float64Array(0);
  private first = new Float64Array(0);
  private last = new Float64Array(0);
  private lastSeq = new Float64Array(0);
  private present = 0;

  constructor(index: RequestIndex) {
    this.index = index;
  }

  search(text: string, limit: number): ObjectsResult {
    this.update();
    const most = Math.max(
      1,
      this.requests.reduce((a, b) => Math.max(a, b), 0),
    );
    const weight = (object: number): number => (this.requests[object] ?? 0) / most;
    const trimmed = text.trim();
    const found =
      trimmed === ""
        ? this.busiest(limit).map((label) => ({ label, matches: [] }))
        : rank(this.arena, (object) => this.label(object), trimmed, limit * 2, weight).filter(
            (entry) => (this.requests[entry.label] ?? 0) > 0,
          );
    return {
      total: this.present,
      rows: found.slice(0, limit).map(({ label, matches }) => {
        const [resource, namespace, name] = this.parts(label);
        return {
          resource,
          namespace,
          name,
          label: this.label(label),
          requests: this.requests[label] ?? 0,
          errors: this.errors[label] ?? 0,
          firstSeen: isoTime(this.first[label] ?? Number.NaN) ?? "",
          lastSeen: isoTime(this.last[label] ?? Number.NaN) ?? "",
          lastSeq: this.lastSeq[label] ?? 0,
          matches,
        };
      }),
    };
  }

  /** Number of distinct objects in the rows kept. */
  get size(): number {
    this.update();
    return this.present;
  }

  private label(object: number): string {
    const [resource, namespace, name] = this.parts(object);
    return `${namespace === "" ? "" : `${namespace}/`}${name} ${resource}`;
  }

  private parts(object: number): [string, string, string] {
    const { resource, namespace, name } = this.index.dictionaries;
    const at = object * 3;
    return [
      resource.text(this.keys[at] ?? 0),
      namespace.text(this.keys[at + 1] ?? 0),
      name.text(this.keys[at + 2] ?? 0),
    ];
  }

  private busiest(limit: number): number[] {
    const order = Array.from({ length: this.keys.length / 3 }, (_, object) => object).filter(
      (object) => (this.requests[object] ?? 0) > 0,
    );
    order.sort((a, b) => (this.requests[b] ?? 0) - (this.requests[a] ?? 0) || a - b);
    return order.slice(0, limit);
  }

  private update(): void {
    const { index } = this;
    if (index.generation !== this.generation) {
      this.arena = new NameArena();
      this.keys = [];
      this.byKey = new Map();
      this.objectOf = new Int32Array(0);
      this.targetsSeen = 0;
      this.generation = index.generation;
      this.countedRevision = -1;
      this.countedAt = Number.NEGATIVE_INFINITY;
    }
    if (index.revision === this.countedRevision) return;
    if (performance.now() - this.countedAt < FRESH_MS && this.countedRevision >= 0) return;
    this.addTargets();
    this.count();
    this.countedRevision = index.revision;
    this.countedAt = performance.now();
  }

  private addTargets(): void {
    const { targets } = this.index;
    const size = targets.size;
    if (this.objectOf.length < size) {
      const grown = new Int32Array(Math.max(size, this.objectOf.length * 2));
      grown.set(this.objectOf);
      this.objectOf = grown;
    }
    this.objectOf.fill(UNSEEN, this.targetsSeen, size);
    this.targetsSeen = size;
    // Which target got its id first depends on how the input was cut up for reading; the order of rows does not.
    for (const { target, count } of this.index.blocks) {
      for (let row = 0; row < count; row += 1) {
        const id = target[row] as number;
        if (this.objectOf[id] === UNSEEN) this.objectOf[id] = this.objectNamed(id);
      }
    }
  }

  /** Number of the object a target names, −1 when it names none. */
  private objectNamed(target: number): number {
    const { targets } = this.index;
    const resource = targets.resource[target] as number;
    const name = targets.name[target] as number;
    if (resource === ABSENT || name === ABSENT) return -1;
    const namespace = targets.namespace[target] as number;
    const key = `${resource},${namespace},${name}`;
    let object = this.byKey.get(key);
    if (object === undefined) {
      object = this.keys.length / 3;
      this.keys.push(resource, namespace, name);
      this.byKey.set(key, object);
      this.arena.add(this.label(object));
    }
    return object;
  }

  private count(): void {
    const objects = this.keys.length / 3;
    const requests = new Float64Array(objects);
    const errors = new Float64Array(objects);
    const first = new Float64Array(objects).fill(Number.POSITIVE_INFINITY);
    const last = new Float64Array(objects).fill(Number.NEGATIVE_INFINITY);
    const lastSeq = new Float64Array(objects);
    const { objectOf } = this;
    const { code } = this.index.outcomes;
    for (const block of this.index.blocks) {
      const { target, outcome, count } = block;
      for (let row = 0; row < count; row += 1) {
        const object = objectOf[target[row] as number] as number;
        if (object < 0) continue;
        requests[object] = (requests[object] as number) + 1;
        if ((code[outcome[row] as number] as number) >= 400) errors[object] = (errors[object] as number) + 1;
        const at = block.receivedUs(row);
        if (at < (first[object] as number)) first[object] = at;
        if (at > (last[object] as number)) {
          last[object] = at;
          lastSeq[object] = block.firstSeq + row;
        }
      }
    }
    this.requests = requests;
    this.errors = errors;
    this.first = first;
    this.last = last;
    this.lastSeq = lastSeq;
    this.present = requests.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
  }
}
