import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { createMarkStore, type MarkStore } from "../../src/config/mark-store.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { maskText } from "../../src/masking/mask.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-kept-"));
const DEMO = "fixtures/demo/audit.log";
const home = (name: string): string => join(folder, name);
const storeIn = (name: string): MarkStore => createMarkStore(home(name), maskText);
const footer = (explorer: OpenExplorer): string => explorer.screen().at(-1)?.trim() ?? "";

const open: { engine: Engine; explorer: OpenExplorer }[] = [];
afterEach(async () => {
  for (const { engine, explorer } of open.splice(0)) {
    await explorer.close();
    await engine.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function explore(path: string, marks: MarkStore | null): Promise<OpenExplorer> {
  const engine = createEngine({ inputs: [path] });
  await engine.loaded();
  const explorer = await openExplorer({
    engine,
    panes: PANES,
    language: filterLanguage,
    columns: 120,
    rows: 40,
    options: { marks },
  });
  open.push({ engine, explorer });
  await explorer.idle();
  return explorer;
}

async function left(explorer: OpenExplorer): Promise<string> {
  await explorer.close();
  return explorer.terminal.stdout.raw.split("\n").at(-2) ?? "";
}

describe("marks are kept by log", () => {
  test("nothing is written before something is marked; then they come back, wherever the log lies", async () => {
    const store = storeIn("a");
    const first = await explore(DEMO, store);
    await first.press("6", "j");
    expect(existsSync(home("a"))).toBe(false);
    await first.press("m");
    expect(footer(first)).toBe(`marked, and kept in ${home("a")}/marks; :marks lists them`);
    await first.press("j", "a", "it began here\r");
    expect(await left(first)).toMatch(/, 2 marks kept in .*\/a\/marks$/);
    const [file = "", ...others] = readdirSync(join(home("a"), "marks"));
    expect(others).toEqual([]);
    expect(statSync(join(home("a"), "marks", file)).mode & 0o777).toBe(0o600);

    const packed = join(folder, "moved.log.gz");
    writeFileSync(packed, gzipSync(readFileSync(DEMO)));
    const second = await explore(packed, storeIn("a"));
    expect(footer(second)).toBe("2 marks of this log restored; :marks lists them");
    await second.press(":marks\r");
    expect(second.text()).toContain("2 marked, 1 with a note");
    expect(second.text()).toContain("it began here");
    await second.press("G", "d");
    expect(second.text()).toMatch(/mark +it began here/);
    await second.press("6");
    expect(second.text()).toMatch(/^◆ /m);
    await second.press(":marks\r", "g", "m", "m");
    await second.close();
    expect(storeIn("a").logs()).toEqual([]);
  });

  test("others' changes in the meantime stay, and other logs have none of them", async () => {
    const one = await explore(DEMO, storeIn("b"));
    const two = await explore(DEMO, storeIn("b"));
    await one.press("6", "m");
    await two.press("6", "G", "m");
    await one.press("j", "m");
    const [log = ""] = storeIn("b").logs();
    expect(storeIn("b").read(log).marks).toHaveLength(3);
    const other = join(folder, "other.log");
    writeFileSync(other, readFileSync(DEMO, "utf8").split("\n").slice(40, 80).join("\n"));
    const third = await explore(other, storeIn("b"));
    await third.press(":marks\r");
    expect(third.text()).toContain("nothing is marked");
  });

  test("without what looks like a secret", async () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const path = join(folder, "secret.log");
    writeFileSync(path, readFileSync(DEMO, "utf8").split("\n").slice(0, 3).join("\n").replace("?", `?token=${token}&`));
    expect(readFileSync(path, "utf8")).toContain(token);
    const explorer = await explore(path, storeIn("s"));
    await explorer.press("6", "m", "j", "m", "j", "m");
    const [log = ""] = storeIn("s").logs();
    expect(storeIn("s").read(log).marks).toHaveLength(3);
    expect(readFileSync(join(home("s"), "marks", `${log}.json`), "utf8")).not.toContain(token);
  });

  test("a live log is known again when it has grown", async () => {
    const lines = readFileSync(DEMO, "utf8").split("\n").slice(0, 30);
    const path = join(folder, "live.log");
    writeFileSync(path, `${lines[0] ?? ""}\n`);
    const before = await explore(path, storeIn("c"));
    await before.press("6", "m");
    await before.close();
    appendFileSync(path, `${lines.slice(1).join("\n")}\n`);
    const after = await explore(path, storeIn("c"));
    expect(footer(after)).toMatch(/^1 mark of this log restored/);
  });
});

describe("where nothing can be kept", () => {
  test("guests are told so, and nothing is written", async () => {
    const guest = await explore(DEMO, null);
    await guest.press("6", "m");
    expect(footer(guest)).toBe("marked, for this session only (--no-state)");
    expect(await left(guest)).toMatch(/, 1 mark not kept \(--no-state\)$/);
  });

  test("a file that holds something else is left as it is", async () => {
    const first = await explore(DEMO, storeIn("d"));
    await first.press("6", "m");
    await first.close();
    const [log = ""] = storeIn("d").logs();
    const file = join(home("d"), "marks", `${log}.json`);
    for (const text of ["{", "[]", '{"marks": 7}', '"\\u001b[2J"']) {
      writeFileSync(file, text);
      const again = await explore(DEMO, storeIn("d"));
      expect(again.text()).toContain("holds no marks");
      await again.press("6", "m");
      expect(again.text().replaceAll(/\s+/g, " ")).toMatch(/for this session only: .*holds no marks: it is left as it is/);
      await again.close();
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  test("what is missing or odd in a file is as if the log lacked it", async () => {
    const made = createMarkStore(home("e"), maskText);
    mkdirSync(join(home("e"), "marks"), { recursive: true });
    const log = `1024-${"0".repeat(32)}`;
    writeFileSync(
      join(home("e"), "marks", `${log}.json`),
      JSON.stringify({ marks: [{ id: "x", facts: { user: 7, code: "1", name: "n" } }, { id: 1 }, null, "y", {}] }),
    );
    const { marks, problem } = made.read(log);
    expect(problem).toBeNull();
    expect(marks).toMatchObject([{ id: "x", note: "", log, facts: { user: "", code: null, name: "n", latencyMs: null } }]);
    expect(made.read("../../etc/passwd")).toEqual({ marks: [], problem: null });
  });
});
