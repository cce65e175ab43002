import { setTimeout as sleep } from "node:timers/promises";
import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import type { StoreAddress } from "../address.ts";
import { ask, type Client } from "../client.ts";
import { isHopeless, reasonOf } from "../failure.ts";
import { FILLED } from "../table/columns.ts";
import { named } from "../table/definition.ts";
import { type Batch, ShipFailure } from "./contract.ts";
import type { Counters } from "./counters.ts";
import { LANE_SQL, laneOf, seqAt } from "./seq-numbers.ts";

const AUDIT_ID = FILLED.findIndex(({ name }) => name === "audit_id");
const FIRST_PAUSE_MS = 250;
const MOST_PAUSE_MS = 30_000;
/** A server knows the token of a batch for an hour even where nothing is set. */
const SURE_MS = 30 * 60_000;

export interface SenderHooks {
  readonly counters: Counters;
  /** Why a batch is not taken yet, and that it is taken again: a sentence. */
  readonly note: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Sends batches until the store has them, each once, whatever happens to the connection or the server meanwhile. */
export class Sender {
  private readonly client: Client;
  private readonly table: string;
  private readonly insert: string;
  private readonly hooks: SenderHooks;
  private lastSaid = "";

  constructor(client: Client, { database, table }: StoreAddress, hooks: SenderHooks) {
    this.client = client;
    this.hooks = hooks;
    this.table = named(database, table);
    const columns = FILLED.map(({ name }) => named(name)).join(", ");
    this.insert = `INSERT INTO ${this.table} (${columns}) FORMAT JSONCompactEachRow`;
  }

  /** Resolves when the store has it; throws ShipFailure when it never will. Rejects when the signal fires. */
  async send(batch: Batch): Promise<void> {
    const { counters, signal } = this.hooks;
    for (let tries = 0; ; tries++) {
      try {
        await this.attempt(batch, tries);
        if (!counters.isUp || this.lastSaid !== "") this.say("the store takes batches again", "");
        counters.isUp = true;
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        counters.isUp = false;
        const reason = reasonOf(error);
        if (isHopeless(error)) throw new ShipFailure(reason);
        this.say(`the store does not take a batch, it is tried again: ${reason}`, reason);
        counters.add("retries");
        const pause = Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10));
        await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal });
      }
    }
  }

  private async attempt(batch: Batch, tries: number): Promise<void> {
    const { counters } = this.hooks;
    const { payload, codec, token } = batch;
    const isOld = Date.now() - batch.cutMs > SURE_MS;
    if (!batch.isUncertain && !(isOld && tries > 0)) return this.put(payload, codec, token);
    const there = await this.rowsThere(batch);
    if (there.size === batch.rows) {
      counters.add("known_batches");
      return;
    }
    // A batch of several days is stored a day at a time: part of it may be there without the token being known any more.
    if (there.size === 0 || !isOld) return this.put(payload, codec, token);
    const missing = linesOf(batch).filter((_, row) => !there.has(row));
    await this.put(pack(missing.join("\n"), codec), codec, `${token}-rest-${there.size}`);
  }

  private async put(payload: Buffer, codec: string, token: string): Promise<void> {
    const { stream } = await this.client.exec({
      query: this.insert,
      values: Readable.from([payload], { objectMode: false }),
      http_headers: { "Content-Encoding": codec },
      abort_signal: this.hooks.signal,
      clickhouse_settings: {
        insert_deduplication_token: token,
        // A batch that is answered before it is stored, or put together with others, is not known by its token.
        async_insert: 0,
        insert_deduplicate: 1,
        wait_end_of_query: 1,
        distributed_foreground_insert: 1,
        // Old logs have many days.
        max_partitions_per_insert_block: "0",
        date_time_input_format: "basic",
      },
    });
    for await (const _ of stream);
  }

  /** Which of its rows the store has; another's under the same number is none of them. */
  private async rowsThere(batch: Batch): Promise<ReadonlySet<number>> {
    const { seq, rows } = batch;
    const found = await ask<{ number: string; id: string }>(
      this.client,
      `SELECT toString(seq) AS number, audit_id AS id FROM ${this.table}
       WHERE seq >= {from:UInt64} AND seq <= {to:UInt64} AND ${LANE_SQL} = {lane:UInt16}`,
      { from: seq, to: seqAt(seq, rows - 1), lane: laneOf(seq) },
    );
    if (found.length === 0) return new Set();
    const ids = new Map<string, Set<string>>();
    for (const { number, id } of found) ids.set(number, (ids.get(number) ?? new Set()).add(id));
    const there = new Set<number>();
    for (const [row, line] of linesOf(batch).entries())
      if (ids.get(String(seqAt(seq, row)))?.has((JSON.parse(line) as string[])[AUDIT_ID] ?? "")) there.add(row);
    return there;
  }

  private say(sentence: string, reason: string): void {
    if (reason === this.lastSaid) return;
    this.lastSaid = reason;
    this.hooks.note(sentence);
  }
}

export function pack(text: string, codec: string): Buffer {
  return codec === "zstd" ? zlib.zstdCompressSync(text) : zlib.gzipSync(text, { level: 1 });
}

/** Its rows, as they are sent. */
function linesOf({ payload, codec }: Batch): string[] {
  const text = codec === "zstd" ? zlib.zstdDecompressSync(payload) : zlib.gunzipSync(payload);
  return text.toString("utf8").split("\n").slice(0, -1);
}
