import type { CodeMap, ScannerMaps } from "./admission.ts";
import { hashBytes } from "./byte-hash.ts";
import type { ByteDictionary } from "./byte-dictionary.ts";
import { SCANNED_DICTIONARIES, type ScannedDictionary } from "./event-batch.ts";
import type { TupleColumns } from "./shared-tables.ts";
import { ACTOR_DICTIONARIES, OUTCOME_DICTIONARIES, TARGET_DICTIONARIES, type Tables } from "./tables.ts";
import type { TupleTable } from "./tuple-table.ts";

const UNUSED = 0xffff_ffff;

/**
 * Moves what is still referenced into fresh tables and renumbers every reference: rows, batches waiting for their turn,
 * and the scanners' maps (a scanner may use any of its ids again).
 */
export function collectTables(
  old: Tables,
  fresh: Tables,
  columns: readonly TupleColumns[],
  scanners: readonly ScannerMaps[],
): void {
  const strings = stringMovers(old, fresh);
  for (const scanner of scanners) {
    for (const name of SCANNED_DICTIONARIES) moveCodes(scanner.strings[name], strings[name]);
  }
  const kinds = [
    ["actor", "actors", old.actorTuples, fresh.actorTuples, ACTOR_DICTIONARIES],
    ["target", "targets", old.targetTuples, fresh.targetTuples, TARGET_DICTIONARIES],
    ["outcome", "outcomes", old.outcomeTuples, fresh.outcomeTuples, OUTCOME_DICTIONARIES],
  ] as const;
  for (const [column, map, from, to, dictionaries] of kinds) {
    const move = tupleMover(from, to, dictionaries, strings);
    for (const block of columns) {
      const ids = block[column];
      for (let row = 0; row < block.count; row++) ids[row] = move(ids[row] as number);
    }
    for (const scanner of scanners) {
      const { codes, length } = scanner[map];
      for (let i = 0; i < length; i++) codes[i] = move(codes[i] as number);
    }
  }
  fresh.readGroupSets();
}

type Mover = (code: number) => number;

function stringMovers(old: Tables, fresh: Tables): Record<ScannedDictionary, Mover> {
  const movers = {} as Record<ScannedDictionary, Mover>;
  for (const name of SCANNED_DICTIONARIES) movers[name] = stringMover(old.strings[name], fresh.strings[name]);
  return movers;
}

function stringMover(from: ByteDictionary, to: ByteDictionary): Mover {
  const moved = new Uint32Array(from.size).fill(UNUSED);
  const { bytes } = from;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  moved[0] = 0;
  moved[1] = 1;
  return (code) => {
    const known = moved[code] as number;
    if (known !== UNUSED) return known;
    const [start, end] = [from.start(code), from.end(code)];
    return (moved[code] = to.intern(view, bytes, start, end, hashBytes(view, bytes, start, end)));
  };
}

function tupleMover(
  from: TupleTable,
  to: TupleTable,
  dictionaries: readonly (ScannedDictionary | null)[],
  strings: Record<ScannedDictionary, Mover>,
): Mover {
  const moved = new Uint32Array(from.size).fill(UNUSED);
  const cells = new Uint32Array(from.width);
  const movers = dictionaries.map((name) => (name === null ? null : strings[name]));
  return (id) => {
    const known = moved[id] as number;
    if (known !== UNUSED) return known;
    for (let k = 0; k < from.width; k++) {
      const cell = (from.columns[k] as Uint32Array)[id] as number;
      const move = movers[k];
      cells[k] = move === null || move === undefined ? cell : move(cell);
    }
    return (moved[id] = to.intern(cells));
  };
}

function moveCodes(map: CodeMap, move: Mover): void {
  for (let i = 0; i < map.length; i++) map.codes[i] = move(map.codes[i] as number);
}
