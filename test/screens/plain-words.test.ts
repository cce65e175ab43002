import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { DEMO, demoEngine } from "../support/demo-engine.ts";
import { answering } from "../support/headless.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";

const answered = answering();
const open: { engine: Engine; explorer: OpenExplorer }[] = [];

async function explore(path: string, columns = 120, rows = 40): Promise<OpenExplorer> {
  const engine = path === DEMO ? await demoEngine() : createEngine({ inputs: [path] });
  await engine.loaded();
  const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
  open.push({ engine, explorer });
  return explorer;
}

afterEach(async () => {
  for (const { engine, explorer } of open.splice(0)) {
    await explorer.close();
    await engine.close();
  }
});

const line = async (explorer: OpenExplorer, text: string): Promise<void> => explorer.press(":", ...text, "enter");

test("header, chart, tables and headless answers name one end of the log", async () => {
  const explorer = await explore(DEMO);
  const [header = ""] = explorer.screen();
  expect(header).toContain("00:02:26–00:17:02");
  expect(explorer.text()).toMatch(/per \S+ +00:02:26 .* 00:17:02/);
  expect(explorer.text()).toContain("in 14m35s");
  const { stdout } = await answered(["info", DEMO, "--tz", "utc"]);
  expect(stdout).toMatch(/\nto .*2026-11-21 00:17:02/);
  expect(stdout).toContain("14m35s");
});

test("one of a thing is not called many", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-one-"));
  const path = join(folder, "audit.log");
  const event = readFileSync("fixtures/demo/audit.log", "utf8")
    .split("\n")
    .find((text) => text.includes('"code":404') && text.includes("ResponseComplete"));
  writeFileSync(path, `${event ?? ""}\n`);
  try {
    const explorer = await explore(path);
    for (const pane of PANES) {
      await line(explorer, pane.id);
      const said = explorer.text().match(/(?<![\w.,:/-])1 [a-zA-Z ]*?[a-z]s\b/g) ?? [];
      expect(said.filter((words) => !/^1 (of|min|s|ms|status|address|\w+ is)\b/.test(words)), pane.id).toEqual([]);
    }
    for (const command of ["info", "top", "series", "events"]) {
      const { stdout } = await answered([command, path]);
      expect(stdout, command).not.toMatch(/(?<![\w.,:/-])1 (requests|events|users|groups)\b/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("nobody's cadence is told of a name that does not exist: those like it are", async () => {
  const explorer = await explore(DEMO);
  await line(explorer, "cadence lice@exam");
  expect(explorer.text()).toContain("No request is by “lice@exam”; there is alice@example.com");
  await line(explorer, "cadence nobody-of-that-name");
  expect(explorer.text()).toContain("No request is by “nobody-of-that-name”.");
  await explorer.press("/", ..."verb:nosuch", "enter");
  await line(explorer, "cadence alice@example.com");
  expect(explorer.text()).toContain("This client makes no call that the filters let through");
});

test("a name without its kind is told what it could be", async () => {
  const explorer = await explore(DEMO);
  for (const word of ["trail", "why"]) {
    await line(explorer, `${word} nginx`);
    expect(explorer.text()).toMatch(/“nginx” is neither KIND\/NAME nor a uid of this log; it has deploy\/nginx -n demo/);
    const { code, stderr } = await answered([word, "nginx", DEMO]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/"nginx" is neither KIND\/NAME nor a uid of this log; the log has deploy\/nginx -n demo/);
    expect(stderr).not.toContain("-n NAMESPACE");
    const elsewhere = await answered([word, "deploy/nginx", "-n", "demx", DEMO]);
    expect(elsewhere.stderr).toContain('in namespace "demx"; the log has deploy/nginx -n demo');
  }
});

test("an object has one name, wherever it is shown", async () => {
  const explorer = await explore(DEMO);
  const places: readonly (readonly [string, string])[] = [
    ["objects deploy nginx", "deploy/nginx -n demo"],
    ["top object", "deploy/nginx -n demo"],
    ["trail deploy/nginx -n demo", "Trail of deploy/nginx -n demo"],
    ["why deploy/nginx -n demo", "deploy/nginx -n demo"],
    ["kubernetes-events", "pod/"],
  ];
  for (const [text, name] of places) {
    await line(explorer, text);
    expect(explorer.text(), text).toContain(name);
    expect(explorer.text(), text).not.toMatch(/Deployment[ /]|ReplicaSet\/|Pod\/|demo\/nginx|deployments\.apps\/nginx/);
  }
  await line(explorer, "objects");
  await explorer.press("/", ..."deploy nginx", "enter", "d");
  expect(explorer.text()).toMatch(/What happened .* (get|update|patch|delete|create) deploy\/nginx/);
  await explorer.press("q", "ctrl-k", ..."nginx");
  expect(explorer.text()).toContain("deploy/nginx -n demo");
});
