import { isoTime } from "../events/time.ts";
import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { type Cadence, cadenceOf, LEAST_BEATS, medianOf } from "./cadence.ts";
import type { Selection } from "./contract.ts";
import type { GroupIds } from "./group-ids.ts";
import type { RowVisitor } from "./matching-runs.ts";
import type { QueryCaches } from "./query-caches.ts";
import type { Pauses } from "./scan.ts";
import type { DimensionCodes } from "./tuple-codes.ts";

/** Calls by verb and resource, or by verb and object, over time, with the period of each. */
export interface CadenceQuery extends Selection {
  readonly per: "resource" | "object";
  readonly buckets: number;
  readonly limit: number;
}

export interface CadenceRow {
  /** verb, and resource or object: as the dimensions of that name. */
  readonly key: Readonly<Record<string, string>>;
  readonly requests: number;
  /** Distinct objects called for; lists and the like name none. */
  readonly objects: number;
  /** Of all calls of the row; null when there are too few. */
  readonly cadence: Cadence | null;
  /** Median period of the objects that are called for regularly, where the row has several objects. */
  readonly perObject: { readonly periodMs: number; readonly regular: number; readonly told: number } | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Requests per bucket of the span. */
  readonly spark: readonly number[];
}

export interface CadenceResult {
  readonly requests: number;
  readonly groups: number;
  readonly rows: readonly CadenceRow[];
}

/** Most requested first. 16 bytes a request until the end. Requests without a time are left out. */
export class CadenceVisitor implements RowVisitor<CadenceResult> {
  private readonly query: Pick<CadenceQuery, "per" | "buckets" | "limit">;
  private readonly span: { readonly fromUs: number; readonly toUs: number };
  private readonly groups: GroupIds;
  private readonly objectCodes: DimensionCodes;
  /** Runs of calls, in the order they were visited. */
  private readonly runs: { readonly ids: Uint32Array; readonly objects: Uint32Array; readonly times: Float64Array }[] =
    [];
  private counts: number[] = [];
  private requests = 0;

  /** `span`: the time that is cut into buckets. */
  constructor(
    query: Pick<CadenceQuery, "per" | "buckets" | "limit">,
    span: { readonly fromUs: number; readonly toUs: number },
    codes: Pick<QueryCaches, "groupIdsOf" | "codesOf">,
  ) {
    this.query = query;
    this.span = span;
    this.groups = codes.groupIdsOf(["verb", query.per]);
    this.objectCodes = codes.codesOf("object");
  }

  extend(index: RequestIndex): void {
    this.groups.extend(index);
    this.objectCodes.extend(index);
  }

  add(index: RequestIndex, block: RequestBlock, rows: Uint32Array, count: number): void {
    this.groups.assign(index, block, rows, count);
    const ids = new Uint32Array(count);
    const objects = new Uint32Array(count);
    const times = new Float64Array(count);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const us = block.receivedUs(row);
      if (Number.isNaN(us)) continue;
      const id = this.groups.ids[i] as number;
      ids[kept] = id;
      objects[kept] = this.objectCodes.codes[block.target[row] as number] as number;
      times[kept++] = us;
      this.counts[id] = (this.counts[id] ?? 0) + 1;
    }
    this.requests += kept;
    this.runs.push({ ids: ids.subarray(0, kept), objects: objects.subarray(0, kept), times: times.subarray(0, kept) });
  }

  *result(index: RequestIndex): Pauses<CadenceResult> {
    const counts = Array.from(this.counts, (count) => count ?? 0);
    const found = counts.flatMap((count, group) => (count > 0 ? [group] : []));
    const keys = new Map(found.map((group) => [group, Object.fromEntries(this.groups.key(index, group))]));
    const text = (group: number): string => Object.values(keys.get(group) ?? {}).join(" ");
    found.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (text(a) < text(b) ? -1 : 1));
    const shown = found.slice(0, Math.max(0, this.query.limit));
    const calls = new Map(shown.map((group) => [group, new Calls(counts[group] ?? 0)]));
    for (const { ids, objects, times } of this.runs) {
      yield;
      for (let i = 0; i < ids.length; i++) calls.get(ids[i] as number)?.push(objects[i] as number, times[i] as number);
    }
    const rows: CadenceRow[] = [];
    for (const [group, own] of calls) {
      yield;
      rows.push(yield* this.row(index, keys.get(group) ?? {}, own));
    }
    return { requests: this.requests, groups: found.length, rows };
  }

  private *row(index: RequestIndex, key: Readonly<Record<string, string>>, calls: Calls): Pauses<CadenceRow> {
    const times = calls.times.slice().sort();
    const buckets = Math.max(1, Math.floor(this.query.buckets));
    const { fromUs, toUs } = this.span;
    const spark = Array.from({ length: buckets }, () => 0);
    for (const us of times) {
      const bucket = Math.min(buckets - 1, Math.floor(((us - fromUs) * buckets) / Math.max(1, toUs - fromUs)));
      if (bucket >= 0) spark[bucket] = (spark[bucket] ?? 0) + 1;
    }
    const objects = calls.byObject().filter(({ object }) => this.objectCodes.text(index, object) !== "");
    return {
      key,
      requests: times.length,
      objects: objects.length,
      cadence: cadenceOf(times),
      perObject: objects.length < 2 ? null : yield* perObjectOf(objects),
      firstSeen: isoTime(times[0] ?? Number.NaN) ?? "",
      lastSeen: isoTime(times.at(-1) ?? Number.NaN) ?? "",
      spark,
    };
  }
}

/** Objects looked at between two pauses. */
const PART = 256;

/** null when no object is called for often enough, or when most of those that are, are at random. */
function* perObjectOf(objects: readonly { readonly times: Float64Array }[]): Pauses<CadenceRow["perObject"]> {
  const periods: number[] = [];
  let told = 0;
  for (const [at, { times }] of objects.entries()) {
    if (at % PART === PART - 1) yield;
    const cadence = times.length < LEAST_BEATS ? null : cadenceOf(times.sort());
    if (cadence === null) continue;
    told += 1;
    if (cadence.kind === "regular") periods.push(cadence.periodMs);
  }
  if (periods.length === 0 || periods.length * 2 < told) return null;
  return { periodMs: medianOf(Float64Array.from(periods)), regular: periods.length, told };
}

/** The calls of one row of the answer. */
class Calls {
  readonly objects: Uint32Array;
  readonly times: Float64Array;
  private length = 0;

  constructor(count: number) {
    this.objects = new Uint32Array(count);
    this.times = new Float64Array(count);
  }

  push(object: number, us: number): void {
    this.objects[this.length] = object;
    this.times[this.length++] = us;
  }

  /** Times by object, in any order, in pieces of one array. */
  byObject(): { readonly object: number; readonly times: Float64Array }[] {
    const counts = new Map<number, number>();
    for (const object of this.objects) counts.set(object, (counts.get(object) ?? 0) + 1);
    const grouped = new Float64Array(this.length);
    const ends = new Map<number, number>();
    const lists: { object: number; times: Float64Array }[] = [];
    let start = 0;
    for (const [object, count] of counts) {
      ends.set(object, start);
      lists.push({ object, times: grouped.subarray(start, start + count) });
      start += count;
    }
    for (let at = 0; at < this.length; at++) {
      const object = this.objects[at] as number;
      const end = ends.get(object) ?? 0;
      grouped[end] = this.times[at] as number;
      ends.set(object, end + 1);
    }
    return lists;
  }
}
