import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { openClient } from "../../src/clickhouse/client.ts";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine, createStoreEngine } from "../../src/engine/create-engine.ts";
import { EXPECTED } from "../../src/findings/expected.ts";
import { PANES } from "../../src/panes/registry.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { statusLine } from "../../src/ui/status-line.ts";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { fillTable } from "../support/clickhouse-server/fill-table.ts";
import { DEMO } from "../support/demo-engine.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";
import { logsIn } from "../support/log-files.ts";
import { WALKS } from "./walks.ts";

/** Another folder of logs, one event a line. */
const LOGS = process.env["KTRAIL_STORE_LOGS"] ?? DEMO;
const SIZES = [
  [80, 24],
  [120, 40],
] as const;

describeOwnServer("the explorer over a store shows what it shows over the log", () => {
  let server: ClickHouseServer;
  const engines: Engine[] = [];

  beforeAll(async () => {
    server = await startClickHouse();
    const address = `clickhouse://127.0.0.1:${server.port}/default.audit`;
    const client = openClient(storeAddress(address), { password: "" });
    const logs = logsIn(LOGS).map((path) => {
      const bytes = readFileSync(path);
      return { path, bytes: path.endsWith(".gz") ? gunzipSync(bytes) : bytes };
    });
    await fillTable(client, { database: "default", table: "audit" }, logs);
    await client.close();
    const wishes = { capacity: 1_000_000 } as const;
    engines.push(createEngine({ ...wishes, inputs: logsIn(LOGS) }));
    engines.push(await createStoreEngine({ ...wishes, inputs: [], store: { address, password: "" } }));
    await Promise.all(engines.map((engine) => engine.loaded()));
    await Promise.all(engines.map((engine) => engine.ask("continuity", {})));
  }, 600_000);
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await server?.stop();
  });

  test("findings, continuity and coverage are the same", async () => {
    const ask = { filter: MATCH_ALL, expectations: EXPECTED, auditIDs: 5 };
    const [file, store] = await Promise.all(
      engines.map(async (engine) => ({
        findings: await engine.ask("findings", ask),
        continuity: await engine.ask("continuity", {}),
        coverage: await engine.ask("coverage", {}),
      })),
    );
    expect(store).toEqual(file);
  }, 300_000);

  test("there is a walk to every pane", () => {
    const reached = new Set(WALKS.map(({ pane }) => pane));
    expect(PANES.map(({ id }) => id).filter((id) => !reached.has(id))).toEqual([]);
  });

  for (const { pane, keys } of WALKS) {
    test(`${pane}: ${keys.join(" ")}`, async () => {
      const [file, store] = await Promise.all(engines.map((engine) => walked(engine, keys)));
      for (const [columns, rows] of SIZES) {
        const expected = await shown(file as OpenExplorer, columns, rows);
        // In other logs the same keys may lead elsewhere.
        if (LOGS === DEMO) expect(expected.pane).toBe(pane);
        expect(await shown(store as OpenExplorer, columns, rows), `${columns}×${rows}`).toEqual(expected);
      }
      await Promise.all([file?.close(), store?.close()]);
    }, 300_000);
  }
});

async function walked(engine: Engine, keys: readonly string[]): Promise<OpenExplorer> {
  const [columns, rows] = SIZES[0];
  // The overview asks for much: walks begin where nothing is asked.
  const options = { pane: "views" } as const;
  const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows, options });
  await explorer.press(...keys);
  return explorer;
}

/** Where it all comes from, and how far questions are, which is told a little later than their answers. */
const UNTOLD = { inputs: [], filtering: null, store: null } as const;

interface Shown {
  readonly pane: string | undefined;
  readonly status: string;
  readonly screen: readonly string[];
}

/** The screen without its first line, and what that line would say were it long enough. */
async function shown(explorer: OpenExplorer, columns: number, rows: number): Promise<Shown> {
  await explorer.resize(columns, rows);
  const { state, status } = explorer.running.shell.snapshot();
  const facts = statusLine(state, { ...status, ...UNTOLD }, null, 1_000).map(({ text }) => text);
  const pane = state.stack.at(-1)?.pane;
  const screen = explorer.screen().slice(1);
  // Its table is about the files that were read, or shipped.
  return { pane, status: facts.join(""), screen: pane === "info" ? screen.slice(screen.indexOf("")) : screen };
}
