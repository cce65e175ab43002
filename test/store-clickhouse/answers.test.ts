import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouseStore } from "../../src/clickhouse/store/clickhouse-store.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { LocalEngine } from "../../src/engine/local-engine.ts";
import type { StoreEngine } from "../../src/engine/store-engine.ts";
import { DIMENSIONS, MATCH_ALL, ROW_ORDERS } from "../../src/queries/contract.ts";
import { COMPARE_SORTS } from "../../src/queries/compare-query.ts";
import { TIMED_TERM, withTerms } from "../../src/queries/latency-query.ts";
import { GROUP_SORTS, MEASURE_IDS } from "../../src/queries/measures.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { filterTexts } from "../support/filter-samples.ts";
import { type FilledStore, filledStore } from "../support/clickhouse-server/filled-store.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { near } from "../support/near.ts";
import { oracleRequests } from "../support/oracle.ts";

/** Another folder of logs, one event a line, and more questions. */
const LOGS = logsIn(process.env["KTRAIL_STORE_LOGS"] ?? DEMO);
const RUNS = Number(process.env["KTRAIL_STORE_RUNS"] ?? 12);
const signal = new AbortController().signal;

/** What the ring calls its own. */
function plain(facts: object): unknown {
  return { ...facts, seq: 0, apiserver: "", cutOff: false, source: null };
}

describeOwnServer("a store in ClickHouse answers as the ring does", () => {
  let filled: FilledStore;
  let store: StoreEngine;
  let ring: LocalEngine;
  const requests = oracleRequests(LOGS);
  const texts = filterTexts(requests);
  const isHistogram = requests.length > 65_536;

  beforeAll(async () => {
    ring = createEngine({ capacity: Number.POSITIVE_INFINITY, timeZone: "utc", inputs: LOGS }) as LocalEngine;
    filled = await filledStore(LOGS);
    store = filled.engine;
    await ring.loaded();
  }, 600_000);
  afterAll(async () => {
    await Promise.all([ring?.close(), filled?.close()]);
  });

  test("groups, with all their measures and details, in any order", async () => {
    const query = fc.record({
      text: texts,
      by: fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { maxLength: 2 }),
      sort: fc.constantFrom(...(isHistogram ? GROUP_SORTS.filter((id) => !/^p\d/.test(id)) : GROUP_SORTS)),
      reverse: fc.boolean(),
      limit: fc.constantFrom(1, 5, 1_000),
      more: fc.constantFrom(
        {},
        { latencyOf: "ended" as const },
        { sparkBuckets: 7, sparkPercentiles: ["p50", "p99"] as const },
        { distinct: ["object", "user"] as const, cadence: { each: "object" as const } },
      ),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ text, more, ...asked }) => {
        const all = { ...asked, ...more, filter: parseQuery(text), measures: MEASURE_IDS };
        expect(near(await store.store.aggregate(all, signal), isHistogram)).toEqual(
          near(await ring.store.aggregate(all, signal), isHistogram),
        );
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  test("pages of requests in any order", async () => {
    const query = fc.record({
      text: texts,
      order: fc.constantFrom("arrival" as const, ...ROW_ORDERS),
      isReversed: fc.boolean(),
      at: fc.constantFrom({}, { anchor: "oldest" as const }, { position: 7 }, { position: 400 }),
      before: fc.nat(5),
      after: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ text, at, isReversed, ...asked }) => {
        const reverse = isReversed && asked.order !== "arrival";
        const page = { ...asked, ...at, reverse, filter: parseQuery(text), auditIDs: true };
        const [told, expected] = [await store.store.rows(page, signal), await ring.store.rows(page, signal)];
        expect(near({ ...told, rows: told.rows.map(plain) })).toEqual(
          near({ ...expected, rows: expected.rows.map(plain) }),
        );
        const [own, other] = [told.rows.at(-1), expected.rows.at(-1)];
        if (own === undefined || other === undefined) return;
        const around = (seq: number): object => ({ ...asked, reverse, filter: parseQuery(text), anchor: { seq } });
        const found = await store.store.ids(around(own.seq) as never, signal);
        const wanted = await ring.store.ids(around(other.seq) as never, signal);
        expect([found.total, found.first, found.at]).toEqual([wanted.total, wanted.first, wanted.at]);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  test("points over time, comparisons, layers and accesses", async () => {
    const { fromUs, toUs } = ring.store.extent;
    const middle = Math.floor((fromUs + toUs) / 2);
    const query = fc.record({
      text: texts,
      by: fc.constantFrom(...DIMENSIONS),
      topValues: fc.constantFrom(1, 3, 100),
      stepMs: fc.constantFrom(1_000, 7_000, 60_000),
      measures: fc.constantFrom([], ["errors", "4xx", "bytes", "rate", "share", "lastSeen"] as const),
      sort: fc.constantFrom(...COMPARE_SORTS.filter((sort) => !isHistogram || !/^p\d/.test(sort))),
      names: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ text, by, topValues, stepMs, measures, sort, names }) => {
        const filter = parseQuery(text);
        const series = { filter, by, topValues, stepMs, measures };
        expect(near(await store.store.series(series, signal))).toEqual(near(await ring.store.series(series, signal)));
        const sides = { a: { window: { toUs: middle } }, b: { window: { fromUs: middle } } };
        const compare = { filter, by: [by], sort, limit: 20, ...sides };
        expect(near(await store.store.compare(compare, signal), isHistogram)).toEqual(
          near(await ring.store.compare(compare, signal), isHistogram),
        );
        const timed = withTerms({ filter }, TIMED_TERM);
        expect(near(await store.store.layers(timed, signal))).toEqual(near(await ring.store.layers(timed, signal)));
        const options = { names, seqsOf: () => 3 };
        const told = ({ rows }: Awaited<ReturnType<ClickHouseStore["accesses"]>>): string[] =>
          rows
            .map(({ seqs, attributes: { apiVersion: _version, ...attributes }, ...row }) => {
              const path = attributes.isResourceRequest ? "" : attributes.path;
              return JSON.stringify({ ...row, attributes: { ...attributes, path }, seqs: seqs.length });
            })
            .sort();
        expect(told(await store.store.accesses({ filter }, options, signal))).toEqual(
          told(await ring.store.accesses({ filter }, options, signal)),
        );
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  }, 600_000);

  test("originals byte for byte, places, sizes, objects, keys and the whole", async () => {
    const page = { filter: MATCH_ALL, order: "received", anchor: "oldest", before: 0, after: 50 } as const;
    const read = async (engine: LocalEngine | StoreEngine): Promise<unknown> => {
      const { rows } = await engine.store.rows({ ...page, auditIDs: true }, signal);
      const ids = [...rows.map(({ seq }) => seq), 1e9];
      const events: string[] = [];
      for await (const { at, event } of engine.store.originals(ids, signal))
        events[at] = "bytes" in event ? Buffer.from(event.bytes).toString("latin1") : event.missing;
      const located = await engine.store.locate([...rows, { auditID: "none", receivedUs: 5 }], signal);
      const { seq = 0 } = rows[3] ?? {};
      const { source: _source, facts, event: _event, ...request } = (await engine.store.request(seq)) ?? { facts: {} };
      const objects = await engine.store.objects({ filter: MATCH_ALL, text: "", limit: 30 }, signal);
      const named = await engine.store.objects({ filter: MATCH_ALL, text: "nginx", limit: 10 }, signal);
      return {
        events,
        sizes: await engine.store.bytesOf(ids),
        isLocated: located.map((id, at) => id === (ids[at] ?? -1)),
        request: { ...request, facts: plain(facts as object) },
        objects: [...objects.rows, ...named.rows].map(({ lastSeq: _last, ...row }) => row),
        totals: [objects.total, named.total],
        keys: await engine.store.annotationKeys(signal),
        summary: await engine.store.summary(signal),
      };
    };
    expect(near(await read(store))).toEqual(near(await read(ring)));
  }, 60_000);

  test("lives, causes and continuity", async () => {
    const objects = await ring.ask("objects", { text: "", limit: Number(process.env["KTRAIL_STORE_OBJECTS"] ?? 6) });
    /** Rows are numbered by whoever keeps them. */
    const told = (answer: unknown): unknown =>
      JSON.parse(
        JSON.stringify(answer, (key, value: unknown) => (key === "seq" || key === "seqs" ? undefined : value)),
      );
    // Neighbours are told out of one lineage.
    const found = objects.rows.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
    for (const { resource, namespace, name } of found) {
      const ask = { object: `${resource}/${name}`, ...(namespace === "" ? {} : { namespace }) };
      expect(told(await store.ask("trail", ask)), JSON.stringify(ask)).toEqual(told(await ring.ask("trail", ask)));
      expect(told(await store.ask("why", ask)), JSON.stringify(ask)).toEqual(told(await ring.ask("why", ask)));
    }
    expect(await store.ask("continuity", {})).toEqual(await ring.ask("continuity", {}));
    const { extent } = store.store;
    expect([extent.inFlight, extent.cutOff]).toEqual([ring.store.extent.inFlight, ring.store.extent.cutOff]);
  }, 600_000);
});
