import { describe, expect, test } from "vitest";
import type { Dimension, GroupQuery } from "../../src/queries/contract.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import { MAX_POINTS, stepText } from "../../src/queries/series-query.ts";
import { topOf } from "../../src/queries/top-rows.ts";
import { distinctOf } from "../../src/queries/summary.ts";
import { eventLine, type EventFields, Feeder } from "../index/feeder.ts";

const all = parseQuery("");

function queriesOf(events: readonly Partial<EventFields>[]): { made: Feeder; queries: IndexQueries } {
  const made = new Feeder();
  events.forEach((event, i) => made.append(eventLine({ auditID: `id-${i}`, ...event })));
  return { made, queries: new IndexQueries(made.ring) };
}

const by = (username: string, received: number, staged = received + 5, code = 200): Partial<EventFields> => ({
  user: { username },
  received,
  staged,
  responseStatus: { code },
});

describe("groups", () => {
  const { queries } = queriesOf([
    by("b", 0, 10),
    by("a", 1_000, 1_020, 404),
    by("b", 2_000, 2_030, 500),
    by("c", 4_000, 4_001),
  ]);
  const top = (query: Partial<GroupQuery>): (string | undefined)[] =>
    finish(queries.groups({ filter: all, by: ["user"], ...query })).rows.map(({ key }) => key["user"]);

  test("sorts by any figure, ties by key, and turns round", () => {
    expect(top({})).toEqual(["b", "a", "c"]);
    expect(top({ sort: "key", reverse: true })).toEqual(["c", "b", "a"]);
    expect(top({ sort: "errors" })).toEqual(["a", "b", "c"]);
    expect(top({ sort: "p99" })).toEqual(["b", "a", "c"]);
    expect(top({ sort: "max", reverse: true })).toEqual(["c", "a", "b"]);
    expect(top({ sort: "lastSeen" })).toEqual(["c", "b", "a"]);
    expect(top({ sort: "sum", limit: 1 })).toEqual(["b"]);
    expect(top({ sort: "bytes" })).toEqual(["b", "a", "c"]);
    expect(top({ sort: "5xx", measures: ["requests"] })).toEqual(["b", "a", "c"]);
  });

  test("figures of one row", () => {
    const result = finish(queries.groups({ filter: all, by: ["user"], limit: 1, sparkBuckets: 4 }));
    expect(result).toMatchObject({ requests: 4, groups: 3, span: { from: "2026-11-21T00:00:00.000000Z", seconds: 4 } });
    expect(result.rows).toEqual([
      {
        key: { user: "b" },
        requests: 2,
        share: 0.5,
        rate: 0.5,
        errors: { "4xx": 0, "5xx": 1 },
        latencyMs: { p50: 10, p90: 30, p99: 30, max: 30, sum: 40 },
        firstSeen: "2026-11-21T00:00:00.000000Z",
        lastSeen: "2026-11-21T00:00:02.000000Z",
        bytes: null,
        spark: [1, 0, 1, 0],
      },
    ]);
  });

  test("without dimensions it is one row of totals, without matches none", () => {
    expect(finish(queries.groups({ filter: all, by: [] })).rows).toMatchObject([{ key: {}, requests: 4 }]);
    expect(finish(queries.groups({ filter: parseQuery("user:nobody"), by: [] })).rows).toEqual([]);
    expect(finish(new IndexQueries(new Feeder().ring).groups({ filter: all, by: ["user"] }))).toEqual({
      requests: 0,
      groups: 0,
      by: ["user"],
      span: { from: null, to: null, seconds: 0 },
      rows: [],
    });
  });

  test("watches and what is in flight are counted, but have no latency", () => {
    const { queries } = queriesOf([
      { verb: "watch", staged: 600_000 },
      { verb: "get", stage: "RequestReceived" },
      { verb: "create", objectRef: { resource: "pods", subresource: "exec" }, staged: 90_000 },
      { verb: "get", stage: "ResponseStarted", user: {}, staged: 3, responseStatus: { code: 401 } },
    ]);
    expect(finish(queries.groups({ filter: all, by: [] })).rows).toMatchObject([
      { requests: 4, latencyMs: { max: 3, sum: 3 } },
    ]);
    expect(finish(queries.count({ filter: parseQuery("latency:>=3ms") }))).toBe(3);
  });

  test("keys that are names of object properties are only names", () => {
    const names = ["__proto__", "constructor", "toString", "other"];
    const { queries } = queriesOf(names.map((name, i) => by(name, i)));
    const { rows } = finish(queries.groups({ filter: all, by: ["user"] }));
    expect(rows.map(({ key }) => key["user"]).sort()).toEqual([...names].sort());
    const { points } = finish(queries.series({ filter: all, by: "user", stepMs: 1_000 }));
    expect(
      Object.entries(points[0]?.by ?? {})
        .map(([name]) => name)
        .sort(),
    ).toEqual([...names].sort());
  });

  test("a heap of the best equals sorting everything", () => {
    const values = Array.from({ length: 500 }, (_, i) => (i * 7919) % 263);
    const compare = (a: number, b: number): number => (values[b] as number) - (values[a] as number) || a - b;
    const sorted = [...values.keys()].sort(compare);
    for (const limit of [0, 1, 10, 124, 125, 499, 1_000])
      expect(finish(topOf(500, limit, compare))).toEqual(sorted.slice(0, limit));
  });
});

describe("very many groups a block", () => {
  /** Blocks hold 2,048 rows: the first few groups, later ones more than a block keeps; of 20 objects there are requests in all. */
  const events = Array.from({ length: 7_000 }, (_, i): Partial<EventFields> => {
    const name = i < 2_048 || i % 7 === 0 ? `usual-${i % 20}` : `pod-${Math.floor(i / 1.2)}`;
    const namespace = `ns-${i % 3}`;
    return {
      ...by(`user-${name}`, i, i + (i % 90), [200, 200, 404, 201, 503][i % 5]),
      verb: i % 11 === 0 ? "watch" : "get",
      objectRef: { resource: "pods", namespace, name, apiVersion: "v1" },
    };
  });
  const made = new Feeder({ capacity: 32_768 });
  made.append(...events.map((event, i) => eventLine({ auditID: `id-${i}`, ...event })));
  const queries = new IndexQueries(made.ring);

  test.each(["object", "user", "name,namespace", "verb,object", "code,user,namespace"])(
    "the first of them by %s are as those of all",
    (dimensions) => {
      const groupBy = dimensions.split(",") as Dimension[];
      for (const [filter, sort, reverse] of [
        ["", "requests", false],
        ["", "4xx", false],
        ["code:>=400", "errors", true],
        ["", "5xx", true],
      ] as const) {
        const query = { filter: parseQuery(filter), by: groupBy, sort, reverse, sparkBuckets: 3 } as const;
        const whole = finish(queries.groups({ ...query, limit: 2_000 }));
        expect(whole.groups).toBeGreaterThan(1_100);
        const { rows, ...figures } = finish(queries.groups({ ...query, limit: 30 }));
        expect({ ...figures, rows }).toEqual({ ...whole, rows: whole.rows.slice(0, 30) });
      }
    },
  );

  test("counts each", () => {
    const counts = new Map<string, number>();
    for (const { objectRef } of events) {
      const { namespace, name } = objectRef as { readonly namespace: string; readonly name: string };
      const object = `${namespace}/pods/${name}`;
      counts.set(object, (counts.get(object) ?? 0) + 1);
    }
    const { rows, groups } = finish(queries.groups({ filter: all, by: ["object"], limit: 40 }));
    expect(groups).toBe(counts.size);
    for (const { key, requests } of rows) expect(requests).toBe(counts.get(key["object"] ?? ""));
    expect(rows[0]?.requests).toBe(Math.max(...counts.values()));
  });
});

describe("series", () => {
  const { queries } = queriesOf([by("a", 500), by("b", 900), by("a", 3_200), by("c", 3_900)]);

  test("starts at multiples of the step and shows empty points", () => {
    const { step, points } = finish(queries.series({ filter: all, stepMs: 1_000 }));
    expect(step).toBe("1s");
    expect(points.map(({ t, requests }) => [t.slice(11, 19), requests])).toEqual([
      ["00:00:00", 2],
      ["00:00:01", 0],
      ["00:00:02", 0],
      ["00:00:03", 2],
    ]);
  });

  test("by value, the smaller ones as other", () => {
    const { points } = finish(queries.series({ filter: all, by: "user", stepMs: 2_000, topValues: 1 }));
    expect(points.map((point) => point.by)).toEqual([
      { a: 1, other: 1 },
      { a: 1, other: 1 },
    ]);
  });

  test("covers the whole log whatever the filter", () => {
    const { points } = finish(queries.series({ filter: parseQuery("user:b"), stepMs: 1_000 }));
    expect(points.map(({ requests }) => requests)).toEqual([1, 0, 0, 0]);
  });

  test("a stray date makes the step longer instead of millions of points", () => {
    const { queries } = queriesOf([by("a", 0), by("a", -50 * 365 * 86_400_000)]);
    const { points, stepMs } = finish(queries.series({ filter: all, stepMs: 1_000 }));
    expect(points.length).toBeLessThanOrEqual(MAX_POINTS + 1);
    expect(stepMs % 1_000).toBe(0);
    expect(points.reduce((sum, { requests }) => sum + requests, 0)).toBe(2);
  });

  test.each([
    [60_000, "1m"],
    [500, "500ms"],
    [5_400_000, "1h30m"],
    [90_000, "1m30s"],
    [86_400_000, "24h"],
  ])("%i ms is %s", (ms, text) => {
    expect(stepText(ms)).toBe(text);
  });
});

describe("what info says of the rows", () => {
  test("distinct values, without the empty one and without subresources", () => {
    const { made } = queriesOf([
      { user: { username: "a" }, objectRef: { resource: "pods", namespace: "x", name: "p" } },
      { user: { username: "b" }, objectRef: { resource: "pods", namespace: "x", name: "p", subresource: "status" } },
      { user: {}, objectRef: { resource: "nodes", name: "n" } },
    ]);
    expect(distinctOf(made.ring)).toEqual({ user: 2, resource: 2, namespace: 1 });
  });
});
