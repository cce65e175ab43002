import { SCANNED_DICTIONARIES, type ScannedDictionary } from "./event-batch.ts";
import type { TupleColumns } from "./shared-tables.ts";
import { ACTOR_DICTIONARIES, OUTCOME_DICTIONARIES, TARGET_DICTIONARIES, type Tables } from "./tables.ts";
import type { TupleTable } from "./tuple-table.ts";

const KINDS = [
  { ids: "actor", tuples: "actorTuples", dictionaries: ACTOR_DICTIONARIES },
  { ids: "target", tuples: "targetTuples", dictionaries: TARGET_DICTIONARIES },
  { ids: "outcome", tuples: "outcomeTuples", dictionaries: OUTCOME_DICTIONARIES },
] as const;

type ByDictionary<Value> = Record<ScannedDictionary, Value>;

/**
 * Moves what is still referenced into fresh tables and renumbers every reference: rows, kept or still to come. About 0.3 µs
 * per row and distinct string.
 */
export function collectTables(old: Tables, fresh: Tables, columns: readonly TupleColumns[]): void {
  const liveStrings = {} as ByDictionary<Uint8Array>;
  for (const name of SCANNED_DICTIONARIES) liveStrings[name] = new Uint8Array(old.strings[name].size);
  const liveTuples = KINDS.map((kind) => {
    const live = new Uint8Array(old[kind.tuples].size);
    for (const rows of columns) mark(live, rows[kind.ids], rows.count);
    markCells(old[kind.tuples], live, kind.dictionaries, liveStrings);
    return live;
  });
  const codes = {} as ByDictionary<Uint32Array>;
  for (const name of SCANNED_DICTIONARIES) {
    codes[name] = fresh.strings[name].takeLive(old.strings[name], liveStrings[name]);
  }
  KINDS.forEach((kind, i) => {
    const live = liveTuples[i] as Uint8Array;
    const ids = moveTuples(old[kind.tuples], fresh[kind.tuples], live, kind.dictionaries, codes);
    for (const rows of columns) renumber(rows[kind.ids], rows.count, ids);
  });
  fresh.readGroupSets();
}

function mark(live: Uint8Array, codes: Uint32Array, count: number): void {
  for (let i = 0; i < count; i++) live[codes[i] as number] = 1;
}

function markCells(
  tuples: TupleTable,
  live: Uint8Array,
  dictionaries: readonly (ScannedDictionary | null)[],
  strings: ByDictionary<Uint8Array>,
): void {
  dictionaries.forEach((name, k) => {
    if (name === null) return;
    const column = tuples.columns[k] as Uint32Array;
    const marks = strings[name];
    for (let id = 0; id < live.length; id++) if (live[id] !== 0) marks[column[id] as number] = 1;
  });
}

/** Returns the new id of each old one; those left behind have none. */
function moveTuples(
  from: TupleTable,
  to: TupleTable,
  live: Uint8Array,
  dictionaries: readonly (ScannedDictionary | null)[],
  codes: ByDictionary<Uint32Array>,
): Uint32Array {
  const ids = new Uint32Array(from.size);
  const cells = new Uint32Array(from.width);
  for (let id = 0; id < from.size; id++) {
    if (live[id] === 0) continue;
    for (let k = 0; k < from.width; k++) {
      const cell = (from.columns[k] as Uint32Array)[id] as number;
      const name = dictionaries[k] as ScannedDictionary | null;
      cells[k] = name === null ? cell : (codes[name][cell] as number);
    }
    ids[id] = to.intern(cells);
  }
  return ids;
}

function renumber(ids: Uint32Array, count: number, codes: Uint32Array): void {
  for (let i = 0; i < count; i++) ids[i] = codes[ids[i] as number] as number;
}
