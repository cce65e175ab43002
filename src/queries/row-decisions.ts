import type { RequestBlock } from "../index/contract.ts";
import { type MatchState, MAYBE } from "./match-state.ts";

interface BlockDecisions {
  readonly states: Uint8Array;
  /** which event the decision was about: a request completed since has another. */
  readonly offsets: Float64Array;
}

const UNKNOWN = 1;

/** What original events have decided about single rows, for one filter. 9 bytes a row, only for blocks that needed any. */
export class RowDecisions {
  private readonly byFirstSeq = new Map<number, BlockDecisions>();

  /** MAYBE: not decided yet. */
  of(block: RequestBlock, row: number): MatchState {
    const known = this.byFirstSeq.get(block.firstSeq);
    const state = known?.states[row];
    if (known === undefined || state === undefined || state === UNKNOWN) return MAYBE;
    return known.offsets[row] === block.offset(row) ? (state as MatchState) : MAYBE;
  }

  set(block: RequestBlock, row: number, state: MatchState): void {
    let known = this.byFirstSeq.get(block.firstSeq);
    if (known === undefined || known.states.length <= row) {
      const rows = Math.max(block.count, row + 1);
      const states = new Uint8Array(rows).fill(UNKNOWN);
      const offsets = new Float64Array(rows);
      if (known !== undefined) {
        states.set(known.states);
        offsets.set(known.offsets);
      }
      known = { states, offsets };
      this.byFirstSeq.set(block.firstSeq, known);
    }
    known.states[row] = state;
    known.offsets[row] = block.offset(row);
  }

  /** Forgets blocks that were evicted. */
  keep(blocks: readonly RequestBlock[]): void {
    const alive = new Set(blocks.map(({ firstSeq }) => firstSeq));
    for (const firstSeq of this.byFirstSeq.keys()) if (!alive.has(firstSeq)) this.byFirstSeq.delete(firstSeq);
  }
}
