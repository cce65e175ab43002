import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { ask, type Client, openClient } from "../../src/clickhouse/client.ts";
import { SqlParams } from "../../src/clickhouse/sql/params.ts";
import { Session } from "../../src/clickhouse/store/session.ts";
import { COLUMNS } from "../../src/clickhouse/table/columns.ts";
import { StoreEngine } from "../../src/engine/store-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { fillTable } from "../support/clickhouse-server/fill-table.ts";
import { DEMO, logsIn } from "../support/log-files.ts";

const USERS = [
  { name: "default", password: "" },
  { name: "reader", password: "s3cret", readonly: 1 as const },
];

describeOwnServer("a store that is asked", () => {
  let server: ClickHouseServer;
  let client: Client;
  const engines: StoreEngine[] = [];
  const engineOf = (
    user: string,
    password: string,
    capacity = Number.POSITIVE_INFINITY,
    table = "audit",
  ): StoreEngine => {
    const engine = new StoreEngine({
      inputs: [],
      store: { address: `clickhouse://${user}@127.0.0.1:${server.port}/default.${table}`, password },
      follow: false,
      capacity,
      dictionaryBytes: 2 ** 20,
      rawBytes: 0,
      tailMs: 0,
      format: "auto",
      timeZone: "utc",
    });
    engines.push(engine);
    return engine;
  };
  beforeAll(async () => {
    server = await startClickHouse({ users: USERS });
    client = openClient(storeAddress(`clickhouse://127.0.0.1:${server.port}/default.audit`), { password: "" });
    const [path = ""] = logsIn(DEMO).filter((log) => log.endsWith("audit.log"));
    await fillTable(client, { database: "default", table: "audit" }, [{ path, bytes: readFileSync(path) }]);
  });
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await client?.close();
    await server?.stop();
  });

  test("answers users that may only read, and those without the password with the server's word", async () => {
    const [all, reader] = [engineOf("default", ""), engineOf("reader", "s3cret")];
    const query = { filter: parseQuery("code:>=400"), by: ["user"] as const };
    expect(await reader.ask("groups", query)).toEqual(await all.ask("groups", query));
    const stranger = engineOf("reader", "wrong");
    await expect(stranger.loaded()).rejects.toMatchObject({ code: "KT203" });
    await expect(stranger.loaded()).rejects.not.toThrow("wrong");
  });

  test("stops at the server what is given up", async () => {
    const session = new Session(client);
    const abort = new AbortController();
    const asked = session.rows(
      "SELECT sum(cityHash64(number)) AS hashes FROM numbers(1000000000000)",
      new SqlParams(),
      abort.signal,
    );
    const running = async (): Promise<number> => {
      const sql =
        "SELECT count() AS queries FROM system.processes WHERE query LIKE '%cityHash64(number)%' AND query NOT LIKE '%system.processes%'";
      return Number((await ask<{ queries: string }>(client, sql))[0]?.queries);
    };
    await expect.poll(running).toBe(1);
    abort.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(running, { timeout: 20_000 }).toBe(0);
  }, 40_000);

  test("says that a trail is read, and stops at the server what of it is given up", async () => {
    const worked = COLUMNS.flatMap(({ name, alias }) => (alias === undefined ? [] : [name]));
    const slow = `SELECT *, ${worked.join(", ")} FROM audit WHERE sleepEachRow(0.001) = 0`;
    await client.command({ query: `CREATE VIEW slow AS ${slow}` });
    const engine = engineOf("default", "", Number.POSITIVE_INFINITY, "slow");
    await engine.loaded();
    const { rows } = await engineOf("default", "").ask("objects", { text: "", limit: 100 });
    const [{ resource, namespace, name } = { resource: "", namespace: "", name: "" }] = rows.filter(
      (row) => row.resource === "pods",
    );
    const abort = new AbortController();
    const asked = engine.ask("trail", { object: `${resource}/${name}`, namespace }, abort.signal);
    await expect.poll(() => engine.status.store?.asking, { timeout: 20_000, interval: 10 }).toEqual(expect.any(Number));
    const commands = vi.spyOn(engine["client"], "command");
    abort.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    const [[stopped] = []] = commands.mock.calls;
    expect(stopped?.query).toContain("KILL QUERY WHERE query_id");
    expect(stopped?.query_params?.["id"]).toMatch(/^ktrail-/);
    await Promise.all(commands.mock.results.map(({ value }) => value));
    await expect.poll(() => engine.status.store?.asking, { timeout: 20_000 }).toBeNull();
  }, 90_000);

  test("says how much a question without a bound of time reads", async () => {
    const { store } = engineOf("default", "");
    const clickhouse = store as unknown as {
      estimate(selection: object, signal: AbortSignal): Promise<number>;
      isUnbounded(selection: object): boolean;
    };
    const { signal } = new AbortController();
    expect(await clickhouse.estimate({ filter: MATCH_ALL }, signal)).toBeGreaterThan(100);
    expect(await clickhouse.estimate({ filter: parseQuery("since:2030-01-01T00:00:00Z") }, signal)).toBe(0);
    expect(clickhouse.isUnbounded({ filter: parseQuery("verb:get") })).toBe(true);
    expect(clickhouse.isUnbounded({ filter: parseQuery("verb:get since:5m") })).toBe(false);
  });

  test("tells on the screen when it is lost, and goes on when it is back", async () => {
    const engine = engineOf("default", "", 1_000);
    await engine.loaded();
    expect(engine.status.store?.lost).toBeNull();
    const { port, directory } = server;
    await server.kill();
    await expect(engine.ask("groups", { filter: MATCH_ALL, by: [] })).rejects.toThrow("the store does not answer");
    await expect.poll(() => engine.status.store?.lost).toEqual(expect.any(String));
    server = await startClickHouse({ users: USERS, port, directory });
    await expect.poll(() => engine.status.store?.lost, { timeout: 20_000 }).toBeNull();
    expect((await engine.ask("groups", { filter: MATCH_ALL, by: [] })).requests).toBeGreaterThan(100);
  }, 60_000);
});
