import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GroupQuery, Selection, SeriesQuery } from "../../src/queries/contract.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import { eventLine, Feeder, microsOf } from "../index/feeder.ts";
import { runs } from "../support/runs.ts";

type Step =
  /** Requests `stages` of which are logged at once; the others may come with `complete`. */
  | { readonly kind: "append" | "prepend"; readonly requests: readonly Request[] }
  | { readonly kind: "complete"; readonly pick: number };

interface Request {
  readonly user: number;
  readonly verb: string;
  readonly name: string;
  readonly code: number;
  readonly received: number;
  readonly latency: number;
  readonly isOpen: boolean;
  readonly isUntimed: boolean;
}

const request: fc.Arbitrary<Request> = fc.record({
  user: fc.integer({ min: 0, max: 4 }),
  verb: fc.constantFrom("get", "list", "watch", "create"),
  name: fc.constantFrom("a", "b", "c", ""),
  code: fc.constantFrom(200, 201, 404, 500),
  received: fc.integer({ min: 0, max: 60_000 }),
  latency: fc.integer({ min: 0, max: 5_000 }),
  isOpen: fc.boolean(),
  isUntimed: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("append"), requests: fc.array(request, { maxLength: 30 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("prepend"), requests: fc.array(request, { maxLength: 9 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("complete"), pick: fc.nat() }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 1, maxLength: 30 },
);

const window = { fromUs: microsOf(10_000), toUs: microsOf(40_000) };
const groups: readonly GroupQuery[] = [
  { filter: parseQuery(""), by: ["user"] },
  { filter: parseQuery(""), by: ["user"], window, measures: ["requests"] },
  { filter: parseQuery("code:>=400"), by: ["code", "verb"], sort: "p99" },
  { filter: parseQuery("-verb:get"), by: ["object"], sort: "lastSeen", limit: 2, sparkBuckets: 5 },
  { filter: parseQuery("latency:>1s OR code:404"), by: ["group", "class"], window },
  { filter: parseQuery("user:u1 since:2026-11-21T00:00:20Z"), by: [] },
  // Filters that were asked before, otherwise: their rows are known.
  { filter: parseQuery("-verb:get"), by: ["user"], window, sparkBuckets: 3 },
  { filter: parseQuery("latency:>1s OR code:404"), by: ["user"], sort: "p99" },
  { filter: parseQuery("code:>=400"), by: ["object"], window },
];
const visits: readonly Selection[] = [
  { filter: parseQuery("") },
  { filter: parseQuery("-verb:get"), window },
  { filter: parseQuery("latency:>1s OR code:404") },
];
const series: readonly SeriesQuery[] = [
  { filter: parseQuery(""), by: "class", stepMs: 7_000 },
  { filter: parseQuery("verb:list,watch"), by: "group", buckets: 9, window },
  { filter: parseQuery("name:a"), stepMs: 1_000 },
];

/** Sequence numbers of the rows that a pass over them is told. */
function visited(queries: IndexQueries, selection: Selection): readonly number[] {
  return finish(
    queries.visit(selection, () => {
      const seqs: number[] = [];
      return {
        extend: () => undefined,
        add: (_, { firstSeq }, rows, count) => {
          for (const row of rows.subarray(0, count)) seqs.push(firstSeq + row);
        },
        *result() {
          yield;
          return seqs;
        },
      };
    }),
  );
}

class Log {
  readonly made: Feeder;
  private readonly open: { readonly id: string; readonly request: Request }[] = [];
  private next = 0;

  constructor(capacity: number, dictionaryBytes: number) {
    this.made = new Feeder({ capacity, dictionaryBytes });
  }

  take(step: Step): void {
    if (step.kind === "complete") {
      const [done] = this.open.splice(step.pick % Math.max(1, this.open.length), 1);
      if (done !== undefined) this.made.append(this.line(done.id, done.request, "ResponseComplete"));
      return;
    }
    const lines = step.requests.map((one) => {
      const id = `id-${this.next++}`;
      if (one.isOpen) this.open.push({ id, request: one });
      return this.line(id, one, one.isOpen ? "RequestReceived" : "ResponseComplete");
    });
    this.made[step.kind](...lines);
  }

  private line(auditID: string, one: Request, stage: string): Buffer {
    return eventLine({
      auditID,
      stage,
      received: one.received,
      staged: one.received + one.latency,
      verb: one.verb,
      user: { username: `u${one.user}`, groups: one.user === 0 ? [] : ["all", `g${one.user % 2}`] },
      objectRef: { resource: "pods", namespace: "demo", name: one.name },
      ...(stage === "RequestReceived" ? {} : { responseStatus: { code: one.code } }),
      ...(one.isUntimed ? { requestReceivedTimestamp: undefined } : {}),
    });
  }
}

describe("answers out of what is kept per block", () => {
  test.each([
    ["rows appended, completed, put in front and evicted", 64, Number.POSITIVE_INFINITY],
    ["nothing evicted", 100_000, Number.POSITIVE_INFINITY],
    ["values beyond the dictionaries' cap", 64, 12],
  ])("equal those worked out anew: %s", (_title, capacity, dictionaryBytes) => {
    fc.assert(
      fc.property(steps, (taken) => {
        const log = new Log(capacity, dictionaryBytes);
        const kept = new IndexQueries(log.made.ring);
        for (const step of taken) {
          log.take(step);
          const fresh = new IndexQueries(log.made.ring);
          for (const query of groups) {
            const answer = finish(fresh.groups(query));
            // Out of parts, then as it was answered.
            expect(finish(kept.groups(query))).toEqual(answer);
            expect(finish(kept.groups(query))).toEqual(answer);
          }
          for (const selection of visits) {
            const rows = finish(fresh.rows({ ...selection, anchor: "oldest", after: 1e6 })).rows;
            expect(visited(kept, selection)).toEqual(rows);
          }
          for (const query of series) expect(finish(kept.series(query))).toEqual(finish(fresh.series(query)));
        }
      }),
      { numRuns: runs(60), seed: 8 },
    );
  });

  test("what an unfinished query answers is of the rows it has seen", () => {
    const log = new Log(64, Number.POSITIVE_INFINITY);
    for (let at = 0; at < 60; at++) {
      const [one] = fc.sample(request, { numRuns: 1, seed: at });
      if (one !== undefined) log.take({ kind: "append", requests: [{ ...one, isOpen: false }] });
    }
    const { ring } = log.made;
    const query: GroupQuery = { filter: parseQuery("-verb:watch"), by: ["user"], sort: "key" };
    const running = new IndexQueries(ring).groups(query);
    let seen = 0;
    for (let step = running.next(); step.done !== true; step = running.next()) {
      const answer = step.value?.();
      if (answer === undefined) continue;
      seen++;
      const end = (ring.blocks[seen - 1]?.firstSeq ?? 0) + (ring.blocks[seen - 1]?.count ?? 0);
      expect(answer.partial).toEqual({ of: ring.rowCount, done: end });
      const matching = finish(new IndexQueries(ring).rows({ ...query, anchor: "oldest", after: 1e6 })).rows;
      expect(answer.requests).toBe(matching.filter((seq) => seq < end).length);
      expect(answer.rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(answer.requests);
    }
    expect(seen).toBe(ring.blocks.length);
  });
});
