import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { answered } from "../support/headless.ts";
import { denseText, finderOf, plantedSecrets } from "../support/planted/generate.ts";
import { type Output, printedOf, seenOf } from "../support/planted/outputs.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-border-"));
afterAll(() => rmSync(folder, { recursive: true }));

const planted = plantedSecrets(3).filter((_, at) => at % 23 === 0);
const log = join(folder, "audit.log");
writeFileSync(log, planted.map(({ event }) => `${JSON.stringify(event)}\n`).join(""));
const find = finderOf(planted);

/** Outputs with secrets in their data, and the secrets that can be read in them. */
async function leaks(outputs: AsyncIterable<Output>): Promise<{ readonly ids: Set<string>; readonly shown: string[] }> {
  const ids = new Set<string>();
  const shown: string[] = [];
  for await (const output of outputs) {
    if (find(denseText(output.unmasked)).size > 0) ids.add(output.id);
    for (const one of find(denseText(output.shown))) shown.push(`${output.id}: ${one.category}, ${one.place}`);
  }
  return { ids, shown };
}

it("no pane, copy or timeline shows what is planted in a log", async () => {
  const { ids, shown } = await leaks(seenOf(log, new Set()));
  expect([...ids].toSorted()).toEqual(["card", "diff", "other panes", "raw", "timeline"]);
  expect(shown).toEqual([]);
});

it("no headless table or Markdown does, nor a note beside it", async () => {
  const run = async (argv: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await answered(argv);
    return stdout + stderr;
  };
  const { ids, shown } = await leaks(printedOf(log, run));
  expect([...ids].toSorted()).toEqual(["Markdown", "tables"]);
  expect(shown).toEqual([]);
});

it("what is data stays as it is in the log", async () => {
  for (const output of ["jsonl", "json", "csv", "raw"]) {
    const { stdout } = await answered(["events", log, "-o", output]);
    expect(find(denseText(stdout)).size, output).toBeGreaterThan(20);
  }
});

it("text is escaped without being masked only where it was masked before, was asked for, or is the reader's own", () => {
  const source = resolve(import.meta.dirname, "../../src");
  const callers = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && readFileSync(join(source, path), "utf8").includes("escapedText("))
    .map((path) => relative(source, join(source, path)));
  expect(callers.toSorted()).toEqual([
    "models/json-lines.ts",
    "models/text-safety.ts",
    "panes/diff/changes.ts",
    "panes/objects/index.ts",
    "panes/request/card-line.ts",
    "panes/request/raw.ts",
    "panes/seal.ts",
    "ui/copying.ts",
    "ui/prompt-lines.ts",
  ]);
});
