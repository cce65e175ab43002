import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { type Figures, noFigures } from "./figures.ts";
import { latenciesOfList, type WantedGroups } from "./group-latencies.ts";
import { type GroupSort, MEASURES, type Need, type Percentiles } from "./measures.ts";
import type { RowFacts } from "./row-facts.ts";
import { type GroupedRows, tallyBytes, tallyRows, type TimedRows } from "./tally-rows.ts";

/** Latencies listed between two passes: 8 MiB. */
const MOST_LISTED = 1 << 20;
/** With more rows wanted than this, one pass over everything costs less. */
const MOST_CHOSEN = 1_000;

/** Whether the groups to show can be chosen before their times and latencies are known. */
export function areChosenByCounts(sort: GroupSort, limit: number): boolean {
  return limit <= MOST_CHOSEN && sort !== "key" && MEASURES[sort].needs === "counts";
}

/** Rows of the groups that are wanted, these by their slots. */
export class ChosenRows implements GroupedRows {
  rows = new Uint32Array(0);
  ids = new Uint32Array(0);
  count = 0;
  private readonly slots: Uint32Array;

  constructor({ slots }: WantedGroups) {
    this.slots = slots;
  }

  choose({ rows, ids, count }: GroupedRows): void {
    if (this.rows.length < count) {
      this.rows = new Uint32Array(count);
      this.ids = new Uint32Array(count);
    }
    const { rows: into, ids: intoIds, slots } = this;
    let chosen = 0;
    for (let i = 0; i < count; i++) {
      // A group that came up since the choice has no slot.
      const slot = slots[ids[i] as number] ?? 0;
      if (slot === 0) continue;
      into[chosen] = rows[i] as number;
      intoIds[chosen++] = slot - 1;
    }
    this.count = chosen;
  }
}

/** Adds up times and latencies of the chosen groups alone, in a pass after the one that chose them. */
export class ChosenGroups {
  readonly figures: Figures;
  private readonly wanted: WantedGroups;
  private readonly needs: ReadonlySet<Need>;
  private timed: TimedRows | null;
  private isListed = true;

  constructor(wanted: WantedGroups, needs: ReadonlySet<Need>) {
    this.wanted = wanted;
    this.needs = needs;
    this.figures = noFigures(wanted.count);
    this.timed = needs.has("latencies") ? { ids: new Uint32Array(0), us: new Uint32Array(0), count: 0 } : null;
  }

  add(index: RequestIndex, facts: RowFacts, block: RequestBlock, chosen: ChosenRows): void {
    const { figures } = this;
    if (this.timed !== null) this.timed = withRoom(this.timed, chosen.count);
    tallyRows(index, block, chosen, facts, figures, this.timed);
    if (this.needs.has("bytes")) tallyBytes(block, chosen, figures);
    if (this.timed === null || this.timed.count <= MOST_LISTED) return;
    this.isListed = false;
    this.timed.count = 0;
  }

  /** Null: there are too many to be listed. */
  percentiles(): Percentiles | null {
    return this.timed !== null && this.isListed ? latenciesOfList(this.timed, this.wanted) : null;
  }
}

export function withRoom(timed: TimedRows, more: number): TimedRows {
  const least = timed.count + more;
  if (timed.us.length >= least) return timed;
  const length = Math.max(least, timed.us.length * 2, 1_024);
  const grown = { ids: new Uint32Array(length), us: new Uint32Array(length), count: timed.count };
  grown.ids.set(timed.ids);
  grown.us.set(timed.us);
  return grown;
}
