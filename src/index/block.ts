import type { RequestBlock } from "./contract.ts";
import { RowNotes } from "./row-notes.ts";
import { StageTimes } from "./stage-times.ts";

const TWO_32 = 0x1_0000_0000;
/** Received times are kept as 40 bits around the block's first one: ±6.3 days; what lies outside is noted. */
const RECEIVED_REACH = 2 ** 39;
const RECEIVED_MAX = 2 ** 40 - TWO_32;
const APART = 0xff;
const NO_TIME = 0xffff_ffff;
const NOTED = 0xffff_fffe;
const NO_SLOT = 0xff;
const FIRST_ROWS = 256;

/** Bytes of all columns for one row. */
export const ROW_BYTES = 3 * 4 + 5 + 4 + 2 * 4 + 1 + 4 + 4 + 1;

/** Bits of the stages column beside 1 << stage. */
const STARTED_AT_RECEIPT = 1 << 4;

/** One request's columns; see RequestBlock. Knows how rows are packed, not what they mean. */
export class Block implements RequestBlock {
  firstSeq = 0;
  count = 0;
  /** Rows that may be added before the block is closed. */
  readonly capacity: number;
  /** Number of the block among those alive, part of its rows' numbers. */
  readonly slot: number;
  actor = new Uint32Array(0);
  target = new Uint32Array(0);
  outcome = new Uint32Array(0);
  idLow = new Uint32Array(0);
  idHigh = new Uint32Array(0);
  minReceivedUs = Number.NaN;
  maxReceivedUs = Number.NaN;
  revision = 0;
  private receivedLow = new Uint32Array(0);
  private receivedHigh = new Uint8Array(0);
  private latency = new Uint32Array(0);
  private place = new Uint8Array(0);
  private offsetLow = new Uint32Array(0);
  private size = new Uint32Array(0);
  private stages = new Uint8Array(0);
  private receivedBase = Number.NaN;
  /** (source, base offset) by place. */
  private readonly placeSource: number[] = [];
  private readonly placeBase: number[] = [];
  private lastPlace = 0;
  private readonly farReceived = new RowNotes();
  private readonly farStage = new RowNotes();
  private readonly farSource = new RowNotes();
  private readonly farOffset = new RowNotes();
  /** Stage times of superseded events, by row × 4 + stage. */
  private readonly earlier: StageTimes;

  /** `rows`: for how many there is room at once; pages that nobody writes to take no memory. */
  constructor(capacity: number, slot: number, rows = 0) {
    this.capacity = capacity;
    this.slot = slot;
    this.earlier = new StageTimes(capacity * 4);
    if (rows > 0) this.grow(rows);
  }

  get memoryBytes(): number {
    const notes = this.farReceived.memoryBytes + this.farStage.memoryBytes + this.farSource.memoryBytes;
    return this.actor.length * ROW_BYTES + notes + this.farOffset.memoryBytes + this.earlier.memoryBytes;
  }

  /** Whether one more row of this source and offset fits without notes that would outgrow the columns. */
  hasRoom(source: number, offset: number): boolean {
    if (this.count >= this.capacity) return false;
    if (this.farReceived.size * 8 > this.count && this.farReceived.size > 512) return false;
    return this.findPlace(source, offset) !== NO_SLOT;
  }

  /** Adds a row and returns its number in the block. */
  add(receivedUs: number, stageUs: number, source: number, offset: number, bytes: number): number {
    const row = this.count;
    if (row >= this.actor.length) this.grow(Math.max(FIRST_ROWS, this.actor.length * 2));
    this.count = row + 1;
    this.setReceived(row, receivedUs);
    this.setStageUs(row, receivedUs, stageUs);
    this.setSource(row, source, offset, bytes);
    return row;
  }

  receivedUs(row: number): number {
    const high = this.receivedHigh[row] as number;
    const low = this.receivedLow[row] as number;
    if (high !== APART) return this.receivedBase + high * TWO_32 + low;
    return low === NO_TIME ? Number.NaN : this.farReceived.get(row);
  }

  latencyUs(row: number): number {
    const latency = this.latency[row] as number;
    if (latency < NOTED) return latency;
    if (latency === NO_TIME) return -1;
    const far = this.farStage.get(row) - this.receivedUs(row);
    return far >= 0 ? far : -1;
  }

  stageUs(row: number): number {
    const latency = this.latency[row] as number;
    if (latency < NOTED) return this.receivedUs(row) + latency;
    return latency === NO_TIME ? Number.NaN : this.farStage.get(row);
  }

  source(row: number): number {
    const place = this.place[row] as number;
    return place === NO_SLOT ? this.farSource.get(row) : (this.placeSource[place] as number);
  }

  offset(row: number): number {
    const place = this.place[row] as number;
    if (place === NO_SLOT) return this.farOffset.get(row);
    return (this.placeBase[place] as number) + (this.offsetLow[row] as number);
  }

  bytes(row: number): number {
    return this.size[row] as number;
  }

  stagesSeen(row: number): number {
    return (this.stages[row] as number) & 0b1111;
  }

  markStage(row: number, stage: number): void {
    this.stages[row] = (this.stages[row] as number) | (1 << stage);
  }

  /** Replaces the event a row's facts come from. */
  replace(row: number, stageUs: number, source: number, offset: number, bytes: number): void {
    this.setStageUs(row, this.receivedUs(row), stageUs);
    this.setSource(row, source, offset, bytes);
  }

  /** Remembers an event of the row that its facts do not come from. */
  noteEarlier(row: number, stage: number, stageUs: number): void {
    // RequestReceived is stamped with the time of receipt: one bit instead of 16 bytes.
    if (stage === 0 && stageUs === this.receivedUs(row)) {
      this.stages[row] = (this.stages[row] as number) | STARTED_AT_RECEIPT;
    } else {
      this.earlier.add(row * 4 + stage, stageUs);
    }
  }

  hasEarlier(row: number, stage: number, stageUs: number): boolean {
    const seen = this.stages[row] as number;
    if ((seen & (1 << stage)) === 0) return false;
    if (stage === 0 && (seen & STARTED_AT_RECEIPT) !== 0 && stageUs === this.receivedUs(row)) return true;
    return this.earlier.has(row * 4 + stage, stageUs);
  }

  private setReceived(row: number, us: number): void {
    if (us >= this.minReceivedUs) {
      if (us > this.maxReceivedUs) this.maxReceivedUs = us;
    } else if (us === us) {
      this.minReceivedUs = us;
      if (!(this.maxReceivedUs >= us)) this.maxReceivedUs = us;
    }
    if (this.receivedBase !== this.receivedBase) this.receivedBase = us - RECEIVED_REACH;
    const relative = us - this.receivedBase;
    if (relative >= 0 && relative < RECEIVED_MAX) {
      this.receivedHigh[row] = relative / TWO_32;
      this.receivedLow[row] = relative % TWO_32;
    } else {
      this.receivedHigh[row] = APART;
      this.receivedLow[row] = us === us ? NOTED : NO_TIME;
      if (us === us) this.farReceived.set(row, us);
    }
  }

  private setStageUs(row: number, receivedUs: number, stageUs: number): void {
    const latency = stageUs - receivedUs;
    if (latency >= 0 && latency < NOTED) {
      this.latency[row] = latency;
    } else if (stageUs === stageUs) {
      this.latency[row] = NOTED;
      this.farStage.set(row, stageUs);
    } else {
      this.latency[row] = NO_TIME;
    }
  }

  private setSource(row: number, source: number, offset: number, bytes: number): void {
    this.size[row] = bytes;
    const place = this.findPlace(source, offset);
    this.place[row] = place;
    if (place === NO_SLOT) {
      this.farSource.set(row, source);
      this.farOffset.set(row, offset);
    } else {
      this.offsetLow[row] = offset - (this.placeBase[place] as number);
    }
  }

  private findPlace(source: number, offset: number): number {
    const last = this.lastPlace;
    if (this.placeSource[last] === source && inReach(offset, this.placeBase[last] as number)) return last;
    for (let place = 0; place < this.placeSource.length; place++) {
      if (this.placeSource[place] === source && inReach(offset, this.placeBase[place] as number)) {
        this.lastPlace = place;
        return place;
      }
    }
    if (this.placeSource.length >= NO_SLOT) return NO_SLOT;
    // Half of the reach behind: late completions and merged inputs need not come in order of offsets.
    this.placeBase.push(Math.max(0, offset - TWO_32 / 2));
    this.lastPlace = this.placeSource.push(source) - 1;
    return this.lastPlace;
  }

  private grow(wanted: number): void {
    const rows = Math.min(this.capacity, wanted);
    this.actor = grown(this.actor, rows);
    this.target = grown(this.target, rows);
    this.outcome = grown(this.outcome, rows);
    this.idLow = grown(this.idLow, rows);
    this.idHigh = grown(this.idHigh, rows);
    this.receivedLow = grown(this.receivedLow, rows);
    this.latency = grown(this.latency, rows);
    this.offsetLow = grown(this.offsetLow, rows);
    this.size = grown(this.size, rows);
    this.receivedHigh = grownBytes(this.receivedHigh, rows);
    this.place = grownBytes(this.place, rows);
    this.stages = grownBytes(this.stages, rows);
  }
}

function inReach(offset: number, base: number): boolean {
  return offset >= base && offset - base < TWO_32;
}

function grown(column: Uint32Array, rows: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(rows);
  copy.set(column);
  return copy;
}

function grownBytes(column: Uint8Array, rows: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(rows);
  copy.set(column);
  return copy;
}
