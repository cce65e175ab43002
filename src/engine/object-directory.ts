import { isoTime } from "../events/time.ts";
import { NameArena } from "../finder/name-arena.ts";
import { rank } from "../finder/rank.ts";
import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Selection } from "../queries/contract.ts";
import type { IndexQueries } from "../queries/index-queries.ts";
import { NO_OBJECT, ObjectCodes } from "../queries/object-codes.ts";
import { CHUNK, ReachedTuples } from "../queries/reach.ts";
import type { Pauses } from "../queries/scan.ts";
import { topOf } from "../queries/top-rows.ts";
import type { ObjectsResult } from "../store/store.ts";

/** Statistics younger than this are not counted anew, even if rows have changed: 5 ns a row. */
const FRESH_MS = 1_000;
/** Labels made between two pauses, at about 0.2 µs. */
const LABELS = 8_192;

/** Statistics by object code. */
interface Statistics {
  readonly revision: number;
  readonly countedMs: number;
  readonly requests: Uint32Array;
  readonly errors: Uint32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly lastSeq: Float64Array;
  /**
   * Objects with requests in the order of their first rows. Which object has the lower code depends on how the input was cut
   * up for reading; the order of rows does not.
   */
  readonly order: Uint32Array;
  /** The most requests any has. */
  readonly most: number;
}

/** All objects that requests name, searchable as one types. Brought up to date when asked, in steps. */
export class ObjectDirectory {
  private readonly index: RequestIndex;
  private readonly queries: IndexQueries;
  private generation: number;
  private objects = new ObjectCodes();
  private arena = new NameArena();
  /** Object by label; and whether an object has one. */
  private labelled: number[] = [];
  private hasLabel = new Uint8Array(0);
  /** All its objects have one. */
  private allLabelled: Uint32Array | null = null;
  private counted: Statistics | null = null;
  /** Of the last selection of some requests. */
  private selected: { readonly key: string; readonly counted: Statistics } | null = null;

  constructor(index: RequestIndex, queries: IndexQueries) {
    this.index = index;
    this.queries = queries;
    this.generation = index.generation;
  }

  search(text: string, limit: number, selection: Selection): Pauses<ObjectsResult> {
    return this.stable(() => this.find(text.trim(), limit, selection));
  }

  /** Number of distinct objects in the rows kept. */
  size(): Pauses<number> {
    return this.stable(() => this.countPresent());
  }

  /** Starts again when codes were renumbered in a pause. */
  private *stable<T>(make: () => Pauses<T>): Pauses<T> {
    for (;;) {
      if (this.index.generation !== this.generation) {
        this.generation = this.index.generation;
        this.objects = new ObjectCodes();
        this.arena = new NameArena();
        this.labelled = [];
        this.hasLabel = new Uint8Array(0);
        this.allLabelled = null;
        this.counted = null;
        this.selected = null;
      }
      const { generation } = this;
      const steps = make();
      for (let step = steps.next(); this.index.generation === generation; step = steps.next()) {
        if (step.done === true) return step.value;
        yield;
      }
    }
  }

  private *countPresent(): Pauses<number> {
    return (yield* this.statistics(null)).order.length;
  }

  private *find(text: string, limit: number, selection: Selection): Pauses<ObjectsResult> {
    const counts = yield* this.statistics(isEverything(selection) ? null : selection);
    const requestsOf = (object: number): number => counts.requests[object] ?? 0;
    const found =
      text === ""
        ? (yield* this.busiest(counts, limit)).map((object) => ({ object, matches: [] }))
        : (yield* this.ranked(
            counts.order,
            text,
            limit * 2,
            (object) => requestsOf(object) / Math.max(1, counts.most),
          )).filter(({ object }) => requestsOf(object) > 0);
    return {
      total: counts.order.length,
      rows: found.slice(0, limit).map(({ object, matches }) => {
        const [resource, namespace, name] = this.objects.parts(this.index, object);
        return {
          resource,
          namespace,
          name,
          label: this.label(object),
          requests: requestsOf(object),
          errors: counts.errors[object] ?? 0,
          firstSeen: isoTime(counts.first[object] ?? Number.NaN) ?? "",
          lastSeen: isoTime(counts.last[object] ?? Number.NaN) ?? "",
          lastSeq: counts.lastSeq[object] ?? 0,
          matches,
        };
      }),
    };
  }

  private *busiest({ requests, order }: Statistics, limit: number): Pauses<number[]> {
    const requestsAt = (at: number): number => requests[order[at] as number] as number;
    const found = yield* topOf(order.length, limit, (a, b) => requestsAt(b) - requestsAt(a) || a - b);
    return found.map((at) => order[at] as number);
  }

  private *ranked(
    order: Uint32Array,
    text: string,
    limit: number,
    weight: (object: number) => number,
  ): Pauses<{ object: number; matches: readonly (readonly [number, number])[] }[]> {
    for (let from = 0; from < order.length && this.allLabelled !== order; from += LABELS) {
      if (from > 0) yield;
      this.addLabels(order.subarray(from, from + LABELS));
    }
    this.allLabelled = order;
    const { labelled } = this;
    const found = yield* rank(
      this.arena,
      (label) => this.label(labelled[label] as number),
      text,
      limit,
      (label) => weight(labelled[label] as number),
    );
    return found.map(({ label, matches }) => ({ object: labelled[label] as number, matches }));
  }

  private addLabels(objects: Uint32Array): void {
    if (this.hasLabel.length < this.objects.size) {
      const grown = new Uint8Array(this.objects.size * 2);
      grown.set(this.hasLabel);
      this.hasLabel = grown;
    }
    for (const object of objects) {
      if (this.hasLabel[object] === 1) continue;
      this.hasLabel[object] = 1;
      this.arena.add(this.objects.writeLabel(this.index, object, this.arena.scratch));
      this.labelled.push(object);
    }
  }

  private label(object: number): string {
    const [resource, namespace, name] = this.objects.parts(this.index, object);
    return `${namespace === "" ? "" : `${namespace}/`}${name} ${resource}`;
  }

  private *statistics(selection: Selection | null): Pauses<Statistics> {
    const key = selection === null ? "" : JSON.stringify(selection);
    const counted = selection === null ? this.counted : this.selected?.key === key ? this.selected.counted : null;
    if (counted !== null && this.isFresh(counted)) return counted;
    const fresh = yield* selection === null ? this.count() : this.countSelected(selection);
    if (selection === null) this.counted = fresh;
    else this.selected = { key, counted: fresh };
    return fresh;
  }

  private isFresh({ revision, countedMs }: Statistics): boolean {
    return revision === this.index.revision || performance.now() - countedMs < FRESH_MS;
  }

  private *countSelected(selection: Selection): Pauses<Statistics> {
    const { index, objects } = this;
    const { revision } = index;
    const tally = yield* this.queries.visit(selection, () => {
      const counting = new ObjectTally();
      return {
        extend: (grown) => objects.extend(grown),
        add: (_, block, rows, count) => counting.add(block, rows.subarray(0, count), objects, index.outcomes.code),
        *result() {
          yield;
          return counting.take();
        },
      };
    });
    return { revision, countedMs: performance.now(), ...tally };
  }

  private *count(): Pauses<Statistics> {
    const { index, objects } = this;
    const { revision } = index;
    const tally = new ObjectTally();
    const reached = new ReachedTuples();
    const rows = new Uint32Array(CHUNK);
    for (const { block, count } of index.blocks.map((block) => ({ block, count: block.count }))) {
      for (let from = 0; from < count; from += CHUNK) {
        const to = Math.min(count, from + CHUNK);
        reached.include(index, block, from, to, [objects]);
        for (let row = from; row < to; row++) rows[row - from] = row;
        tally.add(block, rows.subarray(0, to - from), objects, index.outcomes.code);
        yield;
      }
    }
    return { revision, countedMs: performance.now(), ...tally.take() };
  }
}

function isEverything({ filter, window }: Selection): boolean {
  return filter.op === "and" && filter.terms.length === 0 && window === undefined;
}

class ObjectTally {
  private requests = new Uint32Array(1_024);
  private errors = new Uint32Array(1_024);
  private first = new Float64Array(1_024).fill(Number.POSITIVE_INFINITY);
  private last = new Float64Array(1_024).fill(Number.NEGATIVE_INFINITY);
  private lastSeq = new Float64Array(1_024);
  private readonly order: number[] = [];

  add(block: RequestBlock, rows: Uint32Array, objects: ObjectCodes, codes: Uint16Array): void {
    if (this.requests.length < objects.size) this.grow(objects.size * 2);
    const { requests, errors, first, last, lastSeq } = this;
    const { target, outcome, firstSeq } = block;
    const { codes: objectOf } = objects;
    for (const row of rows) {
      const object = objectOf[target[row] as number] as number;
      if (object === NO_OBJECT) continue;
      const before = requests[object] as number;
      if (before === 0) this.order.push(object);
      requests[object] = before + 1;
      if ((codes[outcome[row] as number] as number) >= 400) errors[object] = (errors[object] as number) + 1;
      const us = block.receivedUs(row);
      if (us < (first[object] as number)) first[object] = us;
      if (us > (last[object] as number)) {
        last[object] = us;
        lastSeq[object] = firstSeq + row;
      }
    }
  }

  take(): Omit<Statistics, "revision" | "countedMs"> {
    const { requests, errors, first, last, lastSeq } = this;
    const most = requests.reduce((a, b) => Math.max(a, b), 0);
    return { requests, errors, first, last, lastSeq, order: Uint32Array.from(this.order), most };
  }

  private grow(length: number): void {
    const before = this.requests.length;
    const requests = new Uint32Array(length);
    const errors = new Uint32Array(length);
    const first = new Float64Array(length).fill(Number.POSITIVE_INFINITY, before);
    const last = new Float64Array(length).fill(Number.NEGATIVE_INFINITY, before);
    const lastSeq = new Float64Array(length);
    requests.set(this.requests);
    errors.set(this.errors);
    first.set(this.first);
    last.set(this.last);
    lastSeq.set(this.lastSeq);
    this.requests = requests;
    this.errors = errors;
    this.first = first;
    this.last = last;
    this.lastSeq = lastSeq;
  }
}
