import { ABSENT } from "../../index/contract.ts";
import { ACTOR_CELLS } from "../../index/event-batch.ts";

/** Cells that who somebody is tells: user, asFrom, groups; the others tell where from. */
const WHO_CELLS = ACTOR_CELLS.indexOf("groups") + 1;
const WHERE_CELLS = ACTOR_CELLS.length - WHO_CELLS;

/** Cells of actors by the kernel's numbers for who and where from: new pairs of known ones need not be read. */
export class ActorParts {
  /** Codes + 1; 0: not known. */
  private readonly who: Uint32Array;
  private readonly where: Uint32Array;

  /** Numbers are at most `most`. */
  constructor(most: number) {
    this.who = new Uint32Array((most + 1) * WHO_CELLS);
    this.where = new Uint32Array((most + 1) * WHERE_CELLS);
    this.clear();
  }

  /** Forgets all; `where` 0 is nowhere. */
  clear(): void {
    this.who.fill(0);
    this.where.fill(0);
    this.where.fill(ABSENT + 1, 0, WHERE_CELLS);
  }

  /** Whether both are known: then `cells` are the actor's. */
  read(who: number, where: number, cells: Uint32Array): boolean {
    const [whoAt, whereAt] = [who * WHO_CELLS, where * WHERE_CELLS];
    if (this.who[whoAt] === 0 || this.where[whereAt] === 0) return false;
    for (let k = 0; k < WHO_CELLS; k++) cells[k] = (this.who[whoAt + k] as number) - 1;
    for (let k = 0; k < WHERE_CELLS; k++) cells[WHO_CELLS + k] = (this.where[whereAt + k] as number) - 1;
    return true;
  }

  /** Remembers what was read of actor `id`, columns by cell. */
  keep(who: number, where: number, columns: readonly Uint32Array[], id: number): void {
    const [whoAt, whereAt] = [who * WHO_CELLS, where * WHERE_CELLS];
    for (let k = 0; k < WHO_CELLS; k++) this.who[whoAt + k] = ((columns[k] as Uint32Array)[id] as number) + 1;
    for (let k = 0; k < WHERE_CELLS; k++) {
      this.where[whereAt + k] = ((columns[WHO_CELLS + k] as Uint32Array)[id] as number) + 1;
    }
  }
}
