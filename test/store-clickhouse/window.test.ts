import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { type Client, openClient } from "../../src/clickhouse/client.ts";
import { tableStatements } from "../../src/clickhouse/table/definition.ts";
import { ClickHouseStore } from "../../src/clickhouse/store/clickhouse-store.ts";
import { Session } from "../../src/clickhouse/store/session.ts";
import type { EngineOptions, FeedingEngine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { StoreWindow } from "../../src/engine/store-window.ts";
import { passStored } from "../../src/engine/stored-originals.ts";
import { EXPECTED } from "../../src/findings/expected.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { fillTable } from "../support/clickhouse-server/fill-table.ts";
import { DEMO, logsIn } from "../support/log-files.ts";

const LOGS = logsIn(DEMO);
const ASK = { filter: MATCH_ALL, expectations: EXPECTED, auditIDs: 3 };
const MIB = 1024 * 1024;
const OPTIONS: EngineOptions = {
  inputs: [],
  follow: false,
  capacity: 1_000_000,
  dictionaryBytes: Number.POSITIVE_INFINITY,
  rawBytes: 0,
  tailMs: 0,
  format: "auto",
  timeZone: "utc",
};
const { signal } = new AbortController();

describeOwnServer("what is told of a store's events one after the other", () => {
  let server: ClickHouseServer;
  let client: Client;
  let store: ClickHouseStore;
  let file: FeedingEngine;
  const windows: StoreWindow[] = [];
  const windowOf = (mostBytes: number): StoreWindow => {
    const window = new StoreWindow(store, OPTIONS, mostBytes);
    windows.push(window);
    return window;
  };
  const copy = (which: string): Promise<unknown> =>
    client.command({ query: `INSERT INTO audit SELECT * FROM whole WHERE ${which}` });

  beforeAll(async () => {
    server = await startClickHouse();
    client = openClient(storeAddress(`clickhouse://127.0.0.1:${server.port}/default.audit`), { password: "" });
    const logs = LOGS.map((path) => {
      const bytes = readFileSync(path);
      return { path, bytes: path.endsWith(".gz") ? gunzipSync(bytes) : bytes };
    });
    await fillTable(client, { database: "default", table: "whole" }, logs);
    const plain = { replacing: false, days: null, onCluster: null, isCloud: false };
    for (const query of tableStatements({ database: "default", table: "audit" }, plain))
      await client.command({ query });
    await copy("seq < 9000");
    const nowUs = (): null => null;
    store = new ClickHouseStore(new Session(client), { table: "audit", cluster: null, zone: "utc", nowUs });
    await store.refresh(signal);
    file = createEngine({ inputs: LOGS });
    await file.loaded();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([...windows.map((window) => window.close()), file?.close(), client?.close()]);
    await server?.stop();
  });

  test("of much, the newest, said so, and evidence selects in the store what was counted", async () => {
    const window = windowOf(4 * MIB);
    const { findings, newest, requests } = await window.findings(ASK, signal);
    expect(newest).toEqual({ requests, since: expect.stringMatching(/^2026-11-21T00:1/) });
    expect(requests).toBeGreaterThan(100);
    expect(requests).toBeLessThan(store.extent.requests / 2);
    expect(findings.length).toBeGreaterThan(5);
    for (const { id, count, evidence } of findings) {
      const found = await store.aggregate({ filter: parseQuery(evidence.query), by: [] }, signal);
      expect([id, found.requests]).toEqual([id, count]);
    }
    const { told } = await window.continuity(signal);
    expect(told.newest?.since).toBe(newest?.since);
    const { pass, newest: passed } = passStored(store, 4 * MIB);
    let seen = 0;
    await pass(
      () => void (seen += 1),
      () => undefined,
      signal,
    );
    expect([seen > 100 && seen < store.extent.events / 2, passed()?.since]).toEqual([true, newest?.since]);
  });

  test("of a time that is asked for, all of it", async () => {
    const window = { fromUs: Date.parse("2026-11-21T00:03:00Z") * 1e3, toUs: Date.parse("2026-11-21T00:05:00Z") * 1e3 };
    const told = await windowOf(4 * MIB).findings({ ...ASK, window }, signal);
    const { findings } = await file.ask("findings", { ...ASK, window });
    expect(told.newest).toBeUndefined();
    // Whether a server was started anew is told of what came before, too.
    const ofLog = (id: string): boolean => !/restart|gap|lost|wave/.test(id);
    expect(told.findings.filter(({ id }) => ofLog(id))).toEqual(findings.filter(({ id }) => ofLog(id)));
  });

  test("goes on with what has come since, whoever gave up waiting", async () => {
    const window = windowOf(256 * MIB);
    const abort = new AbortController();
    const given = window.findings(ASK, abort.signal);
    abort.abort();
    await expect(given).rejects.toMatchObject({ name: "AbortError" });
    const before = await window.findings(ASK, signal);
    await copy("seq >= 9000");
    await store.refresh(signal);
    const after = await window.findings(ASK, signal);
    expect(after).toEqual(await file.ask("findings", ASK));
    expect(after.requests).toBeGreaterThan(before.requests);
    expect((await window.continuity(signal)).told).toEqual(await file.ask("continuity", {}));
  });

  test("findings by input are refused", async () => {
    const asked = windowOf(MIB).findings({ ...ASK, filter: parseQuery("input:audit.log") }, signal);
    await expect(asked).rejects.toMatchObject({ code: "KT203" });
  });
});
