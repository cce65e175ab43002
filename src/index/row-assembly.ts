import { stageRank } from "../events/vocabulary.ts";
import type { Block } from "./block.ts";
import type { ReplacedRow } from "./contract.ts";
import { ABSENT } from "./contract.ts";
import { MARK, OUTCOME_CELLS, TARGET_CELLS, type EventBatch } from "./event-batch.ts";
import type { IdTable } from "./id-table.ts";
import type { RequestKeys } from "./request-key.ts";
import type { Tables } from "./tables.ts";

/** Rows with one key: the request as several inputs have it. Beyond, a row's input is part of its key. */
const MOST_ALIKE = 4;

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
  /** … or the key under which a new row is to be found. */
  keyLow = 0;
  keyHigh = 0;
  /** Rows with the key the last search looked at. */
  private looked = 0;
  /** Whether there ever was a row with its input in its key. */
  hasElsewhere = false;
  private readonly blocks: readonly (Block | undefined)[];
  private readonly rowShift: number;
  private readonly ids: IdTable;
  private readonly keys: RequestKeys;
  private readonly cells = new Uint32Array(OUTCOME_CELLS.length);

  constructor(
    tables: Tables,
    blocks: readonly (Block | undefined)[],
    rowShift: number,
    ids: IdTable,
    keys: RequestKeys,
  ) {
    this.tables = tables;
    this.blocks = blocks;
    this.rowShift = rowShift;
    this.ids = ids;
    this.keys = keys;
  }

  /** A failed authentication is logged at ResponseStarted only, with an empty user: it has ended. */
  hasEnded(actor: number, outcome: number): boolean {
    const stage = (this.tables.outcomeTuples.columns[STAGE] as Uint32Array)[outcome] as number;
    if (stage >= 2) return true;
    return stage === 1 && (this.tables.actorTuples.columns[0] as Uint32Array)[actor] === ABSENT;
  }

  /** What event i of the batch is to the rows kept. Its id columns hold request keys. */
  match(batch: EventBatch, i: number): Match {
    const [low, high] = [batch.idLow[i] as number, batch.idHigh[i] as number];
    const found = this.search(batch, i, low, high);
    const isCrowded = this.looked >= MOST_ALIKE;
    if (found !== "new" || !(isCrowded || this.hasElsewhere)) return found;
    this.keys.setElsewhere(low, high, batch.source[i] as number);
    const foundThere = this.search(batch, i, this.keys.low, this.keys.high);
    if (foundThere !== "new") return foundThere;
    if (isCrowded) this.hasElsewhere = true;
    else [this.keyLow, this.keyHigh] = [low, high];
    return "new";
  }

  private search(batch: EventBatch, i: number, low: number, high: number): Match {
    const receivedUs = batch.receivedUs[i] as number;
    this.keyLow = low;
    this.keyHigh = high;
    this.block = null;
    this.looked = 0;
    for (let row = this.ids.first(low, high); row >= 0; row = this.ids.next()) {
      const block = this.blocks[row >>> this.rowShift] as Block;
      const at = row & ((1 << this.rowShift) - 1);
      if (Object.is(block.receivedUs(at), receivedUs)) {
        if (this.isDuplicate(block, at, batch, i)) return "duplicate";
        if (this.block === null && !this.isElsewhere(block, at, batch, i)) {
          this.block = block;
          this.row = at;
        }
      }
      if (++this.looked >= MOST_ALIKE) break;
    }
    return this.block === null ? "new" : "same-request";
  }

  /** An event of the row's request again: same stage and stageTimestamp. Without any time, all its facts must agree. */
  private isDuplicate(block: Block, row: number, batch: EventBatch, i: number): boolean {
    const stage = (batch.marks[i] as number) & MARK.stage;
    if ((block.stagesSeen(row) & (1 << stage)) === 0) return false;
    const stageUs = batch.stageUs[i] as number;
    const isTimed = stageUs === stageUs;
    const kept = this.rankOf(block.outcome[row] as number);
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
    const kept = this.rankOf(block.outcome[row] as number);
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
    const kept = this.rankOf(outcome);
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

  private rankOf(outcome: number): number {
    return stageRank((this.tables.outcomeTuples.columns[STAGE] as Uint32Array)[outcome] as number);
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
