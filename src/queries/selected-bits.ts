import type { RequestBlock } from "../index/contract.ts";
import type { PlanNode } from "./filter-plan.ts";
import { CHUNK } from "./reach.ts";

interface BlockBits {
  readonly revision: number;
  /** By row. */
  readonly bits: Uint32Array;
  /** Where the known rows of each chunk end. */
  readonly ends: number[];
}

/** Which rows of a block a plan selects, as far as somebody looked: a bit a row, for whoever asks next with the same filter. */
export class SelectedBits {
  private readonly blocks = new WeakMap<RequestBlock, BlockBits>();

  /** Those of rows [from, to), a chunk, in `into`; returns their number, or −1 when they are not known. */
  read(block: RequestBlock, from: number, to: number, into: Uint32Array): number {
    const known = this.blocks.get(block);
    if (known === undefined || known.revision !== block.revision || known.ends[from / CHUNK] !== to) return -1;
    const { bits } = known;
    const last = (to + 31) >>> 5;
    let count = 0;
    for (let word = from >>> 5; word < last; word++) {
      let left = bits[word] as number;
      const first = word << 5;
      if (left === 0xffff_ffff) {
        for (let k = 0; k < 32; k++) into[count + k] = first + k;
        count += 32;
        continue;
      }
      for (; left !== 0; left &= left - 1) into[count++] = first + 31 - Math.clz32(left & -left);
    }
    return count;
  }

  /** rows[0, count) are all that is selected of rows [from, to), a chunk. */
  keep(block: RequestBlock, from: number, to: number, rows: Uint32Array, count: number): void {
    let known = this.blocks.get(block);
    if (known === undefined || known.revision !== block.revision || known.bits.length << 5 < to) {
      const room = Math.ceil(Math.max(block.count, to) / CHUNK) * CHUNK;
      known = { revision: block.revision, bits: new Uint32Array(room >>> 5), ends: [] };
      this.blocks.set(block, known);
    }
    const { bits, ends } = known;
    bits.fill(0, from >>> 5, (to + 31) >>> 5);
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      bits[row >>> 5] = (bits[row >>> 5] as number) | (1 << (row & 31));
    }
    ends[from / CHUNK] = to;
  }
}

const known = new WeakMap<PlanNode, SelectedBits>();

/** What is known of a plan's rows goes with the plan. */
export function selectedBitsOf(plan: PlanNode): SelectedBits {
  const bits = known.get(plan) ?? new SelectedBits();
  known.set(plan, bits);
  return bits;
}
