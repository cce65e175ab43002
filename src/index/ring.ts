import { Block, ROW_BYTES } from "./block.ts";
import { collectTables } from "./collect.ts";
import { CollectionPace } from "./collection-pace.ts";
import type {
  ActorTable,
  Dictionaries,
  OutcomeTable,
  RequestBlock,
  RequestIndex,
  RowListener,
  TargetTable,
} from "./contract.ts";
import { Counters } from "./counters.ts";
import { MARK, type EventBatch } from "./event-batch.ts";
import { IdTable } from "./id-table.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { RowAssembly } from "./row-assembly.ts";
import { RequestIdentity } from "./request-identity.ts";
import { RequestKeys } from "./request-key.ts";
import type { RingOptions, ScannerSeat } from "./ring-options.ts";
import type { TupleColumns } from "./shared-tables.ts";
import { Tables } from "./tables.ts";
import { Tombstones } from "./tombstones.ts";

const MAX_BLOCK_ROWS = 65_536;
/** A ring gives up at most this part of its capacity at once. */
const BLOCKS_PER_RING = 16;
/** The id table is larger than the processor's caches: what so many events need is fetched at once. A power of two. */
const LOOK_AHEAD = 32;
const SPARE_ROWS = 4096;
/** A row's columns, and its entry in the id table. */
const CHARGED_ROW_BYTES = ROW_BYTES + 6;

/**
 * All requests kept, oldest block first. Events come in as batches; the ones of the same request end up in one row.
 * When the ring is full the oldest block goes.
 */
export class RequestRing implements RequestIndex {
  readonly blocks: Block[] = [];
  rowCount = 0;
  firstSeq = 0;
  endSeq = 0;
  requestsSeen = 0;
  requestsEvicted = 0;
  inFlight = 0;
  cutOff = 0;
  /** Events that ended a request after its row was evicted: counted as events only. */
  lateCompletions = 0;
  revision = 0;
  generation = 0;
  readonly counters = new Counters();
  readonly sources: { readonly path: string; readonly apiserver: string; place: string }[] = [];
  readonly listeners: RowListener[] = [];
  readonly capacity: number;
  /** Keeps touch() from being optimised away. */
  private touched = 0;
  private readonly dictionaryBytes: number;
  private budget: MemoryBudget;
  private readonly seat: Omit<ScannerSeat, "tables">;
  private readonly blockRows: number;
  private readonly slots: (Block | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  private tables: Tables;
  private readonly shared: {
    current: Tables;
    open: Set<TupleColumns>;
    pending: Map<EventBatch, number>;
    spare: EventBatch[];
  };
  private readonly pace: CollectionPace;
  private readonly apiservers = new Map<string, number>([["", 0]]);
  private readonly sourceApiserver: number[] = [];
  /** By label of the API server: what it had received until then and not answered it never will, µs. */
  private readonly restartedUs: number[] = [Number.NEGATIVE_INFINITY];
  private readonly ids: IdTable;
  private readonly keys: RequestKeys;
  private readonly tombstones = new Tombstones();
  private readonly assembly: RowAssembly;

  constructor(options: RingOptions) {
    this.capacity = Math.max(1, options.capacity);
    this.dictionaryBytes = options.dictionaryBytes ?? Number.POSITIVE_INFINITY;
    const { idSeed = [Math.random() * 0x1_0000_0000, Math.random() * 0x1_0000_0000], omits = [] } = options;
    this.seat = { idSeed, omits };
    const rowShift = Math.floor(Math.log2(Math.min(MAX_BLOCK_ROWS, Math.max(1, this.capacity / BLOCKS_PER_RING))));
    this.blockRows = 2 ** rowShift;
    this.budget = new MemoryBudget(options.memoryBytes);
    this.tables = new Tables(this.dictionaryBytes, this.budget);
    this.shared = { current: this.tables, open: new Set(), pending: new Map(), spare: [] };
    this.ids = new IdTable(this.slots, rowShift, this.capacity);
    this.pace = new CollectionPace(this.capacity);
    this.keys = new RequestKeys(idSeed);
    this.assembly = new RowAssembly(this.tables, this.slots, rowShift, this.ids, this.keys);
  }

  /** What one more scanner feeds this ring with. */
  openScanner(): ScannerSeat {
    return { ...this.seat, tables: this.shared };
  }

  /** Number of an input. Requests of different API servers never share a row; `apiserver` is "" when the input does not tell. */
  registerSource(path: string, apiserver = "", place = path): number {
    let label = this.apiservers.get(apiserver);
    if (label === undefined) {
      this.apiservers.set(apiserver, (label = this.apiservers.size));
      this.restartedUs.push(Number.NEGATIVE_INFINITY);
    }
    this.sourceApiserver.push(label);
    this.counters.sources.push({ events: 0, duplicates: 0 });
    return this.sources.push({ path, apiserver, place }) - 1;
  }

  /** The file of an input was found under another name. */
  moveSource(source: number, place: string): void {
    const known = this.sources[source];
    if (known !== undefined) known.place = place;
  }

  /** Adds rows [from, to) of the batch behind all others. Every row of a batch is to be added once. */
  append(batch: EventBatch, from = 0, to = batch.count): void {
    const isLast = this.take(batch, from, to);
    for (let i = from; i < to; i++) {
      if (((i - from) & (LOOK_AHEAD - 1)) === 0) this.touchIds(batch, i, Math.min(i + LOOK_AHEAD, to));
      if (this.isTaken(batch, i)) continue;
      if (this.rowCount >= this.capacity) this.evictOldest();
      let block = this.blocks[this.blocks.length - 1];
      if (block === undefined || !block.hasRoom(batch.source[i] as number, batch.offset[i] as number)) {
        block = this.openBlock();
        block.firstSeq = this.endSeq;
        this.blocks.push(block);
      }
      this.addRow(block, batch, i);
      this.rowCount++;
      this.endSeq++;
    }
    this.revision++;
    if (isLast) this.letGo(batch);
    this.collectIfWorthwhile();
  }

  /** Adds rows [from, to) of the batch, oldest first, in front of all others; they get lower sequence numbers. */
  prepend(batch: EventBatch, from = 0, to = batch.count): void {
    const isLast = this.take(batch, from, to);
    const front: Block[] = [];
    let block: Block | undefined;
    let rows = 0;
    for (let i = from; i < to; i++) {
      if (this.isTaken(batch, i)) continue;
      if (block === undefined || !block.hasRoom(batch.source[i] as number, batch.offset[i] as number)) {
        block = this.openBlock();
        front.push(block);
      }
      this.addRow(block, batch, i);
      rows++;
    }
    let seq = this.firstSeq - rows;
    this.firstSeq = seq;
    for (const added of front) {
      added.firstSeq = seq;
      seq += added.count;
    }
    this.blocks.unshift(...front);
    this.rowCount += rows;
    this.revision++;
    for (const listener of this.listeners) listener.onPrepended(front);
    while (this.rowCount > this.capacity) this.evictOldest();
    if (isLast) this.letGo(batch);
    this.collectIfWorthwhile();
  }

  get actors(): ActorTable {
    return this.tables.actors;
  }

  get targets(): TargetTable {
    return this.tables.targets;
  }

  get outcomes(): OutcomeTable {
    return this.tables.outcomes;
  }

  get dictionaries(): Dictionaries {
    return this.tables.dictionaries;
  }

  groupSet(code: number): Uint32Array {
    return this.tables.groupSet(code);
  }

  hasEnded(actor: number, outcome: number): boolean {
    return this.assembly.hasEnded(actor, outcome);
  }

  isCutOff(block: RequestBlock, row: number): boolean {
    return (
      block.receivedUs(row) < (this.restartedUs[this.sourceApiserver[block.source(row)] as number] as number) &&
      !this.hasEnded(block.actor[row] as number, block.outcome[row] as number)
    );
  }

  /** What an API server had not answered when a new process of it started will not be: `us`, by its name. */
  cutOffBefore(restarts: ReadonlyMap<string, number>): void {
    let isNew = false;
    for (const [apiserver, label] of this.apiservers) {
      const us = restarts.get(apiserver) ?? Number.NEGATIVE_INFINITY;
      isNew ||= this.restartedUs[label] !== us;
      this.restartedUs[label] = us;
    }
    if (!isNew) return;
    this.inFlight = this.cutOff = 0;
    for (const block of this.blocks) {
      for (let row = 0; row < block.count; row++) this.countUnended(block, row, 1);
    }
    this.revision++;
  }

  locate(seq: number): { readonly block: Block; readonly row: number } | null {
    if (!(seq >= this.firstSeq && seq < this.endSeq)) return null;
    let below = 0;
    let above = this.blocks.length;
    while (above - below > 1) {
      const middle = (below + above) >>> 1;
      if ((this.blocks[middle] as Block).firstSeq <= seq) below = middle;
      else above = middle;
    }
    const block = this.blocks[below] as Block;
    return { block, row: seq - block.firstSeq };
  }

  auditIDTest(auditID: string): (block: RequestBlock, row: number) => boolean {
    const identity = this.identity();
    identity.hasher.hashText(auditID);
    return (block, row) => identity.holds(block, row);
  }

  /** Tells whether rows are of the auditID that was hashed last. */
  identity(): RequestIdentity {
    return new RequestIdentity(this.seat.idSeed, this.sourceApiserver, this.assembly);
  }

  /** Names, agents and the like of some requests did not fit in memory and show as OVERFLOW. */
  get isOverflowing(): boolean {
    return this.tables.haveRefused;
  }

  /** All is read for now: what only new events are looked up by is let go, and made anew when there are some. */
  rest(): void {
    this.ids.rest();
    this.tables.rest();
  }

  /** Bytes held: rows and their id table (`rows`), dictionaries and tuples (`tables`). */
  get memory(): { readonly rows: number; readonly tables: number; readonly perRow: number } {
    let rows = this.ids.memoryBytes;
    for (const block of this.blocks) rows += block.memoryBytes;
    return { rows, tables: this.tables.memoryBytes, perRow: ROW_BYTES };
  }

  /** Whether no rows of the batch are left afterwards. */
  private take(batch: EventBatch, from: number, to: number): boolean {
    const { pending } = this.shared;
    this.tables.readGroupSets();
    if (to === from) return false;
    const left = (pending.get(batch) ?? 0) - (to - from);
    if (left < 0) throw new Error("rows of a batch were added twice");
    if (left > 0) pending.set(batch, left);
    else pending.delete(batch);
    this.keyIds(batch, from, to);
    return left === 0;
  }

  /** Hundreds of batches a second would be as many buffers: one is kept for the next, none that a burst made large. */
  private letGo(batch: EventBatch): void {
    if (batch.actor.length <= SPARE_ROWS) this.shared.spare[0] = batch;
  }

  private touchIds({ idHigh }: EventBatch, from: number, to: number): void {
    const { ids } = this;
    let touched = 0;
    for (let i = from; i < to; i++) touched += ids.touch(idHigh[i] as number);
    this.touched = touched | 0;
  }

  /** Turns the hashes of auditIDs into request keys, in place. */
  private keyIds({ idLow, idHigh, receivedUs, source }: EventBatch, from: number, to: number): void {
    const { keys, sourceApiserver } = this;
    for (let i = from; i < to; i++) {
      const server = sourceApiserver[source[i] as number] as number;
      keys.set(idLow[i] as number, idHigh[i] as number, receivedUs[i] as number, server);
      idLow[i] = keys.low;
      idHigh[i] = keys.high;
    }
  }

  /** Whether event i belongs to a request known already; counts it. If not, the assembly has the new row's key. */
  private isTaken(batch: EventBatch, i: number): boolean {
    const { assembly } = this;
    const source = batch.source[i] as number;
    const match = assembly.match(batch, i);
    if (match === "duplicate") {
      this.counters.countDuplicate(source);
      return true;
    }
    const receivedUs = batch.receivedUs[i] as number;
    this.counters.count(batch.marks[i] as number, source, receivedUs, batch.stageUs[i] as number);
    if (match === "same-request") {
      this.completeRow(assembly.block as Block, assembly.row, batch, i);
      return true;
    }
    if (!this.tombstones.has(assembly.keyLow, assembly.keyHigh)) return false;
    this.lateCompletions++;
    return true;
  }

  private completeRow(block: Block, row: number, batch: EventBatch, i: number): void {
    this.countUnended(block, row, -1);
    const old = this.assembly.complete(block, row, batch, i);
    this.countUnended(block, row, 1);
    block.revision = this.revision + 1;
    if (old === null) return;
    for (const listener of this.listeners) listener.onReplace(block, row, old);
  }

  /** Adds event i, just found to be new, as a row. */
  private addRow(block: Block, batch: EventBatch, i: number): void {
    const { assembly } = this;
    const row = block.add(
      batch.receivedUs[i] as number,
      batch.stageUs[i] as number,
      batch.source[i] as number,
      batch.offset[i] as number,
      batch.bytes[i] as number,
    );
    const actor = batch.actor[i] as number;
    const outcome = batch.outcome[i] as number;
    const { keyLow, keyHigh } = assembly;
    block.actor[row] = actor;
    block.target[row] = batch.target[i] as number;
    block.outcome[row] = outcome;
    block.idLow[row] = keyLow;
    block.idHigh[row] = keyHigh;
    block.markStage(row, (batch.marks[i] as number) & MARK.stage);
    block.revision = this.revision + 1;
    this.ids.insert(block.slot * this.blockRows + row, keyLow, keyHigh);
    this.requestsSeen++;
    this.budget.used += CHARGED_ROW_BYTES;
    this.countUnended(block, row, 1);
  }

  private countUnended(block: Block, row: number, by: 1 | -1): void {
    if (this.hasEnded(block.actor[row] as number, block.outcome[row] as number)) return;
    if (this.isCutOff(block, row)) this.cutOff += by;
    else this.inFlight += by;
  }

  private openBlock(): Block {
    const slot = this.freeSlots.pop() ?? this.slots.length;
    // Arrays that grow leave holes behind: where one block was filled, the next one is as large from the beginning.
    const block = new Block(this.blockRows, slot, this.rowCount < this.blockRows ? 0 : this.blockRows);
    this.slots[slot] = block;
    return block;
  }

  private evictOldest(): void {
    const block = this.blocks.shift();
    if (block === undefined) return;
    for (const listener of this.listeners) listener.onEvict(block);
    const first = block.slot * this.blockRows;
    for (let row = 0; row < block.count; row++) {
      if (!this.hasEnded(block.actor[row] as number, block.outcome[row] as number)) {
        this.countUnended(block, row, -1);
        this.tombstones.add(block.idLow[row] as number, block.idHigh[row] as number);
      }
      this.ids.remove(first + row, block.idHigh[row] as number);
    }
    this.slots[block.slot] = undefined;
    this.freeSlots.push(block.slot);
    this.rowCount -= block.count;
    this.requestsEvicted += block.count;
    this.budget.used -= block.count * CHARGED_ROW_BYTES;
    this.firstSeq = block.firstSeq + block.count;
    this.revision++;
  }

  private collectIfWorthwhile(): void {
    if (!this.pace.isDue(this.tables, this.requestsEvicted)) return;
    this.budget = new MemoryBudget(this.budget.limit, this.rowCount * CHARGED_ROW_BYTES);
    const fresh = new Tables(this.dictionaryBytes, this.budget);
    const columns = [...this.blocks, ...this.shared.pending.keys(), ...this.shared.open];
    collectTables(this.tables, fresh, columns);
    this.tables = fresh;
    this.shared.current = fresh;
    this.assembly.tables = fresh;
    this.pace.collected(fresh, this.requestsEvicted);
    this.generation++;
    this.revision++;
  }
}
