import { OVERFLOW, type OutcomeText, type RequestBlock, type RequestIndex } from "./contract.ts";
import { ACTOR_CELLS, OUTCOME_CELLS, TARGET_CELLS } from "./event-batch.ts";

const NUMBERS: readonly string[] = ["level", "stage", "code"];
const OUTCOME_TEXTS = OUTCOME_CELLS.filter((cell): cell is OutcomeText => !NUMBERS.includes(cell));

/** Tells which rows hold a value that did not fit in memory. Each tuple is looked at once. */
export class Overflow {
  private readonly index: RequestIndex;
  private readonly columns: Readonly<Record<"actor" | "target" | "outcome", readonly Uint32Array[]>>;
  /** By tuple: 0 not looked at yet, 1 whole, 2 not. */
  private readonly known = { actor: new Uint8Array(0), target: new Uint8Array(0), outcome: new Uint8Array(0) };

  /** Valid until the index changes. */
  constructor(index: RequestIndex) {
    this.index = index;
    const { actors, targets, outcomes } = index;
    this.columns = {
      // Sets of groups are told apart by their members.
      actor: ACTOR_CELLS.flatMap((cell) => (cell === "groups" ? [] : [actors[cell]])),
      target: TARGET_CELLS.map((cell) => targets[cell]),
      outcome: OUTCOME_TEXTS.map((cell) => outcomes[cell]),
    };
    for (const table of ["actor", "target", "outcome"] as const) {
      this.known[table] = new Uint8Array(index[`${table}s`].size);
    }
  }

  has(block: RequestBlock, row: number): boolean {
    return this.holds("actor", block, row) || this.holds("target", block, row) || this.holds("outcome", block, row);
  }

  /** Rows kept that hold such a value. */
  count(): number {
    let count = 0;
    for (const block of this.index.blocks) {
      for (let row = 0; row < block.count; row++) if (this.has(block, row)) count++;
    }
    return count;
  }

  private holds(table: "actor" | "target" | "outcome", block: RequestBlock, row: number): boolean {
    const id = block[table][row] as number;
    const known = this.known[table];
    if (known[id] === 0) known[id] = this.isWhole(table, id) ? 1 : 2;
    return known[id] === 2;
  }

  private isWhole(table: "actor" | "target" | "outcome", id: number): boolean {
    const { index } = this;
    if (table === "actor" && index.groupSet(index.actors.groups[id] as number).includes(OVERFLOW)) return false;
    return this.columns[table].every((column) => column[id] !== OVERFLOW);
  }
}
