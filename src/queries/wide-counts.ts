import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { GroupIds } from "./group-ids.ts";
import type { GroupSums } from "./group-totals.ts";
import { CLASS, CLIENT_ERROR, type RowFacts, SERVER_ERROR } from "./row-facts.ts";
import type { Pauses } from "./scan.ts";
import { WORDS } from "./scratch.ts";
import type { TableGroups } from "./table-groups.ts";
import type { GroupedRows } from "./tally-rows.ts";
import { tableSize } from "./tuple-mask.ts";

/** Tuples looked at between two pauses. */
const PART = 8_192;

/**
 * Requests of very many groups. Where one table numbers them they are counted by tuple: tuples are numbered as they arrive, so
 * that a row touches one number near the last one's, and their groups are looked up once each. 4 bytes a tuple and 12 a group.
 */
export class WideCounts {
  private readonly index: RequestIndex;
  private readonly groups: GroupIds;
  private readonly byTuple: GroupIds["byTuple"];
  /** By tuple, else by group. */
  private requests: Uint32Array = new Uint32Array(0);
  /** Counted tuples are below it. */
  private size = 0;
  private selected = 0;
  /** Rows that are errors are few: counted by group at once. */
  private readonly errors = new Map<number, Uint32Array>([
    [CLIENT_ERROR, new Uint32Array(0)],
    [SERVER_ERROR, new Uint32Array(0)],
  ]);

  constructor(index: RequestIndex, groups: GroupIds) {
    this.index = index;
    this.groups = groups;
    this.byTuple = groups.byTuple;
  }

  /** rows[0, n) of the block. */
  add(block: RequestBlock, rows: Uint32Array, n: number, facts: RowFacts): void {
    const { index, groups, byTuple } = this;
    this.selected += n;
    if (byTuple === null) {
      groups.assign(index, block, rows, n);
      this.count(block, groups, groups.groups, facts);
      return;
    }
    const tuples = block[byTuple.table];
    const ids = WORDS.take(n);
    for (let i = 0; i < n; i++) ids[i] = tuples[rows[i] as number] as number;
    this.count(block, { rows, ids, count: n }, tableSize(index, byTuple.table), facts);
    WORDS.give(ids);
  }

  /** What was counted so far, by group. */
  *byGroup(): Pauses<GroupSums> {
    const all = this.byTuple === null ? this.requests : yield* this.summed(this.byTuple.groups);
    const errorsOf = (kind: number): Uint32Array => this.errors.get(kind) as Uint32Array;
    return new GroupCounts(this.selected, all, errorsOf(CLIENT_ERROR), errorsOf(SERVER_ERROR));
  }

  private *summed(groups: TableGroups): Pauses<Uint32Array> {
    const { requests, index, size } = this;
    let sums: Uint32Array = new Uint32Array(0);
    const ids = new Uint32Array(PART);
    const numbers = new Uint32Array(PART);
    for (let from = 0; from < size; from += PART) {
      const to = Math.min(size, from + PART);
      let count = 0;
      for (let id = from; id < to; id++) if (requests[id] !== 0) ids[count++] = id;
      groups.extend(index);
      groups.look(index, ids, count, numbers);
      sums = withRoom(sums, groups.size);
      for (let i = 0; i < count; i++) {
        const group = numbers[i] as number;
        sums[group] = (sums[group] as number) + (requests[ids[i] as number] as number);
      }
      yield;
    }
    return sums;
  }

  /** `most`: ids are below it. */
  private count(block: RequestBlock, { rows, ids, count }: GroupedRows, most: number, { flags }: RowFacts): void {
    const { outcome } = block;
    this.requests = withRoom(this.requests, most);
    const { requests } = this;
    const failed = WORDS.take(count);
    let errors = 0;
    let { size } = this;
    for (let i = 0; i < count; i++) {
      const id = ids[i] as number;
      requests[id] = (requests[id] as number) + 1;
      if (id >= size) size = id + 1;
      if (((flags[outcome[rows[i] as number] as number] as number) & CLASS) !== 0) failed[errors++] = i;
    }
    this.size = size;
    for (const kind of this.errors.keys()) {
      const own = WORDS.take(errors);
      let found = 0;
      for (let k = 0; k < errors; k++) {
        const i = failed[k] as number;
        if (((flags[outcome[rows[i] as number] as number] as number) & CLASS) === kind) own[found++] = ids[i] as number;
      }
      this.addErrors(kind, own, found);
      WORDS.give(own);
    }
    WORDS.give(failed);
  }

  private addErrors(kind: number, ids: Uint32Array, count: number): void {
    if (count === 0) return;
    const { index, byTuple } = this;
    const looked = WORDS.take(count);
    byTuple?.groups.extend(index);
    byTuple?.groups.look(index, ids, count, looked);
    const numbers = byTuple === null ? ids : looked;
    const errors = withRoom(this.errors.get(kind) as Uint32Array, this.groups.groups);
    for (let i = 0; i < count; i++) {
      const group = numbers[i] as number;
      errors[group] = (errors[group] as number) + 1;
    }
    this.errors.set(kind, errors);
    WORDS.give(looked);
  }
}

/** Requests by group, and nothing else of them. */
class GroupCounts implements GroupSums {
  readonly selected: number;
  private readonly all: Uint32Array;
  private readonly ofClients: Uint32Array;
  private readonly ofServers: Uint32Array;

  constructor(selected: number, all: Uint32Array, ofClients: Uint32Array, ofServers: Uint32Array) {
    this.selected = selected;
    this.all = all;
    this.ofClients = ofClients;
    this.ofServers = ofServers;
  }

  present(): Uint32Array {
    const { all } = this;
    const found = new Uint32Array(all.length);
    let size = 0;
    for (let group = 0; group < all.length; group++) if (all[group] !== 0) found[size++] = group;
    return found.subarray(0, size);
  }

  requests(group: number): number {
    return this.all[group] ?? 0;
  }

  clientErrors(group: number): number {
    return this.ofClients[group] ?? 0;
  }

  serverErrors(group: number): number {
    return this.ofServers[group] ?? 0;
  }

  timed(): number {
    return 0;
  }

  firstSeen(): number {
    return Number.POSITIVE_INFINITY;
  }

  lastSeen(): number {
    return Number.NEGATIVE_INFINITY;
  }

  latencySum(): number {
    return 0;
  }

  latencyMax(): number {
    return 0;
  }

  bytes(): number {
    return 0;
  }
}

function withRoom(column: Uint32Array, least: number): Uint32Array {
  if (column.length >= least) return column;
  const grown = new Uint32Array(Math.ceil(least * 1.25));
  grown.set(column);
  return grown;
}
