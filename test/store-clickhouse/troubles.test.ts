import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { openClient } from "../../src/clickhouse/client.ts";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { createStoreEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { fillTable } from "../support/clickhouse-server/fill-table.ts";
import { DEMO } from "../support/demo-engine.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";
import { logsIn } from "../support/log-files.ts";

const PASSWORD = "s3cret-of-the-reader";
const USERS = [
  { name: "default", password: "" },
  { name: "reader", password: PASSWORD, readonly: 1 as const },
];

/** What a query is answered with instead: an error of the server's, or nothing. */
type Trouble = { readonly code: number; readonly message: string } | "silence";

describeOwnServer("the explorer over a store in trouble", () => {
  let server: ClickHouseServer;
  let way: Server;
  let trouble: { readonly of: RegExp; readonly is: Trouble } | null = null;
  const killed: string[] = [];
  const silent: string[] = [];
  const port = (): number => (way.address() as AddressInfo).port;

  beforeAll(async () => {
    server = await startClickHouse({ users: USERS });
    const client = openClient(storeAddress(`clickhouse://127.0.0.1:${server.port}/default.audit`), { password: "" });
    const [path = ""] = logsIn(DEMO).filter((log) => log.endsWith("audit.log"));
    await fillTable(client, { database: "default", table: "audit" }, [{ path, bytes: readFileSync(path) }]);
    await client.close();
    // Between program and server: what stands in the body of a query decides what becomes of it.
    way = createServer((asked, answer) => {
      const parts: Buffer[] = [];
      asked.on("data", (part: Buffer) => parts.push(part));
      asked.on("end", () => {
        const body = Buffer.concat(parts);
        const text = `${decodeURIComponent(asked.url ?? "")} ${body.toString("latin1")}`;
        if (text.includes("KILL QUERY")) killed.push(text);
        else if (trouble?.of.test(text) === true) {
          if (trouble.is === "silence") {
            silent.push(new URL(asked.url ?? "", "http://x").searchParams.get("query_id") ?? "");
            return;
          }
          const { code, message } = trouble.is;
          answer.writeHead(500, { "X-ClickHouse-Exception-Code": String(code) }).end(`Code: ${code}. ${message}`);
          return;
        }
        const { method, url, headers } = asked;
        const to = httpRequest({ host: "127.0.0.1", port: server.port, method, path: url, headers }, (told) => {
          answer.writeHead(told.statusCode ?? 500, told.headers);
          told.pipe(answer);
        });
        to.on("error", () => answer.destroy());
        to.end(body);
      });
    });
    await new Promise<void>((done) => way.listen(0, "127.0.0.1", done));
  }, 120_000);
  afterAll(async () => {
    way?.closeAllConnections();
    way?.close();
    await server?.stop();
  });

  beforeEach(() => {
    trouble = null;
  });

  async function opened(
    user = "default",
    password = "",
  ): Promise<OpenExplorer & { readonly end: () => Promise<void> }> {
    const address = `clickhouse://${user}@127.0.0.1:${port()}/default.audit`;
    const engine = await createStoreEngine({ capacity: 1_000, inputs: [], store: { address, password } });
    engine.loaded().catch(() => undefined);
    const options = { pane: "views" } as const;
    const explorer = await openExplorer({
      engine,
      panes: PANES,
      language: filterLanguage,
      columns: 120,
      rows: 40,
      options,
    });
    return {
      ...explorer,
      async end() {
        trouble = null;
        await explorer.close();
        await engine.close();
      },
    };
  }
  const until = (explorer: OpenExplorer, what: RegExp): Promise<void> =>
    expect.poll(() => explorer.text(), { timeout: 20_000 }).toMatch(what);

  test("says that the password is wrong, and never shows it", async () => {
    const explorer = await opened("reader", "wr0ng-and-secret");
    explorer.terminal.press("6");
    await until(explorer, /store refused|AUTHENTICATION_FAILED|Authentication failed/);
    expect(explorer.terminal.screen()[0]).toMatch(/refused/);
    expect(explorer.terminal.stdout.raw).not.toContain("wr0ng-and-secret");
    await explorer.end();
  }, 60_000);

  test("a user that may only read sees everything, and the password is on no screen", async () => {
    const explorer = await opened("reader", PASSWORD);
    await explorer.press("2");
    expect(explorer.text()).toMatch(/system:apiserver/);
    await explorer.press("6", ":info\r", "esc", "8");
    expect(explorer.terminal.stdout.raw).not.toContain(PASSWORD);
    await explorer.end();
  }, 60_000);

  const ERRORS = [
    [241, "Memory limit (total) exceeded: would use 9.00 GiB. (MEMORY_LIMIT_EXCEEDED)"],
    [159, "Timeout exceeded: elapsed 300 seconds. (TIMEOUT_EXCEEDED)"],
    [497, "reader: Not enough privileges. (ACCESS_DENIED)"],
  ] as const;
  for (const [code, message] of ERRORS) {
    test(`error ${code} of the server stands where the answer would`, async () => {
      const explorer = await opened();
      await explorer.press("2");
      expect(explorer.text()).toContain("system:apiserver");
      trouble = { of: /verb/, is: { code, message: `DB::Exception: ${message} (version 26.7)` } };
      await explorer.press(":group-by verb\r");
      await until(explorer, new RegExp(`could not be answered[^]*${code}`));
      expect(explorer.text()).not.toContain("system:apiserver");
      await explorer.end();
    }, 60_000);
  }

  test("a question that is given up by esc or by a newer one is stopped on the server", async () => {
    const explorer = await opened();
    trouble = { of: /first_seen.*GROUP BY|GROUP BY.*first_seen/s, is: "silence" };
    silent.length = 0;
    explorer.terminal.press("2");
    await expect.poll(() => silent.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const given = [...silent];
    explorer.terminal.press("esc");
    const isStopped = (id: string): boolean => killed.some((text) => text.includes(id));
    await expect.poll(() => given.every(isStopped), { timeout: 20_000 }).toBe(true);
    explorer.terminal.press("2");
    await expect.poll(() => silent.length, { timeout: 20_000 }).toBeGreaterThan(given.length);
    const newer = silent.slice(given.length);
    explorer.terminal.press("3");
    await expect.poll(() => newer.every(isStopped), { timeout: 20_000 }).toBe(true);
    await explorer.end();
  }, 90_000);

  test("a server that is killed in the middle is told of, on whatever pane, until it is back", async () => {
    const explorer = await opened();
    await explorer.press("2");
    const { port: at, directory } = server;
    await server.kill();
    explorer.terminal.press("3");
    await until(explorer, /^.*the store does not answer/);
    server = await startClickHouse({ users: USERS, port: at, directory });
    await expect.poll(() => explorer.terminal.screen()[0], { timeout: 20_000 }).not.toContain("does not answer");
    await explorer.press("2");
    expect(explorer.text()).toContain("system:apiserver");
    await explorer.end();
  }, 90_000);
});
