import type { EventBatch } from "../index/event-batch.ts";
import type { SharedTables, TupleColumns } from "../index/shared-tables.ts";
import type { Tables } from "../index/tables.ts";

const FIRST_EVENTS = 512;
/** Thousands of small files are as many small batches. */
const LEAST_EVENTS = 32;

/** The events since the last batch, and the tables their ids are of. */
export class BatchBuilder implements TupleColumns {
  /** Events in the batch under construction. */
  count = 0;
  tables: Tables;
  private readonly shared: SharedTables;
  private columns = newColumns(FIRST_EVENTS);
  private minStageUs = Number.NaN;
  private maxStageUs = Number.NaN;

  constructor(shared: SharedTables) {
    this.shared = shared;
    this.tables = shared.current;
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
    if (this.shared.current === this.tables) return false;
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
    if (i === 0) this.shared.open.add(this);
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
    if (first === 0) this.shared.open.add(this);
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
    const { shared, count, minStageUs, maxStageUs } = this;
    const batch: EventBatch = { ...this.columns, count, minStageUs, maxStageUs };
    shared.open.delete(this);
    if (count > 0) shared.pending.set(batch, count);
    if (count > 0)
      this.columns =
        shared.spare.pop() ?? newColumns(Math.max(LEAST_EVENTS, Math.min(Math.ceil(count * 1.25), 65_536)));
    this.count = 0;
    this.minStageUs = Number.NaN;
    this.maxStageUs = Number.NaN;
    return batch;
  }
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
  for (const name of Object.keys(grown) as (keyof Columns)[]) grown[name].set(old[name]);
  return grown;
}
