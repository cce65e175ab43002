import { hashBytes } from "./byte-hash.ts";
import {
  ACTOR_CELLS,
  OUTCOME_CELLS,
  SCANNED_DICTIONARIES,
  TARGET_CELLS,
  type EventBatch,
  type ScannedDictionary,
} from "./event-batch.ts";
import { ACTOR_DICTIONARIES, OUTCOME_DICTIONARIES, TARGET_DICTIONARIES, type Tables } from "./tables.ts";
import type { TupleTable } from "./tuple-table.ts";

/** A growing list of codes: position = the scanner's id, value = the ring's. */
export class CodeMap {
  codes = new Uint32Array(64);
  length = 0;

  push(code: number): void {
    if (this.length === this.codes.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.codes);
      this.codes = grown;
    }
    this.codes[this.length++] = code;
  }
}

/** What the ids of one scanner mean in the ring. */
export class ScannerMaps {
  nextSerial = 0;
  strings = newStringMaps();
  actors = new CodeMap();
  targets = new CodeMap();
  outcomes = new CodeMap();

  /**
   * Interns what the batch brings that is new and rewrites its tuple columns to the ring's ids.
   * Throws when the scanner's batches come out of order: their ids build on each other.
   */
  admit(batch: EventBatch, tables: Tables): void {
    if (batch.serial !== this.nextSerial) {
      throw new Error(`batch ${batch.serial} of scanner ${batch.scanner} admitted, ${this.nextSerial} expected`);
    }
    this.nextSerial++;
    if (batch.restarted) {
      this.strings = newStringMaps();
      this.actors = new CodeMap();
      this.targets = new CodeMap();
      this.outcomes = new CodeMap();
    }
    SCANNED_DICTIONARIES.forEach((name, i) => {
      const delta = batch.strings[i];
      if (delta === undefined || delta.ends.length === 0) return;
      const { bytes, ends } = delta;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const dictionary = tables.strings[name];
      const map = this.strings[name];
      let start = 0;
      for (const end of ends) {
        map.push(dictionary.intern(view, bytes, start, end, hashBytes(view, bytes, start, end)));
        start = end;
      }
    });
    this.admitTuples(batch.actors, ACTOR_CELLS.length, ACTOR_DICTIONARIES, tables.actorTuples, this.actors);
    this.admitTuples(batch.targets, TARGET_CELLS.length, TARGET_DICTIONARIES, tables.targetTuples, this.targets);
    this.admitTuples(batch.outcomes, OUTCOME_CELLS.length, OUTCOME_DICTIONARIES, tables.outcomeTuples, this.outcomes);
    translate(batch.actor, batch.count, this.actors);
    translate(batch.target, batch.count, this.targets);
    translate(batch.outcome, batch.count, this.outcomes);
  }

  private admitTuples(
    rows: Uint32Array,
    width: number,
    dictionaries: readonly (ScannedDictionary | null)[],
    tuples: TupleTable,
    map: CodeMap,
  ): void {
    const cells = new Uint32Array(width);
    for (let at = 0; at < rows.length; at += width) {
      for (let k = 0; k < width; k++) {
        const name = dictionaries[k] as ScannedDictionary | null;
        const cell = rows[at + k] as number;
        cells[k] = name === null ? cell : (this.strings[name].codes[cell] as number);
      }
      map.push(tuples.intern(cells));
    }
  }
}

function translate(column: Uint32Array, count: number, map: CodeMap): void {
  const { codes } = map;
  for (let i = 0; i < count; i++) column[i] = codes[column[i] as number] as number;
}

/** Codes 0 and 1 (absent, overflow) mean the same to all. */
function newStringMaps(): Record<ScannedDictionary, CodeMap> {
  const maps = {} as Record<ScannedDictionary, CodeMap>;
  for (const name of SCANNED_DICTIONARIES) {
    const map = new CodeMap();
    map.push(0);
    map.push(1);
    maps[name] = map;
  }
  return maps;
}
