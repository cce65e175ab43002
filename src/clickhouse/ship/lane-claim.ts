import { performance } from "node:perf_hooks";
import type { StoreAddress } from "../address.ts";
import { ask, type Client } from "../client.ts";
import { named, shippersTable } from "../table/definition.ts";
import { ShipFailure } from "./contract.ts";
import { LANE_SQL, LANES, nextSeq } from "./seq-numbers.ts";

/** How long a claim holds: whoever was away longer claims again. */
const HELD = "INTERVAL 1 DAY";
/** How often a claim is renewed, and looked at. */
const RENEW_MS = 600_000;
/** Replicas may learn late of each other's claims. */
const FIRST_RENEW_MS = 60_000;

export interface LaneHolder {
  /** Random, and the same for as long as its journal. */
  readonly shipper: string;
  /** As last told to `take`; null: none yet. */
  readonly lane: number | null;
  /** `lastSeq`: the last one there is in the lane. */
  take(lane: number, lastSeq: number): void;
}

/**
 * A shipper's lane and the store's clock. Who claims a lane and then finds no other's claim to it has it: of two, at most one does,
 * where what was inserted is seen by all at once; on replicas both learn of it and take others.
 */
export class LaneClaim {
  private readonly client: Client;
  private readonly place: StoreAddress;
  private readonly holder: LaneHolder;
  private readonly note: (sentence: string) => void;
  private timer: NodeJS.Timeout | null = null;
  /** Of the store, at performance.now() = 0. */
  private originMs = 0;

  private constructor(client: Client, place: StoreAddress, holder: LaneHolder, note: (sentence: string) => void) {
    this.client = client;
    this.place = place;
    this.holder = holder;
    this.note = note;
  }

  /** Claims the lane it had, or another. Throws ShipFailure when there is none, and errors of the client. */
  static async take(
    client: Client,
    place: StoreAddress,
    holder: LaneHolder,
    note: (sentence: string) => void,
  ): Promise<LaneClaim> {
    const claim = new LaneClaim(client, place, holder, note);
    await claim.settle();
    claim.renewIn(FIRST_RENEW_MS);
    return claim;
  }

  /** By the store's clock, so that shippers whose own clocks differ number in one order. ms since the epoch. */
  readonly nowMs = (): number => this.originMs + performance.now();

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async settle(): Promise<void> {
    const { holder } = this;
    let { lane } = holder;
    for (;;) {
      lane ??= await this.free();
      if (await this.claim(lane)) break;
      lane = null;
    }
    if (lane !== holder.lane) holder.take(lane, await this.lastSeq(lane));
  }

  /** Whether no other has claimed it. */
  private async claim(lane: number): Promise<boolean> {
    const { shipper } = this.holder;
    const { client } = this;
    await client.insert({
      table: this.table,
      values: [{ lane, shipper }],
      columns: ["lane", "shipper"],
      format: "JSONEachRow",
      clickhouse_settings: { async_insert: 0 },
    });
    const [told] = await ask<{ others: string; now: string }>(
      client,
      `SELECT toString(countIf(shipper != {shipper:String})) AS others, toString(toUnixTimestamp64Milli(now64(3))) AS now
       FROM ${this.table} WHERE lane = {lane:UInt16} AND claimed > now() - ${HELD}`,
      { shipper, lane },
    );
    this.originMs = Number(told?.now) - performance.now();
    return told?.others === "0";
  }

  private async free(): Promise<number> {
    const claims = await ask<{ lane: number }>(
      this.client,
      `SELECT DISTINCT lane FROM ${this.table} WHERE claimed > now() - ${HELD}`,
    );
    const taken = new Set(claims.map(({ lane }) => lane));
    const free = Array.from({ length: LANES }, (_, lane) => lane).filter((lane) => !taken.has(lane));
    const lane = free[Math.floor(Math.random() * free.length)];
    if (lane === undefined)
      throw new ShipFailure(`${LANES} shippers have written to this table within a day: no more may`);
    return lane;
  }

  /** Whoever had the lane before may have been ahead of the clock. */
  private async lastSeq(lane: number): Promise<number> {
    const { database, table } = this.place;
    const [found] = await ask<{ last: string }>(
      this.client,
      `SELECT toString(max(seq)) AS last FROM ${named(database, table)} WHERE seq >= {from:UInt64} AND ${LANE_SQL} = {lane:UInt16}`,
      { from: nextSeq(this.nowMs(), 0, 0), lane },
    );
    return Number(found?.last ?? 0);
  }

  private renewIn(ms: number): void {
    this.timer = setTimeout(() => void this.renew(), ms);
    this.timer.unref();
  }

  /** A store that is down is asked again at the next time: nothing is stored there meanwhile. */
  private async renew(): Promise<void> {
    const before = this.holder.lane;
    try {
      await this.settle();
      if (before !== this.holder.lane)
        this.note("another shipper numbered its events as this one did: it takes other numbers");
    } catch {
      // As above.
    }
    this.renewIn(RENEW_MS);
  }

  private get table(): string {
    const { database, table } = this.place;
    return named(database, shippersTable(table));
  }
}
