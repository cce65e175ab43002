import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { createClient } from "@clickhouse/client";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { distributedStatement } from "../support/clickhouse-server/filled-store.ts";
import { tableStatements } from "../../src/clickhouse/table/definition.ts";
import { certificate } from "../support/certificates.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";
import {
  BadWay,
  diceOf,
  journalled,
  linesOf,
  longLog,
  ShipProcess,
  storedEvents,
  storedSums,
  type Sums,
} from "./chaos.ts";

const DEMO = "fixtures/demo";

describeOwnServer("ktrail ship", () => {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-ship-"));
  const log = join(folder, "audit.log");
  let server: ClickHouseServer;
  let expected: Sums;
  let lines: string[];
  let journal = "";
  const url = (port = server.port): string => `clickhouse://127.0.0.1:${port}/default.audit?cluster=test`;
  const to = (port?: number): string[] => ["--to", url(port), "--journal", journal];
  const sums = (): Promise<Sums> => storedSums(server.url);
  const command = async (query: string): Promise<void> => {
    const client = createClient({ url: server.url });
    await client.command({ query });
    await client.close();
  };
  beforeAll(async () => {
    ensureBuilt();
    server = await startClickHouse({ directory: join(folder, "data") });
    const names = readdirSync(DEMO).filter((name) => name.endsWith(".gz"));
    const text = names.map((name) => gunzipSync(readFileSync(join(DEMO, name))).toString("utf8")).join("");
    writeFileSync(join(folder, "demo"), text);
    lines = (await linesOf(join(folder, "demo"))).filter((_, at) => at % 3 === 0);
    expected = await longLog(lines, 4_000, log);
  });
  beforeEach(async () => {
    journal = mkdtempSync(join(folder, "journal-"));
    await command("DROP TABLE IF EXISTS audit");
    expect((await ktrail(["store", "init", url()])).stderr).toBe("");
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("ships each event once: a second run, a copy and a packed copy add nothing", async () => {
    const packed = join(folder, "copy.log.gz");
    writeFileSync(packed, gzipSync(readFileSync(log)));
    const first = await ktrail(["ship", log, ...to(), "-o", "json"]);
    expect(JSON.parse(first.stdout)).toMatchObject({ events: expected.events, bytes: expected.bytes, pending: 0 });
    expect(first.code).toBe(0);
    expect(await sums()).toEqual(expected);
    // Behind a first line of its own the copy is another source: what overlaps is known by its events.
    const other = join(folder, "other.log");
    writeFileSync(
      other,
      `${(lines[0] ?? "").replace(/"auditID":"...../, '"auditID":"other')}\n${readFileSync(log, "utf8")}`,
    );
    const second = await ktrail(["ship", log, packed, other, ...to(), "-o", "json"]);
    expect(JSON.parse(second.stdout)).toMatchObject({ events: 1, duplicates: expected.events });
    expect((await sums()).events).toBe(expected.events + 1);
    // What API servers pass on to each other has the same IDs in both logs; a request stands where its first event came, in any run.
    const request = (stage: string, at: number): string =>
      `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"passed-on","stage":"${stage}","verb":"get","requestURI":"/x",` +
      `"user":{"username":"u"},"requestReceivedTimestamp":"2026-11-21T00:00:00.000000Z","stageTimestamp":"2026-11-21T00:00:0${at}.000000Z"}\n`;
    for (const part of [request("RequestReceived", 0), request("ResponseComplete", 1)]) {
      for (const of of ["cp1", "cp2"]) {
        mkdirSync(join(folder, of), { recursive: true });
        appendFileSync(join(folder, of, "audit.log"), part);
      }
      const shipped = await ktrail(["ship", join(folder, "cp1"), join(folder, "cp2"), ...to(), "-o", "json"]);
      expect(JSON.parse(shipped.stdout)).toMatchObject({ events: 2, duplicates: 0 });
    }
    const client = createClient({ url: server.url });
    const rows = await client.query({
      query:
        "SELECT apiserver, toFloat64(uniqExact(first_seq)) AS places, toFloat64(countIf(final)) AS ends FROM audit WHERE audit_id = 'passed-on' GROUP BY apiserver ORDER BY apiserver",
      format: "JSONEachRow",
    });
    expect(await rows.json()).toEqual([
      { apiserver: "cp1", places: 1, ends: 1 },
      { apiserver: "cp2", places: 1, ends: 1 },
    ]);
    await client.close();
    for (const name of readdirSync(journal)) expect(statSync(join(journal, name)).mode & 0o077).toBe(0);
  });

  it("loses and doubles nothing when the shipper and the server are killed", async () => {
    for (const kill of ["shipper", "server", "shipper"]) {
      const done = journalled(journal, "done");
      const shipping = new ShipProcess([log, ...to()]);
      await expect
        .poll(() => journalled(journal, "batch") > 0 && journalled(journal, "done") !== done, { timeout: 20_000 })
        .toBe(true);
      if (kill === "server") {
        const { directory, port } = server;
        await server.kill();
        server = await startClickHouse({ directory, port });
        const { stderr, code } = await shipping.ended;
        // It may have been about to begin.
        expect([code, stderr]).toEqual([0, expect.stringMatching(/the store takes batches again|it is tried again/)]);
        await command("TRUNCATE TABLE audit");
        rmSync(journal, { recursive: true });
      } else await shipping.kill();
    }
    expect((await ktrail(["ship", log, ...to()])).code).toBe(0);
    expect(await sums()).toEqual(expected);
  });

  it("loses and doubles nothing over a connection that is dropped, held up and cut short", async () => {
    const way = new BadWay(server.port, diceOf(7));
    await way.start();
    way.isBad = false;
    const shipping = new ShipProcess([log, ...to(way.port), "-o", "json"]);
    await expect.poll(() => journalled(journal, "batch"), { timeout: 20_000 }).toBeGreaterThan(0);
    way.isBad = true;
    const { code, stdout } = await shipping.ended;
    await way.stop();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ pending: 0 });
    expect(await sums()).toEqual(expected);
  });

  it("ships once through a distributed table, over a bad connection too", async () => {
    const fleet = await startClickHouse({ clusters: { one: 1 } });
    const way = new BadWay(fleet.port, diceOf(11));
    const client = createClient({ url: fleet.url });
    try {
      await way.start();
      const options = { replacing: false, days: null, onCluster: null, isCloud: false };
      const [shippers = ""] = tableStatements({ database: "default", table: "audit" }, options);
      const [, local = ""] = tableStatements({ database: "default", table: "audit_local" }, options);
      for (const query of [shippers, local, distributedStatement("one")]) await client.command({ query });
      way.isBad = false;
      const shipping = new ShipProcess([log, ...to(way.port)]);
      await expect.poll(() => journalled(journal, "batch"), { timeout: 20_000 }).toBeGreaterThan(0);
      way.isBad = true;
      expect((await shipping.ended).code).toBe(0);
      expect(await storedSums(fleet.url)).toEqual(expected);
      const check = await ktrail(["store", "check", url(fleet.port), "-o", "json"]);
      expect(JSON.parse(check.stdout)).toMatchObject({
        findings: expect.arrayContaining([expect.objectContaining({ detail: expect.stringContaining("Distributed") })]),
      });
      expect(check.code).toBe(0);
      const stats = await ktrail(["store", "stats", url(fleet.port), "-o", "json"]);
      expect(JSON.parse(stats.stdout)).toMatchObject({ events: expected.events });
    } finally {
      await client.close();
      await way.stop();
      await fleet.stop();
    }
  });

  it("follows a log across rotation, goes on where it was, and takes in what was rotated meanwhile", async () => {
    const live = join(folder, "live.log");
    const part = (at: number): string => `${lines.slice(at * 500, (at + 1) * 500).join("\n")}\n`;
    writeFileSync(live, part(0));
    const first = new ShipProcess(["-f", live, ...to()]);
    const stored = (): Promise<number> => storedEvents(server.url);
    await expect.poll(stored, { timeout: 15_000 }).toBe(500);
    appendFileSync(live, part(1).slice(0, -100));
    await expect.poll(stored, { timeout: 15_000 }).toBe(999);
    first.interrupt();
    expect((await first.ended).code).toBe(130);
    appendFileSync(live, part(1).slice(-100));
    renameSync(live, join(folder, "live-2026-11-21T00-00-00.000.log"));
    writeFileSync(live, part(2));
    const second = new ShipProcess(["-f", live, ...to()]);
    await expect.poll(stored, { timeout: 15_000 }).toBe(1_500);
    await second.kill();
    // Written anew in its place.
    writeFileSync(live, part(3));
    const { stderr } = await ktrail(["ship", live, ...to()]);
    expect(stderr).toContain("was written anew");
    expect(await stored()).toBe(2_000);
  });

  it("takes in what was rotated away while nobody looked, though what it was reading is gone", async () => {
    const live = join(folder, "kept", "audit.log");
    const part = (at: number): string => `${lines.slice(at * 300, (at + 1) * 300).join("\n")}\n`;
    const stored = (): Promise<number> => storedEvents(server.url);
    mkdirSync(join(folder, "kept"));
    writeFileSync(live, part(0));
    const first = new ShipProcess(["-f", live, ...to()]);
    await expect.poll(stored, { timeout: 15_000 }).toBe(300);
    await first.kill();
    rmSync(live);
    writeFileSync(live.replace(".log", "-2026-11-21T00-00-00.000.log"), part(1));
    writeFileSync(live, part(2));
    const second = new ShipProcess(["-f", live, ...to()]);
    await expect.poll(stored, { timeout: 15_000 }).toBe(900);
    second.interrupt();
    expect((await second.ended).stderr).toContain("is gone, as far as it was not shipped");
  });

  it("counts what is no event, answers for what it cannot do, and shows no password", async () => {
    const odd = join(folder, "odd.log");
    writeFileSync(odd, `${lines[0]}\nno event\n${lines[1]}\n{"half":`);
    const metrics = join(folder, "metrics.prom");
    const { code, stdout, stderr } = await ktrail(["ship", odd, ...to(), "-o", "json", "--metrics", metrics]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ events: 2, skipped: 2 });
    expect(stderr).toContain("1 bad line skipped");
    const counters = readFileSync(metrics, "utf8");
    expect(counters).toContain("\nktrail_ship_events_total 2\n");
    expect(counters).toContain("\nktrail_ship_skipped_total 2\n");

    const held = new ShipProcess(["-f", odd, ...to()]);
    await expect.poll(() => existsSync(join(journal, "lock")), { timeout: 15_000 }).toBe(true);
    const refused = await ktrail(["ship", odd, ...to()]);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("two shippers cannot share")]);
    await held.kill();
    // Nobody takes what is read: it ends all the same, and the next run brings it.
    const { directory, port } = server;
    const waiting = new ShipProcess([log, ...to()]);
    await expect.poll(() => journalled(journal, "batch"), { timeout: 15_000 }).toBeGreaterThan(1);
    await server.kill();
    waiting.interrupt();
    const { code: interrupted, stderr: last } = await waiting.ended;
    expect([interrupted, last]).toEqual([130, expect.not.stringContaining("nobody takes it")]);
    server = await startClickHouse({ directory, port });
    expect((await ktrail(["ship", log, ...to()])).code).toBe(0);
    expect((await storedEvents(server.url)) - 2).toBe(expected.events);

    await command("DROP TABLE audit");
    const missing = await ktrail(["ship", odd, ...to()], { env: { KTRAIL_STORE_PASSWORD: "s3cret-9" } });
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringMatching(/AUTHENTICATION_FAILED|516/)]);
    expect(missing.stderr + missing.stdout).not.toContain("s3cret-9");
    expect((await ktrail(["ship", odd, ...to()])).stderr).toContain("ktrail store init");
    expect((await ktrail(["ship", odd])).code).toBe(2);
  });

  it("acknowledges what API servers send when it is in the journal, over TLS to both sides", async () => {
    const ca = certificate("ca");
    const [own, mine] = [certificate("server", ca), certificate("client", ca)];
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const users = [{ name: "ship", password: "p w" }];
    const safe = await startClickHouse({ users, tls: { key: own.key, cert: own.cert, clientCa: ca.cert } });
    try {
      const files = `ca=${file("ca", ca.cert)}&cert=${file("cert", mine.cert)}&key=${file("key", mine.key)}`;
      const there = `clickhouse+https://ship@127.0.0.1:${safe.port}/default.audit?${files}`;
      const how = ["--password-file", file("password", "p w\n")];
      expect(await ktrail(["store", "init", there, ...how])).toMatchObject({ code: 0, stderr: "" });
      const shipping = new ShipProcess(["--listen", "127.0.0.1:0", "--to", there, "--journal", journal, ...how]);
      const address = await shipping.said(/listening on (\S+)/);
      const items = lines.slice(0, 100).map((line) => JSON.parse(line) as unknown);
      const list = JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", items });
      for (let times = 0; times < 2; times++) {
        const answer = await fetch(`${address}audit/cp1`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: list,
        });
        expect(answer.status).toBe(200);
        expect(journalled(journal, "batch")).toBe(1);
      }
      await shipping.kill();
      const stats = await ktrail(["ship", log, "--to", there, "--journal", journal, ...how, "-o", "json"]);
      expect(stats.code).toBe(0);
      const check = await ktrail(["store", "stats", there, ...how, "-o", "json"]);
      expect(JSON.parse(check.stdout)).toMatchObject({ events: expected.events + 100 });
    } finally {
      await safe.stop();
    }
  });
});
