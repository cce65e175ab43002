import { ByteDictionary } from "../index/byte-dictionary.ts";
import {
  ACTOR_CELLS,
  OUTCOME_CELLS,
  SCANNED_DICTIONARIES,
  TARGET_CELLS,
  type EventBatch,
  type ScannedDictionary,
  type StringDelta,
} from "../index/event-batch.ts";
import { TupleTable } from "../index/tuple-table.ts";

const FIRST_EVENTS = 512;

/** The strings and tuples one scanner has seen, and the events since its last batch. */
export class BatchBuilder {
  /** Events in the batch under construction. */
  count = 0;
  strings = newDictionaries();
  actors = new TupleTable(ACTOR_CELLS.length);
  targets = new TupleTable(TARGET_CELLS.length);
  outcomes = new TupleTable(OUTCOME_CELLS.length);
  private readonly scanner: number;
  private readonly maxBytes: number;
  private serial = 0;
  private isRestarted = false;
  private sentStrings: number[] = SCANNED_DICTIONARIES.map(() => 2);
  private sentActors = 0;
  private sentTargets = 0;
  private sentOutcomes = 0;
  private columns = newColumns(FIRST_EVENTS);
  private minStageUs = Number.NaN;
  private maxStageUs = Number.NaN;

  /** `maxBytes`: strings and tuples held before the builder starts its ids afresh. */
  constructor(scanner: number, maxBytes: number) {
    this.scanner = scanner;
    this.maxBytes = maxBytes;
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

  /** The events so far; the builder goes on with an empty batch. */
  take(): EventBatch {
    const batch: EventBatch = {
      scanner: this.scanner,
      serial: this.serial++,
      restarted: this.isRestarted,
      count: this.count,
      ...this.columns,
      minStageUs: this.minStageUs,
      maxStageUs: this.maxStageUs,
      strings: SCANNED_DICTIONARIES.map((name, i) => this.stringsSince(name, this.sentStrings[i] as number)),
      actors: tuplesSince(this.actors, this.sentActors),
      targets: tuplesSince(this.targets, this.sentTargets),
      outcomes: tuplesSince(this.outcomes, this.sentOutcomes),
    };
    this.columns = newColumns(Math.max(FIRST_EVENTS, Math.min(Math.ceil(this.count * 1.25), 65_536)));
    this.count = 0;
    this.minStageUs = Number.NaN;
    this.maxStageUs = Number.NaN;
    this.isRestarted = false;
    this.sentStrings = SCANNED_DICTIONARIES.map((name) => this.strings[name].size);
    this.sentActors = this.actors.size;
    this.sentTargets = this.targets.size;
    this.sentOutcomes = this.outcomes.size;
    return batch;
  }

  /** Bytes of strings and tuples held. */
  get memoryBytes(): number {
    let bytes = this.actors.memoryBytes + this.targets.memoryBytes + this.outcomes.memoryBytes;
    for (const name of SCANNED_DICTIONARIES) bytes += this.strings[name].memoryBytes;
    return bytes;
  }

  /** Starts ids afresh when too much is held; only right after take(). Returns whether it did. */
  restartIfFull(): boolean {
    if (this.memoryBytes <= this.maxBytes) return false;
    this.strings = newDictionaries();
    this.actors = new TupleTable(ACTOR_CELLS.length);
    this.targets = new TupleTable(TARGET_CELLS.length);
    this.outcomes = new TupleTable(OUTCOME_CELLS.length);
    this.sentStrings = SCANNED_DICTIONARIES.map(() => 2);
    this.sentActors = 0;
    this.sentTargets = 0;
    this.sentOutcomes = 0;
    this.isRestarted = true;
    return true;
  }

  private stringsSince(name: ScannedDictionary, from: number): StringDelta {
    const dictionary = this.strings[name];
    const ends = new Uint32Array(dictionary.size - from);
    if (ends.length === 0) return { bytes: new Uint8Array(0), ends };
    const base = dictionary.start(from);
    for (let i = 0; i < ends.length; i++) ends[i] = dictionary.end(from + i) - base;
    return { bytes: dictionary.bytes.slice(base, dictionary.end(dictionary.size - 1)), ends };
  }
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
  return views.map((view) => view.buffer as ArrayBuffer);
}

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

function newColumns(events: number): Columns {
  return {
    actor: new Uint32Array(events),
    target: new Uint32Array(events),
    outcome: new Uint32Array(events),
    receivedUs: new Float64Array(events),
    stageUs: new Float64Array(events),
    idLow: new Uint32Array(events),
    idHigh: new Uint32Array(events),
    source: new Uint32Array(events),
    offset: new Float64Array(events),
    bytes: new Uint32Array(events),
    marks: new Uint8Array(events),
  };
}

function grownColumns(old: Columns): Columns {
  const grown = newColumns(old.actor.length * 2);
  for (const name of Object.keys(old) as (keyof Columns)[]) grown[name].set(old[name]);
  return grown;
}

function newDictionaries(): Record<ScannedDictionary, ByteDictionary> {
  const dictionaries = {} as Record<ScannedDictionary, ByteDictionary>;
  for (const name of SCANNED_DICTIONARIES) dictionaries[name] = new ByteDictionary();
  return dictionaries;
}

function tuplesSince(table: TupleTable, from: number): Uint32Array {
  const rows = new Uint32Array((table.size - from) * table.width);
  for (let k = 0; k < table.width; k++) {
    const column = table.columns[k] as Uint32Array;
    for (let id = from, at = k; id < table.size; id++, at += table.width) rows[at] = column[id] as number;
  }
  return rows;
}
