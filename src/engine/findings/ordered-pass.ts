import { setImmediate as nextTurn } from "node:timers/promises";
import { isDryRun } from "../../events/object-key.ts";
import { LEVELS } from "../../events/vocabulary.ts";
import type { SharedPass } from "../../findings/shared-pass.ts";
import { sightingOf } from "../../findings/sighting.ts";
import type { RequestBlock } from "../../index/contract.ts";
import { factsOf } from "../../index/facts.ts";
import type { Filter, Selection } from "../../queries/contract.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import type { Sieve } from "../../queries/sieve.ts";
import type { RequestRing } from "../../index/ring.ts";
import type { IndexQueries } from "../../queries/index-queries.ts";
import { parsedEvent } from "../parsed-event.ts";
import type { RawEvents } from "../raw-events.ts";
import type { RowPlace } from "../../queries/settle.ts";

const FIRST_WITH_BODIES = LEVELS.indexOf("Request");
/** Rows looked at between two looks at the rest of the world. */
const PART = 65_536;
/** Original events read in one go, in bytes: each go opens a compressed file anew. */
const MOST_AT_ONCE = 24 * 1024 * 1024;
/** Rows shown in one go. */
const MOST_ROWS = 50_000;
/** Requests without an answer that are looked at again; of more, the oldest are given up. */
const MOST_WAITING = 20_000;
/** Bytes of original events read for one answer. */
const MOST_BYTES = 512 * 1024 * 1024;

/** A row with the positions of those that want it. */
interface Wanted extends RowPlace {
  readonly positions: readonly number[];
  readonly reads: boolean;
}

interface Batch {
  rows: Wanted[];
  /** Of the events to be read. */
  bytes: number;
  /** Bytes that may still be read for this answer. */
  left: number;
}

/** The ring itself: its rows are followed as they come. */
export interface FollowedRows {
  readonly ring: RequestRing;
  readonly queries: IndexQueries;
  readonly events: RawEvents;
}

/** Requests in the order of the log, each once, when it has an answer, to whichever sequence wants it. */
export class OrderedPass {
  readonly shared: SharedPass;
  /** Events that would have told more and were not read, or could not be. */
  unread = 0;
  private readonly followed: FollowedRows;
  private readonly selection: Selection;
  private readonly firstSeq: number;
  private nextSeq: number;
  private waiting: number[] = [];
  private generation = -1;
  private sieves: readonly Sieve[] = [];

  constructor(followed: FollowedRows, selection: Selection, shared: SharedPass) {
    this.followed = followed;
    this.selection = selection;
    this.shared = shared;
    this.firstSeq = followed.ring.firstSeq;
    this.nextSeq = this.firstSeq;
  }

  /** Something older was filled in behind: the order of the log is another one. */
  get isStale(): boolean {
    return this.followed.ring.firstSeq < this.firstSeq;
  }

  /** What is new since the last time. */
  async takeIn(signal: AbortSignal): Promise<void> {
    const { ring } = this.followed;
    const batch: Batch = { rows: [], bytes: 0, left: MOST_BYTES };
    const waiting = this.waiting;
    this.waiting = [];
    for (const seq of waiting) {
      const place = ring.locate(seq);
      if (place !== null) this.collect(batch, place.block, place.row, place.row + 1);
    }
    const endSeq = ring.endSeq;
    this.nextSeq = Math.max(this.nextSeq, ring.firstSeq);
    while (this.nextSeq < endSeq) {
      const place = ring.locate(this.nextSeq);
      if (place === null) break;
      const to = Math.min(place.block.count, place.row + PART, endSeq - place.block.firstSeq);
      this.collect(batch, place.block, place.row, to);
      this.nextSeq = place.block.firstSeq + to;
      if (batch.bytes > MOST_AT_ONCE || batch.rows.length > MOST_ROWS) await this.show(batch, signal);
      await nextTurn();
      signal.throwIfAborted();
    }
    await this.show(batch, signal);
    if (this.waiting.length > MOST_WAITING) this.waiting.splice(0, this.waiting.length - MOST_WAITING);
  }

  /** Rows of [from, to) that somebody wants, in order. */
  private collect(batch: Batch, block: RequestBlock, from: number, to: number): void {
    this.refreshSieves();
    const wanted = new Map<number, number[]>();
    this.sieves.forEach((sieve, at) => {
      for (const row of sieve.select(block, from, to, () => null)) {
        const positions = wanted.get(row);
        if (positions === undefined) wanted.set(row, [at]);
        else positions.push(at);
      }
    });
    // What a filter says of a request may change with its answer: all that have none are looked at again.
    for (let row = from; row < to; row++) if (!this.isAnswered(block, row)) this.waiting.push(block.firstSeq + row);
    const { detectors } = this.shared;
    const { outcomes } = this.followed.ring;
    for (const row of [...wanted.keys()].sort((a, b) => a - b)) {
      if (!this.isAnswered(block, row)) continue;
      const positions = wanted.get(row) ?? [];
      const hasBodies = (outcomes.level[block.outcome[row] as number] as number) >= FIRST_WITH_BODIES;
      let reads = positions.some((at) => {
        const wish = detectors[at]?.reads;
        return wish === "events" || (wish === "bodies" && hasBodies);
      });
      if (reads && block.bytes(row) > batch.left) {
        reads = false;
        this.unread += 1;
      }
      if (reads) {
        batch.bytes += block.bytes(row);
        batch.left -= block.bytes(row);
      }
      batch.rows.push({ block, row, positions, reads });
    }
  }

  /** Shows each row as soon as all before it were shown and its event is there; empties the batch. */
  private async show(batch: Batch, signal: AbortSignal): Promise<void> {
    const rows = batch.rows;
    const read = rows.flatMap((row, at) => (row.reads ? [at] : []));
    const places = read.map((at) => rows[at] as Wanted);
    batch.rows = [];
    batch.bytes = 0;
    const originals = new Map<number, unknown>();
    let next = 0;
    const showUntil = (isReady: (at: number, row: Wanted) => boolean): void => {
      for (let row = rows[next]; row !== undefined && isReady(next, row); row = rows[next]) {
        this.showOne(row, originals.get(next));
        originals.delete(next);
        next += 1;
      }
    };
    for await (const { index, event } of this.followed.events.readMany(places, signal)) {
      const parsed = "bytes" in event ? parsedEvent(event.bytes) : undefined;
      if (parsed === undefined) this.unread += 1;
      originals.set(read[index] ?? -1, parsed);
      showUntil((at, { reads }) => !reads || originals.has(at));
    }
    showUntil(() => true);
  }

  private showOne({ block, row, positions }: Wanted, event: unknown): void {
    const facts = factsOf(this.followed.ring, block, row);
    if (isDryRun(facts.uri)) return;
    this.shared.see(sightingOf(facts, event), positions);
  }

  private isAnswered(block: RequestBlock, row: number): boolean {
    return this.followed.ring.outcomes.code[block.outcome[row] as number] !== 0;
  }

  private refreshSieves(): void {
    const { ring, queries } = this.followed;
    if (this.generation === ring.generation) return;
    this.generation = ring.generation;
    const { filter, window } = this.selection;
    this.sieves = this.shared.detectors.map(({ wants }) => {
      const both: Filter = { op: "and", terms: [filter, parseQuery(wants)] };
      return queries.sieve(window === undefined ? { filter: both } : { filter: both, window });
    });
  }
}
