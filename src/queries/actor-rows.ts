import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { NO } from "./match-state.ts";
import type { TupleMask } from "./tuple-mask.ts";

/** A block's rows by who asked: those of actors[k] are rows[starts[k]] … rows[starts[k + 1] - 1], ascending. 2 or 4 B a row. */
interface ActorRows {
  readonly generation: number;
  readonly revision: number;
  readonly count: number;
  readonly actors: Uint32Array;
  readonly starts: Uint32Array;
  readonly rows: Uint16Array | Uint32Array;
}

/** Of more rows than one in so many each is looked at. */
const FEW = 4;
const SHORT = 0x1_0000;

const known = new WeakMap<RequestBlock, ActorRows>();

/** Those of rows [0, limit) whose actor may be meant, ascending; null when they are many. */
export function rowsOfActors(
  index: RequestIndex,
  block: RequestBlock,
  limit: number,
  mask: TupleMask,
): Uint32Array | null {
  const { actors, starts, rows } = actorRows(index, block);
  mask.extendFor(actors.length, index.actors.size);
  let count = 0;
  const meant: number[] = [];
  for (let k = 0; k < actors.length; k++) {
    if (mask.of(actors[k] as number) === NO) continue;
    meant.push(k);
    count += (starts[k + 1] as number) - (starts[k] as number);
    if (count * FEW > limit) return null;
  }
  const found = new Uint32Array(count);
  let at = 0;
  for (const k of meant) {
    const own = rows.subarray(starts[k], starts[k + 1]);
    found.set(own, at);
    at += own.length;
  }
  if (meant.length > 1) found.sort();
  const last = found.findLastIndex((row) => row < limit);
  return found.subarray(0, last + 1);
}

function actorRows({ generation, actors: { size } }: RequestIndex, block: RequestBlock): ActorRows {
  const { revision, count, actor } = block;
  const before = known.get(block);
  if (before?.generation === generation && before.revision === revision && before.count === count) return before;
  const counts = new Uint32Array(size);
  for (let row = 0; row < count; row++) {
    const id = actor[row] as number;
    counts[id] = (counts[id] as number) + 1;
  }
  const present: number[] = [];
  const starts: number[] = [0];
  let end = 0;
  for (let id = 0; id < size; id++) {
    const own = counts[id] as number;
    if (own === 0) continue;
    present.push(id);
    // From here on: where the next row of the actor goes.
    counts[id] = end;
    end += own;
    starts.push(end);
  }
  const rows = count <= SHORT ? new Uint16Array(count) : new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    const id = actor[row] as number;
    const at = counts[id] as number;
    rows[at] = row;
    counts[id] = at + 1;
  }
  const made = {
    generation,
    revision,
    count,
    actors: Uint32Array.from(present),
    starts: Uint32Array.from(starts),
    rows,
  };
  known.set(block, made);
  return made;
}
