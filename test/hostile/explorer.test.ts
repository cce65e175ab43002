import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer } from "../support/explorer.ts";
import { hostileLog, hostileTexts, OBEYED } from "./hostile-log.ts";
import { readStream } from "./terminal-stream.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-hostile-screen-"));
let engine: Engine;

beforeAll(async () => {
  const paths = [1, 2].map((seed) => join(folder, `${seed}\u001b]0;owned\u0007\n\u202e.log`));
  for (const [at, path] of paths.entries()) writeFileSync(path, hostileLog(at + 11, 200));
  engine = createEngine({ inputs: paths });
  await engine.loaded();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** Into every pane, down its rows, into what they open, and all that copies, filters, groups or explains. */
const WALKS: readonly (readonly string[])[] = [
  ["1", "l", "j", "c", "C", "B", "u", "q", "+", "X"],
  ["2", "j", "c", "+", "X", "-", "X", "b", "o", "j", "enter", "t", "t"],
  ["2", "b", "e", "s", "S", "K", "q", "b", "n", "b", "b", "i"],
  ["3", "j", "j", "enter", "l", "j", "c", "enter", "enter", "b", "y", "M"],
  ["4", "j", "o", "v", "v", "v", "f", "q", "j", "W", "q", "/", "x", "enter"],
  ["6", "G", "d", "]", "]", "]", "]", "c", "y", "c", "q", "A", "q", "D", "q", "O"],
  ["6", "l", "c", "l", "c", "l", "c", "l", "c", "h", "e", "e", "E", "}", "{", "p", "p", "F", "F", "H", "H", "z", "Z"],
  ["7", "v", "v", "b", "u", "enter"],
  ["0", "s", "s", "s", "enter", "q", "o", "q", "c"],
  [":info\r", "j", "c"],
  [":cadence\r", "j", "enter", "v"],
  ["ctrl-k", "a", "down", "enter", "?"],
  ["tab", "tab", "tab", "shift-tab", "ctrl-l"],
];

describe.each([
  ["a true colour terminal", 120, 40, { TERM: "xterm-256color", COLORTERM: "truecolor", LANG: "C.UTF-8" }],
  ["a small one in ASCII without colours", 60, 15, { TERM: "vt100", LANG: "C", NO_COLOR: "1" }],
] as const)("the stream to %s", (_, columns, rows, environment) => {
  it.each(WALKS.map((keys) => [keys.join(" ").slice(0, 40), keys] as const))(
    "holds nothing from the log: %s",
    async (_keys, keys) => {
      const explorer = await openExplorer({
        engine,
        panes: PANES,
        language: filterLanguage,
        columns,
        rows,
        environment,
      });
      for (const key of keys) await explorer.press(key);
      await explorer.close();
      const { raw } = explorer.terminal.stdout;
      const { shown, copied } = readStream(raw);
      expect(shown.length).toBeGreaterThan(columns);
      expect(shown).not.toMatch(OBEYED);
      expect(shown).not.toMatch(/[\u200b\u2060\ufeff\u{e0001}-\u{e007f}]/u);
      expect(raw).not.toContain("\u001b[5;31;47m");
      if (environment.LANG === "C") expect(shown).toMatch(/^[\x20-\x7e]*$/);
      // Keys that copy put the text of one cell or a command line there, nothing the terminal would run.
      for (const text of copied) expect(text).not.toMatch(/^\s*$/);
    },
  );
});

it("what is typed or pasted is shown, not sent", async () => {
  const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage });
  for (const text of hostileTexts(5, 20)) {
    await explorer.press("/");
    await explorer.paste(`user:${text}`);
    await explorer.press("esc");
    await explorer.press(":");
    await explorer.paste(`trail pods/${text}`);
    await explorer.press("enter", "esc", "1");
  }
  await explorer.close();
  expect(readStream(explorer.terminal.stdout.raw).shown).not.toMatch(OBEYED);
}, 60_000);
