import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { viewText } from "../../src/cli/view-text.ts";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { FeedingEngine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { shellWord, shellWords } from "../../src/panes/shell-command.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";
import { DEMO } from "../support/log-files.ts";

/** Panes that are about something, and what is typed behind their names. */
const ABOUT: Readonly<Record<string, string>> = {
  trail: "deploy/nginx -n demo",
  why: "pod/nginx-857899445-7x5j6 -n demo",
  object: "deploy/nginx -n demo",
  cadence: "system:serviceaccount:kube-system:noisy-agent",
  rights: "alice@example.com",
  matrix: "alice@example.com",
  compare: "00:03..00:08 00:08..00:17",
};

/** Panes that are opened from a row of another. */
const FROM: Readonly<Record<string, readonly string[]>> = {
  request: [":requests\r", "d"],
  diff: [":requests\r", "D"],
  binding: [":bindings\r", "enter"],
};

const folder = mkdtempSync(join(tmpdir(), "ktrail-view-"));
let engine: FeedingEngine;
let explorer: OpenExplorer;
beforeAll(async () => {
  engine = createEngine({ inputs: [DEMO] });
  await engine.loaded();
  const options = {
    timeZone: "utc" as const,
    viewText: (line: string, path: string) =>
      viewText(engine, parseArguments(shellWords(line).slice(1)), line, path, "utc"),
  };
  const language = filterLanguage;
  explorer = await openExplorer({ engine, panes: PANES, language, columns: 200, rows: 40, options });
});
afterAll(async () => {
  await explorer.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const footer = (): string => explorer.screen().at(-1)?.trim() ?? "";

/** What `:write` says of a file of this name. */
async function told(name: string): Promise<string> {
  await explorer.press(`:write ${join(folder, name)}\r`);
  const isTold = (): boolean => /^wrote |not written|nothing to write|its suffix|is marked/.test(footer());
  for (let turn = 0; turn < 400 && !isTold(); turn += 1) {
    await explorer.idle();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const says = footer();
  // A mistake leaves the prompt open.
  if (says.startsWith("^")) await explorer.press("ctrl-u", "esc");
  return says.replace(/^\^ /, "");
}

test.each(PANES.filter(({ over }) => over !== true).map(({ id }) => id))(
  ":write writes what the pane %s shows, or says why it cannot",
  { timeout: 30_000 },
  async (pane) => {
    await explorer.press(...(FROM[pane] ?? [`:${pane}${ABOUT[pane] === undefined ? "" : ` ${ABOUT[pane]}`}\r`]));
    for (const suffix of ["csv", "html", "yaml"]) {
      const says = await told(`${pane}.${suffix}`);
      expect(says).toMatch(/^wrote |^\S+ was not written: .{20}|^nothing to write here: /);
      if (says.startsWith("wrote ")) expect(readFileSync(join(folder, `${pane}.${suffix}`), "utf8")).not.toBe("");
    }
    await explorer.press("esc");
  },
);

test("all forms of a view have all its rows, under the filter of the screen", { timeout: 30_000 }, async () => {
  await explorer.press("/verb:delete actor:human\r", ":top user\r");
  for (const suffix of ["jsonl", "json", "csv", "md", "html", "yaml"])
    expect(await told(`all.${suffix}`)).toMatch(/^wrote /);
  const read = (suffix: string): string => readFileSync(join(folder, `all.${suffix}`), "utf8");
  const users = read("jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { key: { user: string } }).key.user);
  expect(users).toContain("carol@example.com");
  for (const suffix of ["json", "csv", "md", "html", "yaml"])
    for (const user of users) expect(read(suffix)).toContain(user.split("@")[0]);
  expect(read("html")).toMatch(/<pre>ktrail top .*verb:delete/);
  expect(await told("all.txt")).toContain(".jsonl .csv .md .html .yaml");
  expect(await told("all.csv")).toContain("it is there already");
});

test("words of a shell's line are read as they were written", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (words) => {
      const line = words.map(shellWord).join(" ");
      expect(shellWords(line)).toEqual(words);
    }),
  );
});
