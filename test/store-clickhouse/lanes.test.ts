import { afterAll, beforeAll, expect, it } from "vitest";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { ask, type Client, openClient } from "../../src/clickhouse/client.ts";
import { LaneClaim, type LaneHolder } from "../../src/clickhouse/ship/lane-claim.ts";
import { LANES } from "../../src/clickhouse/ship/seq-numbers.ts";
import { setUpTable } from "../../src/clickhouse/table/table-state.ts";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";

class Holder implements LaneHolder {
  lane: number | null = null;
  lastSeq = 0;
  readonly shipper: string;

  constructor(shipper: string) {
    this.shipper = shipper;
  }

  take(lane: number, lastSeq: number): void {
    this.lane = lane;
    this.lastSeq = lastSeq;
  }
}

describeOwnServer("lanes of shippers", () => {
  let server: ClickHouseServer;
  let client: Client;
  const address = (): ReturnType<typeof storeAddress> =>
    storeAddress(`clickhouse://127.0.0.1:${server.port}/default.audit`);
  const said: string[] = [];
  const take = (holder: Holder): Promise<LaneClaim> =>
    LaneClaim.take(client, address(), holder, (text) => said.push(text));
  beforeAll(async () => {
    server = await startClickHouse();
    client = openClient(address(), { password: "" });
    await setUpTable(client, address(), { replacing: false, days: null, onCluster: null, isCloud: false });
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });

  it("are never two shippers', though many claim at once and few are free", async () => {
    // All but as many as want one, and eight, are taken.
    const shippers = Array.from({ length: 24 }, (_, at) => new Holder(`s${at}`));
    await client.command({
      query: `INSERT INTO audit_shippers (lane, shipper) SELECT number, 'other' FROM numbers(${LANES - 200})`,
    });
    const claims = await Promise.all(shippers.map(take));
    const lanes = shippers.map(({ lane }) => lane);
    expect(new Set(lanes).size).toBe(shippers.length);
    expect(Math.min(...lanes.map(Number))).toBeGreaterThanOrEqual(LANES - 200);
    for (const claim of claims) {
      expect(Math.abs(claim.nowMs() - Date.now())).toBeLessThan(60_000);
      claim.close();
    }
    // Whoever comes back has the lane it had, unless another has it.
    const [first, second] = shippers as [Holder, Holder];
    const lane = first.lane;
    (await take(first)).close();
    expect(first.lane).toBe(lane);
    second.lane = lane;
    (await take(second)).close();
    expect(second.lane).not.toBe(lane);
  });

  it("go on behind the last number in them, and are refused when none is free", async () => {
    const later = new Holder("later");
    await client.command({ query: "TRUNCATE TABLE audit_shippers" });
    await client.command({
      query: `INSERT INTO audit_shippers (lane, shipper) SELECT number, 'other' FROM numbers(${LANES - 1})`,
    });
    const ahead = 2 ** 52 + (LANES - 1) * 2 ** 14 + 7;
    await client.command({ query: `INSERT INTO audit (seq) VALUES (${ahead}), (${ahead + 2 ** 14})` });
    (await take(later)).close();
    expect([later.lane, later.lastSeq]).toEqual([LANES - 1, ahead]);
    await expect(take(new Holder("one more"))).rejects.toThrow(`${LANES} shippers`);
    const [claimed] = await ask<{ shippers: string }>(
      client,
      "SELECT toString(uniqExact(shipper)) AS shippers FROM audit_shippers",
    );
    expect(claimed).toEqual({ shippers: "2" });
    expect(said).toEqual([]);
  });
});
