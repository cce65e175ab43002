import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { NO } from "./match-state.ts";
import { BYTES } from "./scratch.ts";
import type { TupleMask } from "./tuple-mask.ts";

/** A block's rows by a tuple: those of ids[k] are rows[starts[k]] … rows[starts[k + 1] - 1], ascending. 2 or 4 B a row. */
interface TupleRows {
  readonly generation: number;
  readonly revision: number;
  readonly count: number;
  readonly ids: Uint32Array;
  readonly starts: Uint32Array;
  readonly rows: Uint16Array | Uint32Array;
}

/** Tables whose tuples have many rows each. */
export type SharedTable = "actor" | "outcome";

/** Of more rows than one in so many each is looked at. */
const FEW = 4;
const SHORT = 0x1_0000;

const known = { actor: new WeakMap<RequestBlock, TupleRows>(), outcome: new WeakMap<RequestBlock, TupleRows>() };

/** Rows of a block that a mask may mean. */
export interface MeantRows {
  readonly all: TupleRows;
  /** Positions in all.ids. */
  readonly meant: readonly number[];
  readonly count: number;
}

/** Null when they are many. */
export function rowsMeant(
  index: RequestIndex,
  block: RequestBlock,
  table: SharedTable,
  mask: TupleMask,
): MeantRows | null {
  const all = tupleRows(index, block, table);
  const { ids, starts } = all;
  const states = BYTES.take(ids.length);
  mask.gather(ids, ids.length, states);
  let count = 0;
  const meant: number[] = [];
  for (let k = 0; k < ids.length && count * FEW <= all.count; k++) {
    if (states[k] === NO) continue;
    meant.push(k);
    count += (starts[k + 1] as number) - (starts[k] as number);
  }
  BYTES.give(states);
  return count * FEW <= all.count ? { all, meant, count } : null;
}

const found = new Uint32Array(SHORT);
const bits = new Uint32Array(SHORT / 32);

/** The rows below `limit`, ascending; valid until the next call. */
export function ascending({ all, meant, count }: MeantRows, limit: number): Uint32Array {
  const { starts, rows } = all;
  if (all.count > SHORT) {
    const lists = meant.flatMap((k) => [...rows.subarray(starts[k], starts[k + 1])]);
    return Uint32Array.from(lists.filter((row) => row < limit)).sort();
  }
  let length = 0;
  if (meant.length === 1) {
    const from = starts[meant[0] as number] as number;
    while (length < count && (rows[from + length] as number) < limit) found[length] = rows[from + length++] as number;
    return found.subarray(0, length);
  }
  for (const k of meant) {
    const end = starts[k + 1] as number;
    for (let at = starts[k] as number; at < end; at++) {
      const row = rows[at] as number;
      bits[row >> 5] = (bits[row >> 5] as number) | (1 << (row & 31));
    }
  }
  for (let word = 0; word << 5 < all.count; word++) {
    for (let left = bits[word] as number; left !== 0; left &= left - 1) {
      const row = (word << 5) + (31 - Math.clz32(left & -left));
      if (row < limit) found[length++] = row;
    }
    bits[word] = 0;
  }
  return found.subarray(0, length);
}

function tupleRows(index: RequestIndex, block: RequestBlock, table: SharedTable): TupleRows {
  const { revision, count } = block;
  const { generation } = index;
  const before = known[table].get(block);
  if (before?.generation === generation && before.revision === revision && before.count === count) return before;
  const tuples = block[table];
  const { size } = index[`${table}s`];
  const counts = new Uint32Array(size);
  for (let row = 0; row < count; row++) {
    const id = tuples[row] as number;
    counts[id] = (counts[id] as number) + 1;
  }
  const ids: number[] = [];
  const starts: number[] = [0];
  let end = 0;
  for (let id = 0; id < size; id++) {
    const own = counts[id] as number;
    if (own === 0) continue;
    ids.push(id);
    // From here on: where the next row of the tuple goes.
    counts[id] = end;
    end += own;
    starts.push(end);
  }
  const rows = count <= SHORT ? new Uint16Array(count) : new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    const id = tuples[row] as number;
    const at = counts[id] as number;
    rows[at] = row;
    counts[id] = at + 1;
  }
  const made = { generation, revision, count, ids: Uint32Array.from(ids), starts: Uint32Array.from(starts), rows };
  known[table].set(block, made);
  return made;
}
