import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RowsQuery } from "../../src/queries/contract.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import { orderByNumber } from "../../src/queries/number-order.ts";
import { eventLine, Feeder } from "../index/feeder.ts";

/** Requests received at these ms, in this order of arrival; every third is a delete. */
function feeder(receivedMs: readonly number[], capacity = Number.POSITIVE_INFINITY): Feeder {
  const made = new Feeder({ capacity });
  receivedMs.forEach((received, i) => {
    made.append(eventLine({ auditID: `id-${i}`, received, verb: i % 3 === 0 ? "delete" : "get" }));
  });
  return made;
}

const all = parseQuery("");

describe("pages of requests", () => {
  const queries = new IndexQueries(feeder([30, 10, 20, 50, 40, 60]).ring);
  const rows = (query: Partial<RowsQuery>): unknown => finish(queries.rows({ filter: all, ...query }));

  test.each<[string, Partial<RowsQuery>, unknown]>([
    ["the newest by arrival", { before: 2 }, { total: 6, first: 3, at: 5, rows: [3, 4, 5] }],
    ["the oldest", { anchor: "oldest", after: 2 }, { total: 6, first: 0, at: 0, rows: [0, 1] }],
    ["around a row", { anchor: { seq: 3 }, before: 1, after: 2 }, { total: 6, first: 2, at: 3, rows: [2, 3, 4] }],
    ["from a position", { position: 4, before: 1, after: 5 }, { total: 6, first: 3, at: 4, rows: [3, 4, 5] }],
    ["beyond the end", { position: 99, after: 3 }, { total: 6, first: 5, at: 5, rows: [5] }],
    [
      "by time received",
      { order: "received", anchor: "oldest", after: 10 },
      { total: 6, first: 0, at: 0, rows: [1, 2, 0, 4, 3, 5] },
    ],
    [
      "around a row by time",
      { order: "received", anchor: { seq: 4 }, before: 1, after: 2 },
      { total: 6, first: 2, at: 3, rows: [0, 4, 3] },
    ],
    [
      "of matches",
      { filter: parseQuery("verb:delete"), anchor: "oldest", after: 9 },
      { total: 2, first: 0, at: 0, rows: [0, 3] },
    ],
    [
      "around a row that does not match",
      { filter: parseQuery("verb:delete"), anchor: { seq: 1 }, after: 9 },
      { total: 2, first: 1, at: 1, rows: [3] },
    ],
    ["of nothing", { filter: parseQuery("verb:nope"), before: 5 }, { total: 0, first: 0, at: 0, rows: [] }],
    [
      "within a window",
      {
        window: { fromUs: (Date.UTC(2026, 10, 21) + 20) * 1e3, toUs: (Date.UTC(2026, 10, 21) + 50) * 1e3 },
        anchor: "oldest",
        after: 9,
      },
      { total: 3, first: 0, at: 0, rows: [0, 2, 4] },
    ],
  ])("%s", (_title, query, expected) => {
    expect(rows(query)).toEqual(expected);
  });

  test("next and previous match", () => {
    const filter = parseQuery("verb:delete");
    const seek = (seq: number, direction: 1 | -1): number | null => finish(queries.seek({ filter }, seq, direction));
    expect([seek(0, 1), seek(1, 1), seek(3, 1)]).toEqual([3, 3, null]);
    expect([seek(3, -1), seek(5, -1), seek(0, -1)]).toEqual([0, 3, null]);
  });

  test("walking by time from page to page shows every request once, in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        (times, page) => {
          const walked = new IndexQueries(feeder(times, 1_000).ring);
          const seen: number[] = [];
          for (let last: number | undefined; ; last = seen.at(-1)) {
            const anchor = last === undefined ? "oldest" : { seq: last };
            const { rows } = finish(
              walked.rows({ filter: all, order: "received", anchor, after: page + (last === undefined ? 0 : 1) }),
            );
            const fresh = last === undefined ? rows : rows.slice(1);
            if (fresh.length === 0) break;
            seen.push(...fresh);
          }
          const expected = [...times.keys()].sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 60, seed: 8 },
    );
  });
});

test("ordering by a number is a stable sort, without one last", () => {
  const time = fc.oneof(
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: -1e15, max: 1e15 }),
    fc.constant(Number.NaN),
  );
  fc.assert(
    fc.property(fc.array(time, { maxLength: 80 }), (times) => {
      const key = (i: number): number => (Number.isNaN(times[i]) ? Number.POSITIVE_INFINITY : (times[i] as number));
      const expected = [...times.keys()].sort((a, b) => (key(a) === key(b) ? a - b : key(a) < key(b) ? -1 : 1));
      expect([...orderByNumber(Float64Array.from(times))]).toEqual(expected);
    }),
    { numRuns: 500, seed: 9 },
  );
});

describe("while the log grows", () => {
  const live = (capacity?: number): { made: Feeder; queries: IndexQueries; count: (text: string) => number } => {
    const made = feeder([], capacity);
    const queries = new IndexQueries(made.ring);
    return { made, queries, count: (text) => finish(queries.count({ filter: parseQuery(text) })) };
  };

  test("new users, names and codes are seen by filters used before", () => {
    const { made, count } = live();
    for (let i = 0; i < 50; i++) {
      made.append(
        eventLine({
          auditID: `${i}`,
          received: i,
          user: { username: `user-${i}` },
          objectRef: { resource: "pods", name: `pod-${i}` },
        }),
      );
      expect([count("user:user-*"), count(`name:pod-${i}`), count("pod-"), count("-user:user-0")]).toEqual([
        i + 1,
        1,
        i + 1,
        i,
      ]);
    }
  });

  test("a request that is completed moves from in flight to its code", () => {
    const { made, count } = live();
    made.append(eventLine({ auditID: "a", stage: "RequestReceived", verb: "watch" }));
    expect([count('code:""'), count("code:200"), count("")]).toEqual([1, 0, 1]);
    made.append(eventLine({ auditID: "a", stage: "ResponseComplete", staged: 900, responseStatus: { code: 200 } }));
    expect([count('code:""'), count("code:200"), count("")]).toEqual([0, 1, 1]);
  });

  test("evicted requests are gone from every answer", () => {
    const { made, queries, count } = live(64);
    for (let i = 0; i < 1_000; i++) {
      made.append(eventLine({ auditID: `${i}`, received: i, user: { username: `user-${i % 7}` } }));
      if (i % 37 === 0) expect(count("")).toBe(made.ring.rowCount);
    }
    const { requests, rows } = finish(queries.groups({ filter: all, by: ["user"] }));
    expect(requests).toBe(made.ring.rowCount);
    expect(rows.reduce((sum, row) => sum + row.requests, 0)).toBe(made.ring.rowCount);
  });

  test("codes renumbered during a pause start the query afresh", () => {
    const { made, queries } = live(64);
    for (let i = 0; i < 64; i++) made.append(eventLine({ auditID: `${i}`, user: { username: `user-${i % 5}` } }));
    const steps = queries.groups({ filter: parseQuery("user:user-1,user-2"), by: ["user"] });
    steps.next();
    const ring = made.ring as { generation: number };
    ring.generation++;
    const result = finish(steps);
    expect(result.rows.map(({ key, requests }) => [key["user"], requests])).toEqual([
      ["user-1", 13],
      ["user-2", 13],
    ]);
  });
});
