import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { viewText } from "../../src/cli/view-text.ts";
import type { FeedingEngine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { lineText } from "../../src/models/line.ts";
import type { AnswerTable } from "../../src/panes/answer-table.ts";
import { comparedTable } from "../../src/panes/compare/table.ts";
import type { Answered } from "../../src/panes/contract.ts";
import { QUESTION_TABLE } from "../../src/panes/coverage/tables.ts";
import { FINDING_TABLE } from "../../src/panes/findings/table.ts";
import { EVENT_TABLE } from "../../src/panes/kubernetes-events/table.ts";
import { keptTable, lintTable, lossTable, suggestTable } from "../../src/panes/policy/tables.ts";
import { PANES } from "../../src/panes/registry.ts";
import { printedRequests } from "../../src/panes/requests/table.ts";
import { bindingTable, RULE_TABLE, USE_TABLE } from "../../src/panes/rights/tables.ts";
import { shellWords } from "../../src/panes/shell-command.ts";
import { groupTable } from "../../src/panes/top/columns.ts";
import { NODE_TABLE } from "../../src/panes/trail/nodes.ts";
import { CHAPTER_TABLE } from "../../src/panes/trail/rollouts.ts";
import { STEP_TABLE } from "../../src/panes/trail/steps.ts";
import { contextFor } from "../panes/context.ts";
import { demoEngine } from "../support/demo-engine.ts";
import { answering } from "../support/headless.ts";

/** Wide enough for every column. */
const WIDE = 400;
const POLICY = "fixtures/policies/usual.yaml";
const EMPTY = { events: 1, bytes: 1 };

/** Columns and titles are what counts here; what cells are given is checked where they are made. */
// oxlint-disable-next-line typescript/no-explicit-any
type AnyTable = AnswerTable<any, any>;

interface Case {
  readonly pane: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly table: (engine: FeedingEngine) => AnyTable;
  /** Columns whose cells are shorter on the screen, or depend on what is drawn around them. */
  readonly shorter?: readonly string[];
  /** It is not the answer's data: CSV is of another table. */
  readonly isBeside?: true;
  /** The last part of the log has too little of it. */
  readonly ofWhole?: true;
}

const TRAIL = { object: "deploy/nginx", namespace: "demo" };

/** What panes show as a table and their own command line prints. */
const CASES: readonly Case[] = [
  { pane: "top", params: { by: "ip" }, table: () => groupTable(["ip"]) },
  { pane: "top", params: { by: "user,code" }, table: () => groupTable(["user", "code"]), shorter: ["user"] },
  { pane: "compare", params: { by: "verb" }, table: () => comparedTable(["verb"]) },
  { pane: "requests", table: ({ status }) => printedRequests(status), shorter: ["received", "user"] },
  { pane: "findings", table: () => FINDING_TABLE, shorter: ["severity", "title"] },
  { pane: "kubernetes-events", params: { fold: "off" }, table: () => EVENT_TABLE },
  {
    pane: "trail",
    params: { ...TRAIL, view: "story", part: "whole" },
    table: () => STEP_TABLE,
    shorter: ["time", "at"],
    ofWhole: true,
  },
  { pane: "trail", params: { ...TRAIL, view: "tree" }, table: () => NODE_TABLE, isBeside: true, ofWhole: true },
  {
    pane: "trail",
    params: { ...TRAIL, view: "parts" },
    table: () => CHAPTER_TABLE,
    isBeside: true,
    ofWhole: true,
    shorter: ["slowest"],
  },
  { pane: "rights", params: { user: "alice@example.com" }, table: () => RULE_TABLE, shorter: ["names"], ofWhole: true },
  { pane: "bindings", table: () => bindingTable(false) },
  {
    pane: "binding",
    params: { binding: "demo/dev-team-edit" },
    table: () => USE_TABLE,
    shorter: ["asFrom"],
    ofWhole: true,
  },
  { pane: "coverage", table: () => QUESTION_TABLE, isBeside: true },
  { pane: "policy", params: { show: "lint" }, table: () => lintTable(""), isBeside: true },
  { pane: "policy", params: { show: "lost" }, table: () => lossTable, isBeside: true },
  { pane: "policy", params: { show: "users" }, table: () => keptTable("", "user"), isBeside: true },
  {
    pane: "policy",
    params: { show: "suggestion" },
    table: () => suggestTable({ in: EMPTY, kept: EMPTY } as Parameters<typeof suggestTable>[0]),
    isBeside: true,
  },
];

/** Why what else has a command line of its own is no table that both have. */
const OTHERS: Readonly<Record<string, string>> = {
  overview: "draws a chart of what series prints, beside tables of groups",
  codes: "groups by code in classes, with what each breaks down to",
  latency: "adds charts to what top prints",
  cadence: "groups by rhythm, which top does not tell",
  objects: "a chooser",
  changes: "requests with what each of them changed",
  why: "a link of the chain is a block of sentences, which a row is too short for",
  object: "a document",
  diff: "lines of a document",
  request: "a card",
  matrix: "has a column a verb of the answer",
  marks: "requests that were marked",
};

interface Printed {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** All tables of a Markdown text, without its escapes. */
function markdownTables(text: string): readonly Printed[] {
  const cells = (line: string): readonly string[] =>
    line
      .slice(2, -2)
      .split(/(?<!\\) \| /)
      .map((cell) =>
        cell
          .trim()
          .replaceAll(/\\(.)/g, "$1")
          .replaceAll(/&lt;/g, "<")
          .replaceAll(/&gt;/g, ">")
          .replaceAll(/&amp;/g, "&"),
      );
  return text
    .split("\n\n")
    .map((block) => block.split("\n").filter((line) => line.startsWith("| ")))
    .flatMap(([head, , ...rows]) => (head === undefined ? [] : [{ titles: cells(head), rows: rows.map(cells) }]));
}

function printedTitles({ columns }: AnyTable): readonly string[] {
  return columns
    .filter(({ only }) => only !== "screen")
    .map(({ title, isTime }) => (isTime === true ? `${title} (UTC)` : title));
}

function screenColumns({ columns }: AnyTable): AnyTable["columns"] {
  return columns.filter(({ only }) => only !== "print");
}

const headless = answering();
let whole: FeedingEngine;
let last: FeedingEngine;
beforeAll(async () => {
  whole = await demoEngine();
  last = createEngine({ inputs: ["fixtures/demo/audit.log"] });
  await last.loaded();
});
afterAll(() => last.close());

async function screenOf(engine: FeedingEngine, { pane: id, params = {} }: Pick<Case, "pane" | "params">) {
  const pane = PANES.find((each) => each.id === id);
  if (pane === undefined) throw new Error(`no pane ${id}`);
  const context = contextFor({
    frame: { pane: id, params },
    app: { policy: params["show"] === "suggestion" ? null : POLICY },
    status: engine.status,
    width: WIDE,
    height: 200,
  });
  const answers: Record<string, Answered> = {};
  for (const [key, { kind, ...ask }] of Object.entries(pane.asks(context)))
    answers[key] = { value: await engine.ask(kind, ask as never), stale: false, error: null };
  return pane.view(context, answers);
}

async function printed(engine: FeedingEngine, line: string, suffix: "md" | "csv" | "html"): Promise<string> {
  const words = shellWords(line).slice(1);
  if (words[0] !== "policy") return viewText(engine, parseArguments(words), line, `x.${suffix}`, "utc");
  const limit = words[1] === "replay" ? ["--limit", "100"] : [];
  const { stdout } = await headless([...words, ...limit, "-o", suffix, "--tz", "utc"]);
  return stdout;
}

describe.each(CASES.map((each) => [`${each.pane} ${JSON.stringify(each.params ?? {})}`, each] as const))(
  "%s",
  (_, one) => {
    it("has the columns of its table on the screen and printed, with the same cells", async () => {
      const engine = one.ofWhole === true ? whole : last;
      const table = one.table(engine);
      const { commandLine = "", lines } = await screenOf(engine, one);
      const drawn = lines.map((line) => lineText(line).replaceAll(/[›▲▼]/g, " "));
      const tables = markdownTables(await printed(engine, commandLine, "md"));
      const titles = printedTitles(table);
      const shown = screenColumns(table);

      const own = tables.find((each) => each.titles.join() === titles.join());
      expect(own, `${commandLine} prints ${tables.map((each) => each.titles.join()).join(" / ")}`).toBeDefined();
      if (!commandLine.startsWith("ktrail policy")) {
        const heads = [...(await printed(engine, commandLine, "html")).matchAll(/<thead><tr>(.*?)<\/tr>/g)];
        const ofHtml = heads.map(([, head = ""]) => head.replaceAll(/<\/th>/g, "|").replaceAll(/<[^>]*>/g, ""));
        // The last column of long texts stands below its row.
        expect(ofHtml.some((head) => [titles, titles.slice(0, -1)].some((all) => head === `${all.join("|")}|`))).toBe(
          true,
        );
        if (one.isBeside !== true) {
          const [fields = ""] = (await printed(engine, commandLine, "csv")).split("\n");
          if (table.fields !== undefined) expect(fields).toBe(table.fields.map(({ name }) => name).join());
        }
      }
      if (one.pane !== "coverage") {
        const wanted = shown.map(({ title, room }) => room?.(WIDE).title ?? title).filter((title) => title !== "");
        const head = drawn.find((line) => wanted.every((title) => line.includes(title)));
        expect(
          head
            ?.trim()
            .replaceAll(/ (UTC)/g, "")
            .split(/\s{2,}/),
        ).toEqual(wanted);
      }
      const compared = titles.flatMap((_title, at) => {
        const column = table.columns.filter(({ only }) => only !== "screen")[at];
        const isAlike =
          column?.isTime !== true && column?.only === undefined && one.shorter?.includes(column?.id ?? "") !== true;
        return isAlike ? [at] : [];
      });
      const isOnScreen = (row: readonly string[]): boolean =>
        drawn.some((line) =>
          compared.every((at) => ["-", "0"].includes(row[at] ?? "") || line.includes(row[at] ?? "")),
        );
      expect(
        own?.rows.some(isOnScreen),
        `none of ${JSON.stringify(own?.rows.slice(0, 2))} in ${drawn.slice(0, 9).join("\n")}`,
      ).toBe(true);
    });
  },
);

it("every pane whose command line prints a table is one of these, or says why not", () => {
  const known = new Set([...CASES.map(({ pane }) => pane), ...Object.keys(OTHERS)]);
  const params = { user: "alice@example.com", seq: "1", binding: "x", ...TRAIL };
  const lines = PANES.map(({ id, view }) => ({
    id,
    line: view(contextFor({ frame: { pane: id, params } }), {}).commandLine,
  }));
  expect(lines.filter(({ id, line }) => line !== undefined && !known.has(id))).toEqual([]);
});

/** Commands without a pane: what they print is seen nowhere else. */
const WITHOUT_PANE = ["redact/redact-answer.ts", "report/report-answer.ts", "store/ship.ts", "store/store-session.ts"];

it("no command has columns of its own", () => {
  const root = "src/cli";
  const own = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !WITHOUT_PANE.includes(path) && path !== "cells.ts")
    .filter((path) => /\b(?:column|numeric)\(|\bcolumns: \[\s*[^\]\s]/.test(readFileSync(join(root, path), "utf8")));
  expect(own).toEqual([]);
});
