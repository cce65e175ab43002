import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { GroupSums } from "./group-totals.ts";
import { CLASS, CLIENT_ERROR, type RowFacts, SERVER_ERROR } from "./row-facts.ts";
import type { Pauses } from "./scan.ts";
import { WORDS } from "./scratch.ts";
import type { TableGroups } from "./table-groups.ts";
import { tableSize } from "./tuple-mask.ts";
import type { Table } from "./tuple-test.ts";

/** Tuples looked at between two pauses. */
const PART = 8_192;

/**
 * Requests of very many groups, counted by tuple: tuples are numbered as they arrive, so that a row touches one number near the
 * last one's, and their groups are looked up once each. 4 bytes a tuple and 12 a group.
 */
export class TupleCounts {
  private readonly index: RequestIndex;
  private readonly groups: TableGroups;
  private readonly table: Table;
  private requests = new Uint32Array(0);
  /** Counted tuples are below it. */
  private size = 0;
  private selected = 0;
  /** Rows that are errors are few: counted by group at once. */
  private readonly errors = new Map([
    [CLIENT_ERROR, new Uint32Array(0)],
    [SERVER_ERROR, new Uint32Array(0)],
  ]);

  constructor(index: RequestIndex, groups: TableGroups, table: Table) {
    this.index = index;
    this.groups = groups;
    this.table = table;
  }

  add(block: RequestBlock, rows: Uint32Array, n: number, { flags }: RowFacts): void {
    const tuples = block[this.table];
    const { outcome } = block;
    this.requests = withRoom(this.requests, tableSize(this.index, this.table));
    const { requests } = this;
    const failed = WORDS.take(n);
    let errors = 0;
    let { size } = this;
    for (let i = 0; i < n; i++) {
      const row = rows[i] as number;
      const id = tuples[row] as number;
      requests[id] = (requests[id] as number) + 1;
      if (id >= size) size = id + 1;
      if (((flags[outcome[row] as number] as number) & CLASS) !== 0) failed[errors++] = row;
    }
    this.size = size;
    this.selected += n;
    for (const kind of this.errors.keys()) {
      const ids = WORDS.take(errors);
      let count = 0;
      for (let i = 0; i < errors; i++) {
        const row = failed[i] as number;
        if (((flags[outcome[row] as number] as number) & CLASS) === kind) ids[count++] = tuples[row] as number;
      }
      this.addErrors(kind, ids, count);
      WORDS.give(ids);
    }
    WORDS.give(failed);
  }

  /** What was counted so far, by group. */
  *byGroup(): Pauses<GroupSums> {
    const { requests, index, groups, size, selected } = this;
    let sums = new Uint32Array(0);
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
    const errorsOf = (kind: number): Uint32Array => this.errors.get(kind) as Uint32Array;
    return new GroupCounts(selected, sums, errorsOf(CLIENT_ERROR), errorsOf(SERVER_ERROR));
  }

  private addErrors(kind: number, ids: Uint32Array, count: number): void {
    if (count === 0) return;
    const numbers = WORDS.take(count);
    this.groups.extend(this.index);
    this.groups.look(this.index, ids, count, numbers);
    const errors = withRoom(this.errors.get(kind) as Uint32Array<ArrayBuffer>, this.groups.size);
    for (let i = 0; i < count; i++) {
      const group = numbers[i] as number;
      errors[group] = (errors[group] as number) + 1;
    }
    this.errors.set(kind, errors);
    WORDS.give(numbers);
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

function withRoom(column: Uint32Array<ArrayBuffer>, least: number): Uint32Array<ArrayBuffer> {
  if (column.length >= least) return column;
  const grown = new Uint32Array(Math.ceil(least * 1.25));
  grown.set(column);
  return grown;
}
