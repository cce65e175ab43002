import type { ByteDictionary } from "../index/byte-dictionary.ts";
import {
  SCANNED_DICTIONARIES,
  type EventBatch,
  type ScannedDictionary,
  type StringDelta,
} from "../index/event-batch.ts";
import type { SharedTables, TupleColumns } from "../index/shared-tables.ts";
import { Tables } from "../index/tables.ts";
import type { TupleTable } from "../index/tuple-table.ts";

const FIRST_EVENTS = 512;
/** Thousands of small files are as many small batches. */
const LEAST_EVENTS = 32;
const NO_TUPLES = new Uint32Array(0);

/** Where a builder's ids come from: the tables of a ring on the same thread, or its own, kept below `maxBytes`. */
export type TableUse = { readonly shared: SharedTables } | { readonly maxBytes: number };

/** The events since the last batch, and the tables their ids are of. */
export class BatchBuilder implements TupleColumns {
  /** Events in the batch under construction. */
  count = 0;
  tables: Tables;
  private readonly scanner: number;
  private readonly shared: SharedTables | null;
  private readonly maxBytes: number;
  private serial = 0;
  private isRestarted = false;
  /** Entries of the own tables that earlier batches brought. */
  private sent = nothingSent();
  private columns = newColumns(FIRST_EVENTS);
  private minStageUs = Number.NaN;
  private maxStageUs = Number.NaN;

  constructor(scanner: number, use: TableUse) {
    this.scanner = scanner;
    this.shared = "shared" in use ? use.shared : null;
    this.maxBytes = "shared" in use ? Number.POSITIVE_INFINITY : use.maxBytes;
    this.tables = this.shared?.current ?? new Tables(Number.POSITIVE_INFINITY);
  }

  get actor(): Uint32Array {
    return this.columns.actor;
  }

  get target(): Uint32Array {
    return this.columns.target;
  }

  get outcome(): Uint32Array {
    return this.columns.outcome;
  }

  /** Follows a renumbering of shared ids; true when there was one: ids remembered elsewhere are void. */
  renew(): boolean {
    if (this.shared === null || this.shared.current === this.tables) return false;
    this.tables = this.shared.current;
    return true;
  }

  add(
    actor: number,
    target: number,
    outcome: number,
    receivedUs: number,
    stageUs: number,
    idLow: number,
    idHigh: number,
    source: number,
    offset: number,
    bytes: number,
    marks: number,
  ): void {
    const i = this.count++;
    if (i === 0) this.shared?.open.add(this);
    if (i >= this.columns.actor.length) this.columns = grownColumns(this.columns);
    const { columns } = this;
    columns.actor[i] = actor;
    columns.target[i] = target;
    columns.outcome[i] = outcome;
    columns.receivedUs[i] = receivedUs;
    columns.stageUs[i] = stageUs;
    columns.idLow[i] = idLow;
    columns.idHigh[i] = idHigh;
    columns.source[i] = source;
    columns.offset[i] = offset;
    columns.bytes[i] = bytes;
    columns.marks[i] = marks;
    const us = stageUs === stageUs ? stageUs : receivedUs;
    if (!(us >= this.minStageUs) && us === us) this.minStageUs = us;
    if (!(us <= this.maxStageUs) && us === us) this.maxStageUs = us;
  }

  /** As add(), for `count` rows whose `start` counts from `offset`. */
  addRows(rows: ScannedRows, count: number, source: number, offset: number): void {
    const first = this.count;
    if (first === 0) this.shared?.open.add(this);
    while (first + count > this.columns.actor.length) this.columns = grownColumns(this.columns);
    const { columns } = this;
    for (const name of COPIED_COLUMNS) columns[name].set(rows[name].subarray(0, count), first);
    columns.source.fill(source, first, first + count);
    let { minStageUs, maxStageUs } = this;
    for (let i = 0; i < count; i++) {
      columns.offset[first + i] = offset + (rows.start[i] as number);
      const stageUs = rows.stageUs[i] as number;
      if (!(stageUs >= minStageUs)) minStageUs = stageUs;
      if (!(stageUs <= maxStageUs)) maxStageUs = stageUs;
    }
    this.minStageUs = minStageUs;
    this.maxStageUs = maxStageUs;
    this.count = first + count;
  }

  /** The events so far; the builder goes on with an empty batch. */
  take(): EventBatch {
    const batch = this.shared === null ? this.takeOwn() : this.takeShared(this.shared);
    if (this.count > 0)
      this.columns = newColumns(Math.max(LEAST_EVENTS, Math.min(Math.ceil(this.count * 1.25), 65_536)));
    this.count = 0;
    this.minStageUs = Number.NaN;
    this.maxStageUs = Number.NaN;
    return batch;
  }

  private takeShared(shared: SharedTables): EventBatch {
    const batch: EventBatch = {
      ...this.head(),
      isShared: true,
      strings: [],
      actors: NO_TUPLES,
      targets: NO_TUPLES,
      outcomes: NO_TUPLES,
    };
    shared.open.delete(this);
    if (batch.count > 0) shared.pending.set(batch, batch.count);
    return batch;
  }

  private takeOwn(): EventBatch {
    const { tables, sent } = this;
    const batch: EventBatch = {
      ...this.head(),
      isShared: false,
      strings: SCANNED_DICTIONARIES.map((name) => stringsSince(tables.strings[name], sent.strings[name])),
      actors: tuplesSince(tables.actorTuples, sent.actors),
      targets: tuplesSince(tables.targetTuples, sent.targets),
      outcomes: tuplesSince(tables.outcomeTuples, sent.outcomes),
    };
    this.isRestarted = false;
    for (const name of SCANNED_DICTIONARIES) sent.strings[name] = tables.strings[name].size;
    sent.actors = tables.actorTuples.size;
    sent.targets = tables.targetTuples.size;
    sent.outcomes = tables.outcomeTuples.size;
    return batch;
  }

  private head(): Pick<EventBatch, "scanner" | "serial" | "restarted" | "count" | "minStageUs" | "maxStageUs"> &
    Columns {
    return {
      scanner: this.scanner,
      serial: this.serial++,
      restarted: this.isRestarted,
      count: this.count,
      minStageUs: this.minStageUs,
      maxStageUs: this.maxStageUs,
      ...this.columns,
    };
  }

  /** Starts own tables afresh when they hold too much; only right after take(). Returns whether it did. */
  restartIfFull(): boolean {
    if (this.tables.memoryBytes <= this.maxBytes) return false;
    this.tables = new Tables(Number.POSITIVE_INFINITY);
    this.sent = nothingSent();
    this.isRestarted = true;
    return true;
  }
}

interface Sent {
  readonly strings: Record<ScannedDictionary, number>;
  actors: number;
  targets: number;
  outcomes: number;
}

function nothingSent(): Sent {
  const strings = {} as Record<ScannedDictionary, number>;
  for (const name of SCANNED_DICTIONARIES) strings[name] = 2;
  return { strings, actors: 0, targets: 0, outcomes: 0 };
}

function stringsSince(dictionary: ByteDictionary, from: number): StringDelta {
  const ends = new Uint32Array(dictionary.size - from);
  if (ends.length === 0) return { bytes: new Uint8Array(0), ends };
  const base = dictionary.start(from);
  for (let i = 0; i < ends.length; i++) ends[i] = dictionary.end(from + i) - base;
  return { bytes: dictionary.bytes.slice(base, dictionary.end(dictionary.size - 1)), ends };
}

/** The buffers of a batch that may be transferred to another thread. */
export function transferables(batch: EventBatch): ArrayBuffer[] {
  const views = [
    batch.actor,
    batch.target,
    batch.outcome,
    batch.receivedUs,
    batch.stageUs,
    batch.idLow,
    batch.idHigh,
    batch.source,
    batch.offset,
    batch.bytes,
    batch.marks,
    batch.actors,
    batch.targets,
    batch.outcomes,
    ...batch.strings.flatMap((delta) => [delta.bytes, delta.ends]),
  ];
  return [...new Set(views.map((view) => view.buffer as ArrayBuffer))];
}

/** Rows as a kernel hands them over: all of them have both times. */
export interface ScannedRows {
  readonly receivedUs: Float64Array;
  readonly stageUs: Float64Array;
  readonly actor: Uint32Array;
  readonly target: Uint32Array;
  readonly outcome: Uint32Array;
  readonly idLow: Uint32Array;
  readonly idHigh: Uint32Array;
  readonly start: Uint32Array;
  readonly bytes: Uint32Array;
  readonly marks: Uint8Array;
}

const COPIED_COLUMNS = [
  "actor",
  "target",
  "outcome",
  "receivedUs",
  "stageUs",
  "idLow",
  "idHigh",
  "bytes",
  "marks",
] as const satisfies (keyof ScannedRows)[];

interface Columns {
  actor: Uint32Array;
  target: Uint32Array;
  outcome: Uint32Array;
  receivedUs: Float64Array;
  stageUs: Float64Array;
  idLow: Uint32Array;
  idHigh: Uint32Array;
  source: Uint32Array;
  offset: Float64Array;
  bytes: Uint32Array;
  marks: Uint8Array;
}

/** All columns lie in one buffer: hundreds of batches a second are made. */
function newColumns(events: number): Columns {
  const rows = Math.ceil(events / 8) * 8;
  const buffer = new ArrayBuffer(rows * (3 * 8 + 7 * 4 + 1));
  let at = 0;
  const times = (): Float64Array => new Float64Array(buffer, (at += rows * 8) - rows * 8, rows);
  const words = (): Uint32Array => new Uint32Array(buffer, (at += rows * 4) - rows * 4, rows);
  return {
    receivedUs: times(),
    stageUs: times(),
    offset: times(),
    actor: words(),
    target: words(),
    outcome: words(),
    idLow: words(),
    idHigh: words(),
    source: words(),
    bytes: words(),
    marks: new Uint8Array(buffer, at, rows),
  };
}

function grownColumns(old: Columns): Columns {
  const grown = newColumns(old.actor.length * 2);
  for (const name of Object.keys(old) as (keyof Columns)[]) grown[name].set(old[name]);
  return grown;
}

function tuplesSince(table: TupleTable, from: number): Uint32Array {
  const rows = new Uint32Array((table.size - from) * table.width);
  for (let k = 0; k < table.width; k++) {
    const column = table.columns[k] as Uint32Array;
    for (let id = from, at = k; id < table.size; id++, at += table.width) rows[at] = column[id] as number;
  }
  return rows;
}
