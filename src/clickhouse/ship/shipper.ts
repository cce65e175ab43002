import { createHash } from "node:crypto";
import { parseJson } from "../../events/json.ts";
import { objectOf, textOf } from "../../events/json-values.ts";
import { CODEC } from "../client.ts";
import { rowText } from "../table/columns.ts";
import { cutOriginal } from "../table/original.ts";
import { shippedEvent } from "../table/shipped-event.ts";
import { momentOf } from "../../ingest/scanner/parsed-event.ts";
import type { Batch, ShippedPoint, ShipSource } from "./contract.ts";
import type { Counters } from "./counters.ts";
import type { Journal } from "./journal.ts";
import type { RequestMemory } from "./request-memory.ts";
import { pack } from "./sender.ts";
import { nextSeq, seqAt } from "./seq-numbers.ts";

/** A batch is cut at the end of a chunk (at most 1 MiB of its input) that brings it over one of these. */
const MOST_ROWS = 25_000;
const MOST_CHARS = 16 * 1024 * 1024;
const MOST_MS = 2_000;
/** Each is a part of the table. */
const MOST_DAYS = 60;
/** Batches that are sent at a time; as many may wait. */
const SENDS = 2;
/** Points of sources without new events are journalled after so many. */
const MOST_POINTS = 1_000;
const DAY_US = 86_400e6;

/** One event as it was written: a JSON object at bytes[start, end), valid until the call returns, with its members in order. */
export interface ShipOriginal {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly members: readonly { readonly key: string; readonly start: number; readonly end: number }[];
}

export interface ShipPlace {
  readonly apiserver: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface ShipperOptions {
  readonly cluster: string;
  readonly journal: Journal;
  readonly counters: Counters;
  /** Resolves when the store has the batch. */
  readonly send: (batch: Batch) => Promise<void>;
  /** ms since the epoch, by the store's clock. */
  readonly nowMs: () => number;
  readonly requests: RequestMemory;
  /** Called once, when nothing can be sent any more. */
  readonly onFailure: (error: unknown) => void;
}

/** Events → rows → batches, journalled and then sent, a few at a time: whoever reads waits while they are not taken. */
export class Shipper {
  private readonly options: ShipperOptions;
  private rows: string[] = [];
  private chars = 0;
  private bytes = 0;
  private seq = 0;
  private begunMs = 0;
  private newestUs = Number.NaN;
  private days = new Set<number>();
  private hashes: number[] = [];
  private points = new Map<ShipSource, ShippedPoint>();
  private timer: NodeJS.Timeout | null = null;
  private waiting: (() => void)[] = [];
  private safe: PromiseWithResolvers<void> | null = null;
  private unsent = 0;
  private readonly queue: { readonly batch: Batch; readonly bytes: number; readonly newestUs: number }[] = [];
  private sending = 0;
  private failure: { readonly error: unknown } | null = null;

  constructor(options: ShipperOptions) {
    this.options = options;
    for (const batch of options.journal.left) this.enqueue(batch, 0, Number.NaN);
  }

  /** An event that is new. */
  see({ bytes, start, end, members }: ShipOriginal, place: ShipPlace, source: ShipSource): void {
    const event = objectOf(parsed(bytes, start, end));
    const { receivedUs, stageUs } = momentOf(event);
    if (this.rows.length === 0) this.begin();
    const auditID = textOf(event["auditID"]).toWellFormed();
    const uri = textOf(event["requestURI"]).toWellFormed();
    const original = cutOriginal(bytes, start, end, members, { auditID, uri, receivedUs, stageUs });
    const seq = seqAt(this.seq, this.rows.length);
    const shipped = shippedEvent(
      event,
      original,
      {
        ...place,
        cluster: this.options.cluster,
        input: source.path.toWellFormed(),
        seq,
        shippedS: Math.floor(this.begunMs / 1_000),
      },
      (hasEnded) => this.options.requests.see({ apiserver: place.apiserver, receivedUs, auditID }, hasEnded, seq),
    );
    const row = rowText(shipped);
    this.rows.push(row);
    this.chars += row.length;
    this.bytes += end - start;
    this.days.add(Math.floor(receivedUs / DAY_US));
    if (!(receivedUs <= this.newestUs)) this.newestUs = receivedUs;
    this.options.counters.pendingEvents += 1;
  }

  /** Its hash: to be known by it after a restart. Belongs to the event seen next or last. */
  hash(low: number, high: number): void {
    this.hashes.push(low, high);
  }

  /** All of a source up to a point has been seen. Resolves when there is room for more. */
  async passed(source: ShipSource, state: ShippedPoint): Promise<void> {
    this.points.set(source, state);
    if (this.isFull || (this.rows.length === 0 && this.points.size > MOST_POINTS)) this.cut();
    else this.timer ??= setTimeout(() => this.cut(), MOST_MS);
    await this.room();
  }

  /** As passed; resolves when it is on the disk. */
  async kept(source: ShipSource, state: ShippedPoint): Promise<void> {
    if (this.failure !== null) throw this.failure.error;
    const hasRows = this.rows.length > 0;
    this.safe ??= hasRows ? Promise.withResolvers() : null;
    const safe = this.safe?.promise;
    await this.passed(source, state);
    await safe;
  }

  /** Cuts what is left. Resolves when the store has all of it; rejects when it never will. */
  async finish(): Promise<void> {
    this.cut();
    while (this.unsent > 0 && this.failure === null) await this.change();
    if (this.failure !== null) throw this.failure.error;
  }

  /** Journals what is left, for the next shipper to send. */
  stop(): void {
    this.cut();
    this.failure ??= { error: new Error("stopped") };
    this.changed();
  }

  private get isFull(): boolean {
    return (
      this.rows.length >= MOST_ROWS ||
      this.chars >= MOST_CHARS ||
      this.days.size > MOST_DAYS ||
      (this.rows.length > 0 && this.options.nowMs() - this.begunMs >= MOST_MS)
    );
  }

  private begin(): void {
    const { journal, nowMs } = this.options;
    this.begunMs = nowMs();
    this.seq = nextSeq(this.begunMs, journal.lane ?? 0, journal.lastSeq);
  }

  private cut(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.failure !== null) return;
    const { journal } = this.options;
    try {
      if (this.rows.length === 0) {
        if (this.points.size > 0) journal.note(this.points);
      } else {
        const { rows, seq, points, hashes, bytes, newestUs } = this;
        const payload = pack(rows.join(""), CODEC);
        const token = createHash("sha256");
        for (const [{ path, generation }, { point }] of points)
          token.update(JSON.stringify([path, generation?.device, generation?.inode, point.from, point.skip]));
        const batch: Batch = {
          seq,
          rows: rows.length,
          token: token.update(`${seq}\n`).update(payload).digest("hex"),
          cutMs: Date.now(),
          payload,
          codec: CODEC,
          isUncertain: false,
        };
        journal.cut(batch, points, hashes);
        this.enqueue(batch, bytes, newestUs);
      }
    } catch (error) {
      this.fail(error);
      return;
    }
    this.safe?.resolve();
    this.safe = null;
    this.points = new Map();
    this.rows = [];
    this.hashes = [];
    this.days = new Set();
    this.chars = 0;
    this.bytes = 0;
    this.newestUs = Number.NaN;
  }

  private enqueue(batch: Batch, bytes: number, newestUs: number): void {
    this.unsent += 1;
    this.options.counters.pendingBatches = this.unsent;
    this.queue.push({ batch, bytes, newestUs });
    this.pump();
  }

  private pump(): void {
    const { counters, journal, send } = this.options;
    while (this.sending < SENDS && this.failure === null) {
      const next = this.queue.shift();
      if (next === undefined) return;
      const { batch, bytes, newestUs } = next;
      this.sending += 1;
      send(batch)
        .then(() => {
          if (this.failure !== null) return;
          journal.done(batch.seq);
          this.unsent -= 1;
          counters.pendingBatches = this.unsent;
          if (!batch.isUncertain) counters.pendingEvents -= batch.rows;
          counters.add("batches");
          counters.add("events", batch.rows);
          counters.add("bytes", bytes);
          counters.add("sent_bytes", batch.payload.length);
          if (!(newestUs <= counters.newestUs) && !Number.isNaN(newestUs)) counters.newestUs = newestUs;
        })
        .catch((error: unknown) => this.fail(error))
        .finally(() => {
          this.sending -= 1;
          this.changed();
          this.pump();
        });
    }
  }

  private fail(error: unknown): void {
    if (this.failure !== null) return;
    this.failure = { error };
    this.safe?.reject(error);
    this.options.onFailure(error);
    this.changed();
  }

  private async room(): Promise<void> {
    while (this.unsent > 2 * SENDS && this.failure === null) await this.change();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private changed(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}

function parsed(bytes: Buffer, start: number, end: number): unknown {
  try {
    return parseJson(bytes.toString("utf8", start, end));
  } catch {
    return undefined;
  }
}
