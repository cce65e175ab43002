import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_NESTING, parseJson, TOO_DEEP } from "../../src/events/json.ts";

/** What parseJson promises, by recursion over the parsed value. */
function cut(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === MAX_NESTING) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((item) => cut(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, depth + 1)]));
}

/** Text nested `levels` deep, lists and objects in turn, with siblings that hold brackets and quotes in strings. */
function nested(levels: number): string {
  let text = '"end"';
  for (let level = levels; level > 0; level--) {
    text = level % 2 === 0 ? `["]\\"\\\\",${text},{}]` : `{"a":"[{","b\\\\":${text},"c":[1]}`;
  }
  return text;
}

describe("JSON of a log", () => {
  test.each([1, MAX_NESTING - 1, MAX_NESTING, MAX_NESTING + 1, MAX_NESTING + 2, 900])("%i levels", (levels) => {
    expect(parseJson(nested(levels))).toEqual(cut(JSON.parse(nested(levels))));
  });

  test("any value is JSON.parse's, wherever it lies", () => {
    const [head, tail] = ["[".repeat(MAX_NESTING - 2), "]".repeat(MAX_NESTING - 2)];
    fc.assert(
      fc.property(fc.json({ maxDepth: 6, noUnicodeString: false }), (text) => {
        const deep = `${head}${text}${tail}`;
        expect(parseJson(deep)).toEqual(cut(JSON.parse(deep)));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  test("a million levels are no matter", () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const text = `{"head":1,"deep":${open.repeat(1e6)}1${close.repeat(1e6)},"tail":2}`;
      expect(parseJson(text)).toMatchObject({ head: 1, tail: 2 });
    }
  });

  test("what is no JSON is refused with its own positions", () => {
    for (const text of [
      "[".repeat(5_000),
      `${"[".repeat(5_000)}]]x`,
      `{"a":"${"x".repeat(500)}`,
      "",
      nested(300).slice(0, -1),
    ]) {
      let own = "";
      try {
        JSON.parse(text);
      } catch (error) {
        own = String(error);
      }
      expect(() => parseJson(text)).toThrow(own.slice("SyntaxError: ".length));
    }
  });

  test("a reviver sees what is left", () => {
    const value = parseJson(nested(400), (_, item) => (typeof item === "number" ? String(item) : item));
    expect(JSON.stringify(value)).toContain('"c":["1"]');
  });

  test("is parsed in one place", () => {
    /** Their own texts, or single strings. */
    const allowed = new Set([
      "cli/mcp/fit.ts",
      "cli/view-text.ts",
      "clickhouse/ship/journal-file.ts",
      "clickhouse/ship/sender.ts",
      "clickhouse/store/rows.ts",
      "config/marks-text.ts",
      "events/json.ts",
      "findings/objects/pods-failing.ts",
      "findings/server/webhook-fail-open.ts",
      "formats/shape/json-bytes.ts",
      "formats/shape/sample-events.ts",
      "index/tables.ts",
      "ingest/scanner/event-codes.ts",
      "lineage/scan/string-cache.ts",
      "panes/overview/movers.ts",
      "panes/request/index.ts",
      "policy/read-policy.ts",
    ]);
    /** Samples of formats are made of events that stand in the source. */
    const parses = /\bJSON\.parse\((?!V1_|LIST_ITEM|entry\(V1_|event\) as object)/;
    const src = resolve(import.meta.dirname, "../../src");
    const users = readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path))
      .filter((path) => parses.test(readFileSync(resolve(src, path), "utf8")));
    expect(users.filter((path) => !allowed.has(path))).toEqual([]);
  });
});
