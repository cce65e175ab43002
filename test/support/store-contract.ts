import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DIMENSIONS, type GroupResult, MATCH_ALL, type SeriesPoint } from "../../src/queries/contract.ts";
import { GROUP_SORTS, MEASURE_IDS } from "../../src/queries/measures.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { filterTexts } from "./filter-samples.ts";
import { type CoreStore, NaiveStore } from "./naive-store.ts";
import type { OracleRequest } from "./oracle.ts";

const signal = new AbortController().signal;

/** Sums of floats differ in their last digits by the order of adding. */
function rounded({ rows, span, ...result }: GroupResult, isTimed: boolean): unknown {
  const ms = (value: number): number => Math.round(value * 1e3);
  return {
    ...result,
    // A filter's own times cut the span in the ring.
    span: isTimed ? null : span,
    rows: rows.map(({ latencyMs, share, rate, spark, sparkLatencyMs, ...row }) => ({
      ...row,
      spark: isTimed ? null : spark,
      sparkLatencyMs: isTimed ? null : Object.values(sparkLatencyMs ?? {}).map((line) => line.map(ms)),
      share: share.toFixed(9),
      rate: isTimed ? 0 : rate.toFixed(9),
      latencyMs: latencyMs && Object.values(latencyMs).map(ms),
    })),
  };
}

function pointOf({ t, requests, by, share = 0, rate = 0, latencyMs = null, ...others }: SeriesPoint): unknown {
  const { errors, bytes, firstSeen, lastSeen } = others;
  const point = { requests, by, errors, bytes, firstSeen, lastSeen };
  const rounded = [share, rate, ...(latencyMs === null ? [] : Object.values(latencyMs))];
  return { ms: Date.parse(t), ...point, isTimed: latencyMs !== null, rounded: rounded.map((one) => one.toFixed(6)) };
}

async function namesOf(store: CoreStore, ids: readonly number[]): Promise<string[]> {
  const names: string[] = ids.map(() => "");
  for await (const { at, event } of store.originals(ids, signal)) {
    if (!("bytes" in event)) throw new Error(event.missing);
    const { auditID, requestReceivedTimestamp } = JSON.parse(Buffer.from(event.bytes).toString()) as {
      readonly auditID: string;
      readonly requestReceivedTimestamp: string;
    };
    names[at] = `${auditID} ${requestReceivedTimestamp}`;
  }
  return names;
}

/** What a store has to answer as parsed JSON does, over generated questions about the same requests: tests, to be called where they are told. */
export function sameAsParsed(store: () => CoreStore, requests: readonly OracleRequest[], runs: number): void {
  const naive = new NaiveStore(requests);
  const filters = filterTexts(requests).map((text) => parseQuery(text));

  test("groups by any keys, in any order, are the same from every store", async () => {
    const query = fc.record({
      filter: filters,
      by: fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { maxLength: 2 }),
      sort: fc.constantFrom(...GROUP_SORTS),
      reverse: fc.boolean(),
      limit: fc.constantFrom(1, 5, 1_000),
      latencyOf: fc.constantFrom("answered" as const, "ended" as const),
      sparkBuckets: fc.constantFrom(0, 7),
      sparkPercentiles: fc.subarray(["p50", "p90", "p99"] as const),
      distinct: fc.subarray(["user", "verb", "object"] as const),
      cadence: fc.constantFrom({}, undefined),
    });
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const { cadence, ...others } = asked;
        const all = { ...others, ...(cadence === undefined ? {} : { cadence }), measures: MEASURE_IDS };
        const isTimed = /"(?:since|until)"/.test(JSON.stringify(asked.filter));
        const ring = rounded(await store().aggregate(all, signal), isTimed);
        expect(ring).toEqual(rounded(await naive.aggregate(all), isTimed));
      }),
      { numRuns: runs },
    );
  });

  test("series have the same points, pages the same requests", async () => {
    const page = fc.record({
      filter: filters,
      order: fc.constantFrom("arrival" as const, "received" as const, "latency" as const),
      reverse: fc.boolean(),
      position: fc.nat(40),
      before: fc.nat(5),
      after: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(page, fc.constantFrom("code" as const, "verb" as const), async (asked, by) => {
        const rows = { ...asked, reverse: asked.reverse && asked.order !== "arrival" };
        const [ring, plain] = [await store().ids(rows, signal), await naive.ids(rows)];
        expect({ ...ring, rows: await namesOf(store(), ring.rows) }).toEqual({
          ...plain,
          rows: await namesOf(naive, plain.rows),
        });
        const series = { filter: asked.filter, by, stepMs: 30_000, measures: MEASURE_IDS };
        const told = (await store().series(series, signal)).points.filter((point) => point.requests > 0);
        expect(told.map(pointOf)).toEqual((await naive.series(series)).points.map(pointOf));
      }),
      { numRuns: Math.ceil(runs * 0.6) },
    );
  });
}

/** What holds of any store by itself. */
export function wholeInItself(store: () => CoreStore, requests: readonly OracleRequest[]): void {
  const naive = new NaiveStore(requests);
  test("counts a whole as its groups, and a request once", async () => {
    const whole = await store().aggregate({ filter: MATCH_ALL, by: [] }, signal);
    const byVerb = await store().aggregate({ filter: MATCH_ALL, by: ["verb"] }, signal);
    expect(whole.requests).toBe(requests.length);
    expect(byVerb.rows.reduce((sum, row) => sum + row.requests, 0)).toBe(whole.requests);
    expect(byVerb.rows.reduce((sum, row) => sum + row.share, 0)).toBeCloseTo(1, 9);
  });

  test("leaves out ids it does not keep", async () => {
    const { rows } = await store().ids({ filter: MATCH_ALL, anchor: "oldest", after: 2 }, signal);
    const asked = [rows[1] as number, 1e9, rows[0] as number];
    const found: number[] = [];
    for await (const { at } of store().originals(asked, signal)) found.push(at);
    expect(found.sort()).toEqual([0, 2]);
    const sizes = await store().bytesOf(asked);
    expect(sizes[1]).toBeNull();
    expect(sizes[0]).toBeGreaterThan(100);
  });

  test("names objects, the most requested first", async () => {
    const query = { filter: parseQuery("ns:demo code:<400"), text: "", limit: 5 };
    const { lastSeq: _own, ...first } = (await store().objects(query, signal)).rows[0] ?? { lastSeq: 0 };
    const { lastSeq: _other, ...expected } = (await naive.objects(query)).rows[0] ?? { lastSeq: 0 };
    expect(first).toEqual(expected);
    expect((await store().objects(query, signal)).total).toBe((await naive.objects(query)).total);
  });
}
