import { saltId } from "./audit-id.ts";
import type { Block } from "./block.ts";
import type { ReplacedRow } from "./contract.ts";
import { ABSENT } from "./contract.ts";
import { MARK, OUTCOME_CELLS, TARGET_CELLS, type EventBatch } from "./event-batch.ts";
import type { IdTable } from "./id-table.ts";
import type { Tables } from "./tables.ts";

/** Rows of one auditID that are looked at. Beyond, rows of that id are found by id and time of receipt only. */
const MAX_SAME_ID = 32;

const NAME = TARGET_CELLS.indexOf("name");
const UID = TARGET_CELLS.indexOf("uid");
const STAGE = OUTCOME_CELLS.indexOf("stage");
const CODE = OUTCOME_CELLS.indexOf("code");
const REASON = OUTCOME_CELLS.indexOf("reason");

export type Match = "new" | "duplicate" | "same-request";

/** Decides which events are one request, and what the request's facts are then. */
export class RowAssembly {
  tables: Tables;
  /** Result of match(): the row that has the request already … */
  block: Block | null = null;
  row = 0;
  /** … or the id hash under which a new row is to be found. */
  idLow = 0;
  /** Rows with the id hash the last search looked at. */
  private looked = 0;
  private readonly blocks: readonly (Block | undefined)[];
  private readonly rowShift: number;
  private readonly ids: IdTable;
  private readonly cells = new Uint32Array(OUTCOME_CELLS.length);

  constructor(tables: Tables, blocks: readonly (Block | undefined)[], rowShift: number, ids: IdTable) {
    this.tables = tables;
    this.blocks = blocks;
    this.rowShift = rowShift;
    this.ids = ids;
  }

  /** A failed authentication is logged at ResponseStarted only, with an empty user: it has ended. */
  isInFlight(actor: number, outcome: number): boolean {
    const stage = (this.tables.outcomeTuples.columns[STAGE] as Uint32Array)[outcome] as number;
    if (stage >= 2) return false;
    return stage === 0 || (this.tables.actorTuples.columns[0] as Uint32Array)[actor] !== ABSENT;
  }

  /** What event i of the batch is to the rows kept. */
  match(batch: EventBatch, i: number, idLow: number): Match {
    const found = this.search(batch, i, idLow);
    if (found !== "new" || this.looked === 0) return found;
    // Somebody reuses the id: rows beyond MAX_SAME_ID have the time of receipt in their key.
    const isCrowded = this.looked >= MAX_SAME_ID;
    const received = batch.receivedUs[i] as number;
    const byTime = saltId(idLow, received === received ? (received % 0xffff_fffb) + 1 : 1);
    const foundByTime = this.search(batch, i, byTime);
    if (!isCrowded) this.idLow = idLow;
    return foundByTime;
  }

  private search(batch: EventBatch, i: number, idLow: number): Match {
    const receivedUs = batch.receivedUs[i] as number;
    this.idLow = idLow;
    this.block = null;
    this.looked = 0;
    for (let row = this.ids.first(idLow, batch.idHigh[i] as number); row >= 0; row = this.ids.next()) {
      const block = this.blocks[row >>> this.rowShift] as Block;
      const at = row & ((1 << this.rowShift) - 1);
      const sameTime = Object.is(block.receivedUs(at), receivedUs);
      if (this.isDuplicate(block, at, batch, i, sameTime)) return "duplicate";
      if (sameTime && this.block === null && !this.isElsewhere(block, at, batch, i)) {
        this.block = block;
        this.row = at;
      }
      if (++this.looked >= MAX_SAME_ID) break;
    }
    return this.block === null ? "new" : "same-request";
  }

  /** Exact duplicates have the same auditID, stage and stageTimestamp. Without any time, all their facts must agree. */
  private isDuplicate(block: Block, row: number, batch: EventBatch, i: number, sameTime: boolean): boolean {
    const stage = (batch.marks[i] as number) & MARK.stage;
    if ((block.stagesSeen(row) & (1 << stage)) === 0) return false;
    const stageUs = batch.stageUs[i] as number;
    const isTimed = stageUs === stageUs;
    if (!isTimed && !sameTime) return false;
    const kept = (this.tables.outcomeTuples.columns[STAGE] as Uint32Array)[block.outcome[row] as number] as number;
    if (kept === stage && Object.is(block.stageUs(row), stageUs)) {
      const receivedUs = batch.receivedUs[i] as number;
      if (isTimed || receivedUs === receivedUs) return true;
      return (
        block.actor[row] === batch.actor[i] &&
        block.target[row] === batch.target[i] &&
        block.outcome[row] === batch.outcome[i]
      );
    }
    return block.hasEarlier(row, stage, stageUs);
  }

  /**
   * Ended in another input at another time: no API server ends a request twice, so two clusters' clients chose one auditID
   * and were received in the same microsecond.
   */
  private isElsewhere(block: Block, row: number, batch: EventBatch, i: number): boolean {
    if (block.source(row) === (batch.source[i] as number)) return false;
    const stage = (batch.marks[i] as number) & MARK.stage;
    const kept = (this.tables.outcomeTuples.columns[STAGE] as Uint32Array)[block.outcome[row] as number] as number;
    const [stageUs, keptUs] = [batch.stageUs[i] as number, block.stageUs(row)];
    return stage >= 2 && kept === stage && stageUs === stageUs && keptUs === keptUs && stageUs !== keptUs;
  }

  /**
   * Adds event i to the row it belongs to. The facts are the latest stage's; what that one lacks (a create's name, the
   * code) comes from the others. Returns the old facts when they changed.
   */
  complete(block: Block, row: number, batch: EventBatch, i: number): ReplacedRow | null {
    const stage = (batch.marks[i] as number) & MARK.stage;
    const stageUs = batch.stageUs[i] as number;
    const actor = block.actor[row] as number;
    const target = block.target[row] as number;
    const outcome = block.outcome[row] as number;
    const latencyUs = block.latencyUs(row);
    const kept = (this.tables.outcomeTuples.columns[STAGE] as Uint32Array)[outcome] as number;
    const keptUs = block.stageUs(row);
    block.markStage(row, stage);
    if (stage > kept || (stage === kept && !(stageUs < keptUs))) {
      block.noteEarlier(row, kept, keptUs);
      block.actor[row] = batch.actor[i] as number;
      block.target[row] = this.targetOf(batch.target[i] as number, target);
      block.outcome[row] = this.outcomeOf(batch.outcome[i] as number, outcome);
      block.replace(row, stageUs, batch.source[i] as number, batch.offset[i] as number, batch.bytes[i] as number);
      return { actor, target, outcome, latencyUs };
    }
    block.noteEarlier(row, stage, stageUs);
    block.target[row] = this.targetOf(target, batch.target[i] as number);
    block.outcome[row] = this.outcomeOf(outcome, batch.outcome[i] as number);
    if (block.target[row] === target && block.outcome[row] === outcome) return null;
    return { actor, target, outcome, latencyUs };
  }

  /** The later target, with name and uid of the earlier one where it has none. */
  private targetOf(later: number, earlier: number): number {
    const { columns } = this.tables.targetTuples;
    if (later === earlier) return later;
    const names = columns[NAME] as Uint32Array;
    const uids = columns[UID] as Uint32Array;
    const lacksName = names[later] === ABSENT && names[earlier] !== ABSENT;
    const lacksUid = uids[later] === ABSENT && uids[earlier] !== ABSENT;
    if (!lacksName && !lacksUid) return later;
    this.load(columns, later);
    if (lacksName) this.cells[NAME] = names[earlier] as number;
    if (lacksUid) this.cells[UID] = uids[earlier] as number;
    return this.tables.targetTuples.intern(this.cells);
  }

  /** The later outcome, with code and reason of the earlier one where it has no code. */
  private outcomeOf(later: number, earlier: number): number {
    const { columns } = this.tables.outcomeTuples;
    const codes = columns[CODE] as Uint32Array;
    if (codes[later] !== 0 || codes[earlier] === 0) return later;
    this.load(columns, later);
    this.cells[CODE] = codes[earlier] as number;
    if (this.cells[REASON] === ABSENT) this.cells[REASON] = (columns[REASON] as Uint32Array)[earlier] as number;
    return this.tables.outcomeTuples.intern(this.cells);
  }

  private load(columns: readonly Uint32Array[], id: number): void {
    for (let k = 0; k < columns.length; k++) this.cells[k] = (columns[k] as Uint32Array)[id] as number;
  }
}
