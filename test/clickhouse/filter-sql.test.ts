import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SqlParams } from "../../src/clickhouse/sql/params.ts";
import { selectedSql } from "../../src/clickhouse/sql/source.ts";
import { FIELDS } from "../../src/events/fields.ts";
import type { Filter, ValueTest } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { RegexRefused } from "../../src/queries/safe-regex.ts";

const TIME = { referenceUs: 1_795_219_200_000_000, zone: "utc" } as const;
const SOURCE = { table: "`db`.`audit`", open: [], cluster: null };

function printed(filter: Filter | string): { readonly where: string; readonly values: readonly unknown[] } {
  const params = new SqlParams();
  const sql = selectedSql(SOURCE, { filter: typeof filter === "string" ? parseQuery(filter) : filter }, TIME, params);
  return { where: sql.slice("`db`.`audit` WHERE (".length, -1), values: Object.values(params.values) };
}

test.each([
  ["", "final", []],
  ["user:alice", "(final) AND (user = {p0:String})", ["alice"]],
  ["verb:get,list", "(final) AND (verb IN {p0:Array(String)})", [["get", "list"]]],
  ["-ns:demo", "(final) AND (NOT (namespace = {p0:String}))", ["demo"]],
  ["name:a_b*%", "(final) AND (name != '' AND name LIKE {p0:String})", [String.raw`a\_b%\%`]],
  ["reason:/^Not.*d$/i", "(final) AND (match(reason, {p0:String}))", ["(?-s)(?i)^Not.*d$"]],
  ["authreason:*", "(final) AND (auth_reason != '')", []],
  ["code:>=500", "(final) AND ((code != 0) AND (code >= {p0:Float64}))", [500]],
  ["latency:10ms..1s", null, [10, 1000]],
  ["group:system:masters", "(final) AND (arrayExists(v -> v = {p0:String}, groups))", ["system:masters"]],
  ["long:false", "(final) AND (NOT long)", []],
  ["since:15m until:5m", null, [1_795_218_300_000_000, 1_795_218_900_000_000]],
])("%s", (text, where, values) => {
  const got = printed(text);
  if (where !== null) expect(got.where).toBe(where);
  expect(got.values).toEqual(values);
});

test("times that hold for every request are conditions of their own, which leave out partitions", () => {
  expect(printed("since:2026-11-21T00:00:00Z verb:get").where).toMatch(
    /^\(final\) AND \(\(toUnixTimestamp64Micro\(received\) != 0\) AND \(received >= fromUnixTimestamp64Micro\(\{p0:Int64\}, 'UTC'\)\)\) AND \(verb =/,
  );
});

test("rows of requests that have not ended are named, or looked for where they are too many", () => {
  const sqlOf = (open: readonly number[] | null): string =>
    selectedSql({ ...SOURCE, open }, { filter: parseQuery("") }, TIME, new SqlParams());
  expect(sqlOf([7, 9])).toBe("`db`.`audit` WHERE (final OR seq IN {p0:Array(UInt64)})");
  expect(sqlOf(null)).toContain("final OR seq GLOBAL IN (SELECT argMax(seq");
});

test("what RE2 cannot do is refused in words", () => {
  const filter: Filter = { op: "match", field: "user", tests: [{ kind: "regex", source: "(?=a)b" }] };
  expect(() => printed(filter)).toThrow(RegexRefused);
  expect(() => printed(filter)).toThrow("look-around is not supported");
});

describe("values", () => {
  const text = fc.string({ unit: "grapheme", minLength: 3, maxLength: 12 }).map((odd) => `§${odd}'§`);
  const valueTest: fc.Arbitrary<ValueTest> = fc.oneof(
    fc.record({
      kind: fc.constantFrom("exact" as const, "literal" as const, "glob" as const, "contains" as const),
      text,
    }),
    fc.record({ kind: fc.constant("regex" as const), source: fc.constantFrom("§.*'§", "[§']+") }),
  );
  const fields = [...FIELDS.map(({ id }) => id), "any"].filter((id) => id !== "since" && id !== "until");

  test("of any field are parameters, never text of the query", () => {
    const filter = fc.record({
      field: fc.constantFrom(...fields),
      key: text,
      tests: fc.array(valueTest, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(filter, ({ field, key, tests }) => {
        const isKeyed = FIELDS.find(({ id }) => id === field)?.kind === "keyed";
        const { where } = printed({ op: "match", field, tests, ...(isKeyed ? { key } : {}) });
        expect(where).not.toContain("§");
      }),
      { numRuns: 300 },
    );
  });
});
