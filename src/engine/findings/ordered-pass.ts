import { setImmediate as nextTurn } from "node:timers/promises";
import { isDryRun } from "../../events/object-key.ts";
import type { SharedPass } from "../../findings/shared-pass.ts";
import { sightingOf } from "../../findings/sighting.ts";
import type { RequestBlock } from "../../index/contract.ts";
import { factsOf } from "../../index/facts.ts";
import type { Filter, Selection } from "../../queries/contract.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import type { Sieve } from "../../queries/sieve.ts";
import type { Desk } from "../asks/desk.ts";
import { parsedEvent } from "../asks/newest-originals.ts";
import type { RowPlace } from "../raw-events.ts";

/** Rows looked at between two looks at the rest of the world. */
const PART = 16_384;
/** Events parsed at a time. */
const EVENTS = 256;
/** Requests without an answer that are looked at again; of more, the oldest are given up. */
const MOST_WAITING = 20_000;
/** Bytes of original events read for one answer. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Requests in the order of the log, each once, when it has an answer, to whichever sequence wants it. */
export class OrderedPass {
  readonly shared: SharedPass;
  /** Events that would have told more and were not read, or could not be. */
  unread = 0;
  private readonly desk: Desk;
  private readonly selection: Selection;
  private readonly firstSeq: number;
  private nextSeq: number;
  private waiting: number[] = [];
  private generation = -1;
  private sieves: readonly Sieve[] = [];

  constructor(desk: Desk, selection: Selection, shared: SharedPass) {
    this.desk = desk;
    this.selection = selection;
    this.shared = shared;
    this.firstSeq = desk.ring.firstSeq;
    this.nextSeq = this.firstSeq;
  }

  /** Something older was filled in behind: the order of the log is another one. */
  get isStale(): boolean {
    return this.desk.ring.firstSeq < this.firstSeq;
  }

  /** What is new since the last time. */
  async takeIn(signal: AbortSignal): Promise<void> {
    const { ring } = this.desk;
    const budget = { bytes: MOST_BYTES };
    const waiting = this.waiting;
    this.waiting = [];
    const again = new Map<RequestBlock, number[]>();
    for (const seq of waiting) {
      const place = ring.locate(seq);
      if (place === null) continue;
      const rows = again.get(place.block);
      if (rows === undefined) again.set(place.block, [place.row]);
      else rows.push(place.row);
    }
    for (const [block, rows] of again) {
      for (const row of rows) await this.takeRows(block, row, row + 1, budget, signal);
    }
    const endSeq = ring.endSeq;
    this.nextSeq = Math.max(this.nextSeq, ring.firstSeq);
    while (this.nextSeq < endSeq) {
      const place = ring.locate(this.nextSeq);
      if (place === null) break;
      const to = Math.min(place.block.count, place.row + PART, endSeq - place.block.firstSeq);
      await this.takeRows(place.block, place.row, to, budget, signal);
      this.nextSeq = place.block.firstSeq + to;
      await nextTurn();
      signal.throwIfAborted();
    }
    if (this.waiting.length > MOST_WAITING) this.waiting.splice(0, this.waiting.length - MOST_WAITING);
  }

  private async takeRows(
    block: RequestBlock,
    from: number,
    to: number,
    budget: { bytes: number },
    signal: AbortSignal,
  ): Promise<void> {
    this.refreshSieves();
    const wanted = new Map<number, number[]>();
    this.sieves.forEach((sieve, at) => {
      for (const row of sieve.select(block, from, to, () => null)) {
        const positions = wanted.get(row);
        if (positions === undefined) wanted.set(row, [at]);
        else positions.push(at);
      }
    });
    const answered = [...wanted.keys()].filter((row) => this.isAnswered(block, row)).sort((a, b) => a - b);
    // What a filter says of a request may change with its answer: all that have none are looked at again.
    for (let row = from; row < to; row++) if (!this.isAnswered(block, row)) this.waiting.push(block.firstSeq + row);
    for (let at = 0; at < answered.length; at += EVENTS) {
      await this.show(block, answered.slice(at, at + EVENTS), wanted, budget, signal);
    }
  }

  private async show(
    block: RequestBlock,
    rows: readonly number[],
    wanted: ReadonlyMap<number, readonly number[]>,
    budget: { bytes: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { ring, events } = this.desk;
    const { detectors } = this.shared;
    const read: RowPlace[] = [];
    for (const row of rows) {
      if (!(wanted.get(row) ?? []).some((at) => detectors[at]?.reads === "events")) continue;
      budget.bytes -= block.bytes(row);
      if (budget.bytes >= 0) read.push({ block, row });
      else this.unread += 1;
    }
    const originals = new Map<number, unknown>();
    for await (const { index, event } of events.readMany(read, signal)) {
      const row = read[index]?.row;
      const parsed = "bytes" in event ? parsedEvent(event.bytes) : undefined;
      if (parsed === undefined || row === undefined) this.unread += 1;
      else originals.set(row, parsed);
    }
    for (const row of rows) {
      const facts = factsOf(ring, block, row);
      if (isDryRun(facts.uri)) continue;
      this.shared.see(sightingOf(facts, originals.get(row)), wanted.get(row) ?? []);
    }
  }

  private isAnswered(block: RequestBlock, row: number): boolean {
    return this.desk.ring.outcomes.code[block.outcome[row] as number] !== 0;
  }

  private refreshSieves(): void {
    const { ring, queries } = this.desk;
    if (this.generation === ring.generation) return;
    this.generation = ring.generation;
    const { filter, window } = this.selection;
    this.sieves = this.shared.detectors.map(({ wants }) => {
      const both: Filter = { op: "and", terms: [filter, parseQuery(wants)] };
      return queries.sieve(window === undefined ? { filter: both } : { filter: both, window });
    });
  }
}
