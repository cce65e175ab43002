import type { RequestBlock, RequestIndex } from "../index/contract.ts";

/** Rows looked at in one go: what is worked out about them fits the processor's nearest cache. */
export const CHUNK = 8_192;

/** How much of the tuple tables is needed: ids below these. Tuples are numbered as they arrive: early blocks need few. */
export interface Reach {
  readonly actor: number;
  readonly target: number;
  readonly outcome: number;
}

export function wholeReach({ actors, targets, outcomes }: RequestIndex): Reach {
  return { actor: actors.size, target: targets.size, outcome: outcomes.size };
}

/** What extends itself over tuples that are new since it was asked last. */
export interface Extendable {
  extend(index: RequestIndex, reach: Reach): void;
}

interface BlockReach {
  readonly generation: number;
  readonly revision: number;
  /** By chunk of rows. */
  readonly chunks: Reach[];
}

const known = new WeakMap<RequestBlock, BlockReach>();

/** Of rows [from, to): one of the chunks the block is always cut into. */
function reachOf({ generation }: RequestIndex, block: RequestBlock, from: number, to: number): Reach {
  const { revision } = block;
  let reach = known.get(block);
  if (reach === undefined || reach.generation !== generation || reach.revision !== revision) {
    reach = { generation, revision, chunks: [] };
    known.set(block, reach);
  }
  const at = Math.floor(from / CHUNK);
  return (reach.chunks[at] ??= scanReach(block, from, to));
}

function scanReach(block: RequestBlock, from: number, to: number): Reach {
  return {
    actor: above(block.actor, from, to),
    target: above(block.target, from, to),
    outcome: above(block.outcome, from, to),
  };
}

/** Extends as far as the rows at hand need, so that work per tuple is spread over the rows instead of preceding them. */
export class ReachedTuples {
  private actor = 0;
  private target = 0;
  private outcome = 0;

  /** Covers the tuples of rows [from, to). */
  include(index: RequestIndex, block: RequestBlock, from: number, to: number, all: readonly Extendable[]): void {
    const own = reachOf(index, block, from, to);
    const actor = Math.max(this.actor, own.actor);
    const target = Math.max(this.target, own.target);
    const outcome = Math.max(this.outcome, own.outcome);
    if (actor === this.actor && target === this.target && outcome === this.outcome) return;
    this.actor = actor;
    this.target = target;
    this.outcome = outcome;
    for (const extendable of all) extendable.extend(index, { actor, target, outcome });
  }
}

function above(ids: Uint32Array, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) {
    const id = ids[i] as number;
    if (id >= most) most = id + 1;
  }
  return most;
}
