import type { RequestBlock, RowListener } from "../index/contract.ts";
import { extractAuditID, factsOf } from "../index/facts.ts";
import { Overflow } from "../index/overflow.ts";
import type { RequestRing } from "../index/ring.ts";
import type { Selection } from "../queries/contract.ts";
import type { IndexQueries } from "../queries/index-queries.ts";
import type { Sieve } from "../queries/sieve.ts";
import { wholeFacts } from "../queries/whole-facts.ts";
import type { Feed, FedRequest, WantedOfEvents } from "./contract.ts";
import type { RawEvents } from "./raw-events.ts";

/** Beyond, reading waits for whoever takes them: what is not read yet is still on the disk. */
const MOST_READY = 8_192;
const MOST_READY_BYTES = 32 * 1024 * 1024;
/** How long, once stopped, what still waits for its answer may be looked for. */
const STOPPED_MS = 500;
/** Rows looked at between two looks at the clock. */
const ROWS_A_LOOK = 2_048;

const STAGE_RECEIVED = 0;

/**
 * Selected requests of a growing log, each once, in the order of the log, when they have an answer: a filter on the code, or
 * on anything else that only the answer tells, would miss them before. They are made from the bytes as these pass, so that
 * nothing depends on what becomes of the file; what the ring gives up, or the end finds, without an answer is given as it is.
 */
export class RequestFeed implements Feed, RowListener {
  private readonly ring: RequestRing;
  private readonly queries: IndexQueries;
  private readonly events: RawEvents;
  private readonly selection: Selection;
  private readonly wanted: WantedOfEvents;
  private readonly firstSeq: number;
  private nextSeq: number;
  private readonly changed = new Set<number>();
  /** A byte a row: 1 for those given. Longer than the block's rows by then. */
  private readonly given = new WeakMap<RequestBlock, Uint8Array>();
  private sieve: Sieve;
  private generation: number;
  private ready: FedRequest[] = [];
  private readyBytes = 0;
  private wake: () => void = () => {};
  private readonly waiting: (() => void)[] = [];
  private unreadable = 0;
  private why = "";
  private leftOut = 0;
  private hasEnded = false;
  private overflow: Overflow | null = null;

  /** Rows that are kept already are given too. */
  constructor(
    ring: RequestRing,
    queries: IndexQueries,
    events: RawEvents,
    selection: Selection,
    wanted: WantedOfEvents,
  ) {
    this.ring = ring;
    this.queries = queries;
    this.events = events;
    this.selection = selection;
    this.wanted = wanted;
    this.sieve = queries.sieve(selection);
    this.generation = ring.generation;
    this.firstSeq = ring.firstSeq;
    this.nextSeq = ring.firstSeq;
    ring.listeners.push(this);
    this.takeIn();
  }

  get remainder(): Feed["remainder"] {
    return { unreadable: this.unreadable, why: this.why, leftOut: this.leftOut };
  }

  /** Rows were appended or answered; their events are still in memory. */
  takeIn(): void {
    if (this.hasEnded) return;
    const { ring } = this;
    const changed = [...this.changed].sort((a, b) => a - b);
    this.changed.clear();
    for (const seq of changed) {
      const place = ring.locate(seq);
      if (place !== null) this.take(place.block, place.row, place.row + 1, false);
    }
    while (this.nextSeq < ring.endSeq) {
      const place = ring.locate(Math.max(this.nextSeq, ring.firstSeq));
      if (place === null) break;
      this.take(place.block, place.row, place.block.count, false);
      this.nextSeq = place.block.firstSeq + place.block.count;
    }
    if (this.ready.length > 0) this.wake();
  }

  onReplace(block: RequestBlock, row: number): void {
    const seq = block.firstSeq + row;
    if (seq >= this.firstSeq && seq < this.nextSeq) this.changed.add(seq);
  }

  /** The ring is full: what waits in its oldest block can not be told from others when it is answered. */
  onEvict(block: RequestBlock): void {
    if (this.hasEnded || block.firstSeq < this.firstSeq) return;
    const known = Math.min(block.count, Math.max(0, this.nextSeq - block.firstSeq));
    this.takeWaiting(block, 0, known);
    for (const seq of this.changed) {
      const row = seq - block.firstSeq;
      if (row < known && this.changed.delete(seq)) this.take(block, row, row + 1, true);
    }
    this.take(block, known, block.count, true);
    this.nextSeq = Math.max(this.nextSeq, block.firstSeq + block.count);
  }

  /** Filled in from before the moment of following: not news. */
  onPrepended(): void {}

  /** Resolves when there is room for more; at once, as undefined, while there is. */
  room(): Promise<void> | undefined {
    if (this.hasEnded || (this.ready.length < MOST_READY && this.readyBytes < MOST_READY_BYTES)) return undefined;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Ends when `stop` fires, with what is there by then. */
  async *pages(stop: AbortSignal): AsyncGenerator<readonly FedRequest[], void, void> {
    stop.addEventListener("abort", () => this.wake(), { once: true });
    try {
      while (!stop.aborted) {
        if (this.ready.length === 0) {
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
          continue;
        }
        yield this.takeReady();
      }
      yield* this.rest();
    } finally {
      this.hasEnded = true;
      for (const resolve of this.waiting.splice(0)) resolve();
    }
  }

  private *rest(): Generator<readonly FedRequest[], void, void> {
    const untilMs = performance.now() + STOPPED_MS;
    this.takeIn();
    for (const block of this.ring.blocks) {
      if (block.firstSeq < this.firstSeq) continue;
      for (let from = 0; from < block.count; from += ROWS_A_LOOK) {
        const to = Math.min(block.count, from + ROWS_A_LOOK);
        if (performance.now() < untilMs) this.takeWaiting(block, from, to);
        else this.leftOut += this.waitingRuns(block, from, to).reduce((sum, run) => sum + run.to - run.from, 0);
        if (this.ready.length > 0) yield this.takeReady();
      }
    }
  }

  private takeReady(): readonly FedRequest[] {
    const { ready } = this;
    this.ready = [];
    this.readyBytes = 0;
    for (const resolve of this.waiting.splice(0)) resolve();
    return ready;
  }

  private take(block: RequestBlock, from: number, to: number, evenWaiting: boolean): void {
    const given = this.givenOf(block);
    this.overflow = this.ring.isOverflowing ? new Overflow(this.ring) : null;
    for (const row of this.select(block, from, to)) {
      if (!evenWaiting && this.isWaiting(block, row)) continue;
      given[row] = 1;
      this.ready.push(this.fed(block, row));
      if (this.wanted === "bytes") this.readyBytes += block.bytes(row);
    }
  }

  private takeWaiting(block: RequestBlock, from: number, to: number): void {
    for (const run of this.waitingRuns(block, from, to)) this.take(block, run.from, run.to, true);
  }

  private waitingRuns(block: RequestBlock, from: number, to: number): { from: number; to: number }[] {
    const runs: { from: number; to: number }[] = [];
    for (let row = from; row < to; row++) {
      if (!this.isWaiting(block, row)) continue;
      const last = runs.at(-1);
      if (last?.to === row) last.to++;
      else runs.push({ from: row, to: row + 1 });
    }
    return runs;
  }

  /** Rows that match and were not given. */
  private select(block: RequestBlock, from: number, to: number): number[] {
    if (this.generation !== this.ring.generation) {
      this.generation = this.ring.generation;
      this.sieve = this.queries.sieve(this.selection);
    }
    const given = this.givenOf(block);
    const rows = this.sieve.select(block, from, to, (row) => this.bytesOf(block, row));
    return rows.filter((row) => given[row] !== 1);
  }

  private isWaiting(block: RequestBlock, row: number): boolean {
    return this.ring.outcomes.stage[block.outcome[row] as number] === STAGE_RECEIVED;
  }

  private fed(block: RequestBlock, row: number): FedRequest {
    const facts = factsOf(this.ring, block, row);
    const isPart = this.overflow?.has(block, row) === true;
    const bytes = this.wanted === "nothing" && !isPart ? null : this.bytesOf(block, row);
    if (bytes === null) return { facts, bytes };
    const auditID = this.wanted === "nothing" ? "" : extractAuditID(bytes, 0, bytes.length);
    const whole = isPart ? wholeFacts(facts, bytes) : facts;
    // The next chunk is read into the same memory.
    return { facts: { ...whole, auditID }, bytes: this.wanted === "bytes" ? bytes.slice() : null };
  }

  private bytesOf(block: RequestBlock, row: number): Uint8Array | null {
    const event = this.events.readNow({ block, row }) ?? { missing: "it is in a compressed file" };
    if ("bytes" in event) return event.bytes;
    this.unreadable += 1;
    this.why = event.missing;
    return null;
  }

  private givenOf(block: RequestBlock): Uint8Array {
    let given = this.given.get(block);
    if (given === undefined || given.length < block.count) {
      const grown = new Uint8Array(Math.max(64, block.count * 2));
      if (given !== undefined) grown.set(given);
      given = grown;
      this.given.set(block, given);
    }
    return given;
  }
}
