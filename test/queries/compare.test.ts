import { beforeAll, describe, expect, test } from "vitest";
import { selectionOfSide } from "../../src/queries/compare-query.ts";
import { readSide, usualSides } from "../../src/queries/compare-side.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { inputTest } from "../../src/queries/input-test.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { ringOf } from "../support/ring-of.ts";

const us = (time: string): number => Date.parse(`2026-11-21T${time}Z`) * 1_000;

describe("a comparison of the bundled log", () => {
  const paths = logsIn(DEMO);
  let queries!: IndexQueries;
  beforeAll(() => {
    queries = new IndexQueries(ringOf(paths));
  });

  test("has both sides of every group, as two groupings have them", () => {
    const query = {
      filter: parseQuery("actor:human,serviceaccount"),
      a: { window: { fromUs: us("00:03:00"), toUs: us("00:08:00") } },
      b: { window: { fromUs: us("00:08:00"), toUs: us("00:17:00") }, filter: parseQuery("-verb:watch") },
      by: ["who", "verb"] as const,
    };
    const result = finish(queries.compare(query));
    const sides = ([query.a, query.b] as const).map((side) =>
      finish(queries.groups({ ...selectionOfSide(query, side), by: query.by })),
    );
    const keys = new Set(sides.flatMap(({ rows }) => rows.map(({ key }) => JSON.stringify(key))));
    expect(new Set(result.rows.map(({ key }) => JSON.stringify(key)))).toEqual(keys);
    expect(result.groups).toBe(keys.size);
    for (const [at, name] of (["a", "b"] as const).entries()) {
      const side = sides[at];
      expect(result[name]).toMatchObject({ requests: side?.requests, span: side?.span });
      for (const row of result.rows) {
        const own = side?.rows.find(({ key }) => JSON.stringify(key) === JSON.stringify(row.key));
        expect(row[name].requests).toBe(own?.requests ?? 0);
        expect(row[name].rate).toBeCloseTo((own?.requests ?? 0) / (side?.span.seconds ?? 1), 9);
        expect(row[name].errors).toEqual(own?.errors ?? { "4xx": 0, "5xx": 0 });
        expect(row[name].latencyMs).toEqual(own?.latencyMs ?? null);
      }
    }
  });

  test("puts what is new or gone beyond chance first, then the largest changes, then the rest", () => {
    const { a, b } = usualSides(null, { fromUs: us("00:02:26"), toUs: us("00:17:02") }) ?? { a: {}, b: {} };
    const { rows } = finish(queries.compare({ filter: MATCH_ALL, a, b, by: ["who"] }));
    const tier = (row: (typeof rows)[number]): number => {
      const isAlone = row.change === "new" || row.change === "gone";
      return Math.abs(row.significance) >= 3 ? (isAlone ? 0 : 1) : isAlone ? 2 : 3;
    };
    expect(rows[0]).toMatchObject({ key: { who: "load/burst" }, change: "new", a: { requests: 0 } });
    expect(rows.map(tier)).toEqual(rows.map(tier).toSorted((x, y) => x - y));
    for (const [at, row] of rows.entries()) {
      const next = rows[at + 1];
      if (next !== undefined && tier(next) === tier(row))
        expect(Math.abs(row.rateChange)).toBeGreaterThanOrEqual(Math.abs(next.rateChange));
    }
  });

  test("sorts by the difference of a percentile where both sides have enough requests", () => {
    const a = { window: { toUs: us("00:09:00") } };
    const b = { window: { fromUs: us("00:09:00") } };
    const { rows } = finish(
      queries.compare({ filter: MATCH_ALL, a, b, by: ["verb", "resource"], sort: "p99", limit: 5 }),
    );
    const differences = rows.map((row) => Math.abs((row.b.latencyMs?.p99 ?? 0) - (row.a.latencyMs?.p99 ?? 0)));
    expect(differences).toEqual(differences.toSorted((x, y) => y - x));
    for (const row of rows) expect(Math.min(row.a.requests, row.b.requests)).toBeGreaterThanOrEqual(20);
  });

  test("of inputs is by rate, over the time of each", () => {
    const [first = "", second = ""] = paths;
    const time = { referenceUs: us("00:17:02"), zone: "utc", inputs: paths } as const;
    const result = finish(
      queries.compare({ filter: MATCH_ALL, a: readSide(first, time), b: readSide(second, time), by: ["input"] }),
    );
    expect(result.rows.map(({ key, change }) => [key["input"], change]).toSorted()).toEqual(
      [
        [first, "gone"],
        [second, "new"],
      ].toSorted(),
    );
    const own = finish(queries.groups({ filter: MATCH_ALL, by: ["input"] })).rows.find(
      ({ key }) => key["input"] === first,
    );
    expect(result.a.requests).toBe(own?.requests);
    expect(result.a.span).toMatchObject({ from: own?.firstSeen, to: own?.lastSeen });
    expect(result.sameLength).toBe(false);
  });
});

describe("a side", () => {
  const reference = {
    referenceUs: us("00:17:00"),
    zone: "utc",
    inputs: ["cp1/audit.log", "cp2/audit.log", "other/b.log"],
  } as const;

  test.each([
    ["00:05..00:08", { window: { fromUs: us("00:05:00"), toUs: us("00:08:00") }, terms: [] }],
    ["00:08..00:18", { window: { fromUs: us("00:08:00"), toUs: us("00:18:00") } }],
    ["now-10m..", { window: { fromUs: us("00:07:00") }, terms: [] }],
    ["b.log", { terms: ["input:b.log"] }],
    ["other/*", { terms: ["input:other/*"] }],
    ["other/b.log", { terms: ['input:"other/b.log"'] }],
    ["cp1", { terms: ['input:"cp1"'] }],
    ["audit.log", { terms: ["input:audit.log"] }],
    ["apiserver:cp1", { terms: ["apiserver:cp1"] }],
    ["-user:alice", { terms: ["-user:alice"] }],
  ])("%s", (text, expected) => {
    expect(readSide(text, reference)).toMatchObject(expected);
  });

  test.each([
    ["c.log", "no input: cp1/audit.log"],
    ["2m..8m", "ends before it starts"],
    ["usr:alice", "usr"],
    ["..", "no range of times"],
  ])("%s is refused", (text, sentence) => {
    expect(() => readSide(text, reference)).toThrow(sentence);
  });

  test("nobody named is the time before the window, or the earlier half of the log", () => {
    const log = { fromUs: us("00:00:00"), toUs: us("00:10:00") };
    const window = { fromUs: us("00:04:00"), toUs: us("00:05:00") };
    expect(usualSides(window, log)).toMatchObject({
      a: { window: { fromUs: us("00:03:00"), toUs: us("00:04:00") } },
      b: { window },
    });
    // Without a start there is nothing before it.
    const until = usualSides({ toUs: us("00:05:00") }, log);
    expect(until).toEqual({
      a: { text: "", terms: [], window: { fromUs: us("00:00:00"), toUs: us("00:02:30") } },
      b: { text: "", terms: [], window: { fromUs: us("00:02:30"), toUs: us("00:05:00") } },
    });
    const halves = usualSides(null, log);
    expect(halves?.a.window?.toUs).toBe(halves?.b.window?.fromUs);
    expect(usualSides(null, { fromUs: us("00:00:00"), toUs: us("00:00:00") })).toBeNull();
  });
});

describe("input:", () => {
  test.each([
    ["exact", "audit.log", true],
    ["exact", "cp1", true],
    ["exact", "cp1/audit.log", true],
    ["exact", "dit.log", false],
    ["literal", "audit.log", false],
    ["literal", "./logs/cp1/", true],
    ["literal", "logs/cp", false],
    ["glob", "aud*", true],
    ["glob", "logs/*", true],
    ["glob", "cp*", false],
  ] as const)("%s %s", (kind, text, expected) => {
    expect(inputTest([{ kind, text }])("logs/cp1/audit.log")).toBe(expected);
  });
});
