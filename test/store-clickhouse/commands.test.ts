import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { type Client as ClickHouseClient, openClient } from "../../src/clickhouse/client.ts";
import { tableStatements } from "../../src/clickhouse/table/definition.ts";
import { CLI_COMMANDS } from "../../src/cli/commands/registry.ts";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { fillTable } from "../support/clickhouse-server/fill-table.ts";
import { DEMO } from "../support/demo-engine.ts";
import { logsIn } from "../support/log-files.ts";
import { ensureBuilt, ktrail, PROGRAM_ARGUMENTS, PROGRAM_FILE, ROOT } from "../support/program.ts";

/** Another folder of logs, one event a line. */
const LOGS = process.env["KTRAIL_STORE_LOGS"] ?? DEMO;
const POLICY = "fixtures/policies/usual.yaml";
const POD = "pod/nginx-7cd5cff77d-q4wl6";

/** Command lines that print the same over a store as over its log; the first words are a command's name. */
const LINES: readonly (readonly string[])[] = [
  ["top", "--by", "user,verb", "-o", "json"],
  ["top", "--by", "who", "--sort", "p99", "-q", "code:>=400"],
  ["top", "--by", "annotation:authorization.k8s.io/decision", "-o", "csv"],
  ["series", "--by", "class", "--step", "1m", "-o", "json"],
  ["compare", "--a", "code:2xx", "--b", "code:4xx", "--by", "user", "-o", "json"],
  ["events", "--limit", "300", "-o", "json"],
  ["events", "-q", "verb:delete", "-o", "raw"],
  ["events", "--since", "5m", "-o", "csv"],
  ["events", "-q", "user:alise"],
  ["trail", "deploy/nginx", "-n", "demo", "-o", "json"],
  ["why", POD, "-n", "demo", "-o", "json"],
  ["object", "cm/db-config", "-n", "demo", "-o", "yaml"],
  ["k8s-events", "-o", "json"],
  ["findings", "-o", "json"],
  ["findings", "-n", "demo", "--since", "10m"],
  ["policy replay", POLICY, "-o", "json"],
  ["policy replay", POLICY, "-o", "raw"],
  ["policy suggest", "-o", "json"],
  ["rbac", "--user", "bob@example.com"],
  ["rbac", "--serviceaccount", "kube-system/namespace-controller", "-o", "json"],
];

describeOwnServer("commands over a store", () => {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-commands-"));
  let server: ClickHouseServer;
  let client: ClickHouseClient;
  const url = (table = "audit"): string => `clickhouse://127.0.0.1:${server.port}/default.${table}`;
  /** Without what numbers rows in the one and in the other. */
  const plain = (text: string): string => text.replaceAll(url(), LOGS).replaceAll(/"seq": \d+/g, '"seq": 0');

  beforeAll(async () => {
    ensureBuilt();
    server = await startClickHouse({ directory: join(folder, "data") });
    client = openClient(storeAddress(url()), { password: "" });
    const logs = logsIn(LOGS).map((path) => {
      const bytes = readFileSync(path);
      return { path, bytes: path.endsWith(".gz") ? gunzipSync(bytes) : bytes };
    });
    await fillTable(client, { database: "default", table: "audit" }, logs);
  }, 600_000);
  afterAll(async () => {
    await client?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const line of LINES) {
    test(
      line.join(" "),
      async () => {
        const [name = "", ...rest] = line;
        const words = [...name.split(" "), ...rest];
        const [file, store] = await Promise.all([ktrail([...words, LOGS]), ktrail([...words, "--store", url()])]);
        expect(file.stdout.length).toBeGreaterThan(line[1] === "-q" && line[2] === "user:alise" ? -1 : 50);
        expect({ ...store, stdout: plain(store.stdout) }).toEqual({ ...file, stdout: plain(file.stdout) });
      },
      120_000,
    );
  }

  test("info tells the same of what is stored", async () => {
    const told = async (words: readonly string[]): Promise<unknown> => {
      const { inputs: _inputs, ...info } = JSON.parse((await ktrail(words)).stdout) as { inputs: unknown };
      return info;
    };
    expect(await told(["info", "--store", url(), "-o", "json"])).toEqual(await told(["info", LOGS, "-o", "json"]));
  }, 60_000);

  test("a report has the same findings, overview and trails", async () => {
    const report = async (words: readonly string[], path: string): Promise<string> => {
      const out = join(folder, path);
      const ran = await ktrail(["report", "-o", out, "--trail", "deploy/nginx", "-n", "demo", ...words]);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      return readFileSync(out, "utf8");
    };
    // What is printed again by which line, and the table of files that were read, or shipped.
    const commands = /^.*ktrail .*$|^\| .*audit.*\.log.*$/gm;
    const [file, store] = await Promise.all([report([LOGS], "a.md"), report(["--store", url()], "b.md")]);
    expect(store.replaceAll(commands, "")).toEqual(file.replaceAll(commands, ""));
    expect(store).toContain(`ktrail findings --store ${url().replace("//", "//default@")}`);
  }, 120_000);

  test("every command takes a store or refuses it with a sentence", async () => {
    const tried = new Set(LINES.map(([name]) => name));
    for (const { name, operands } of CLI_COMMANDS) {
      if (tried.has(name) || ["", "info", "report", "mcp"].includes(name)) continue;
      const words = [...name.split(" "), ...operands.map(() => POLICY), "--store", url()];
      const { code, stdout, stderr } = await ktrail(words);
      expect([name, code, stdout], stderr).toEqual([name, 2, ""]);
      expect(stderr).toContain("--store");
    }
  }, 120_000);

  test("mcp answers over it", async () => {
    const told = async (...words: readonly string[]): Promise<unknown> => {
      const mcp = new Client({ name: "test", version: "1" });
      const args = [...PROGRAM_ARGUMENTS, "mcp", ...words];
      await mcp.connect(new StdioClientTransport({ command: PROGRAM_FILE, args, cwd: ROOT, stderr: "ignore" }));
      const top = await mcp.callTool({ name: "top", arguments: { by: "user", query: "code:>=400" } });
      const findings = await mcp.callTool({ name: "findings", arguments: { namespace: "demo" } });
      await mcp.close();
      return [top, findings];
    };
    const [file, store] = await Promise.all([told(LOGS), told("--store", url())]);
    expect(JSON.stringify(store)).toContain("system:apiserver");
    expect(store).toEqual(file);
  }, 60_000);

  test("-f prints what is shipped, each request once", async () => {
    const plainTable = { replacing: false, days: null, onCluster: null, isCloud: false };
    for (const query of tableStatements({ database: "default", table: "grown" }, plainTable))
      await client.command({ query });
    const copy = (which: string): Promise<unknown> =>
      client.command({ query: `INSERT INTO grown SELECT * FROM audit WHERE ${which}` });
    await copy("seq < 200");
    const log = join(folder, "grown.log");
    const rows = await client.query({
      query: "SELECT raw FROM audit WHERE seq < 400 ORDER BY seq",
      format: "JSONEachRow",
    });
    writeFileSync(log, (await rows.json<{ raw: string }>()).map(({ raw }) => `${raw}\n`).join(""));
    const idsIn = (jsonl: string): string[] =>
      jsonl
        .split("\n")
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { auditID: string }).auditID)
        .toSorted();
    const wanted = idsIn((await ktrail(["events", log, "-o", "jsonl"])).stdout);
    const child = spawn(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, "events", "-f", "-o", "jsonl", "--store", url("grown")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    const closed = new Promise((done) => child.once("close", done));
    await expect.poll(() => idsIn(text).length, { timeout: 30_000 }).toBeGreaterThan(100);
    await copy("seq >= 200 AND seq < 400");
    await expect.poll(() => idsIn(text), { timeout: 30_000 }).toEqual(wanted);
    child.kill("SIGINT");
    await closed;
    expect(idsIn(text)).toEqual(wanted);
  }, 90_000);
});
