import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RequestFacts } from "../../src/events/request.ts";
import { objectText, resourceText } from "../../src/events/object-key.ts";
import { factsOf } from "../../src/index/facts.ts";
import { ROW_ORDERS, type RowOrder } from "../../src/queries/contract.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import { eventLine, Feeder } from "../index/feeder.ts";

/** Small enough for many blocks and evictions. */
const CAPACITY = 160;

const request = fc.record({
  received: fc.integer({ min: 0, max: 40 }),
  took: fc.option(fc.integer({ min: 0, max: 9 })),
  user: fc.constantFrom("", "alice", "bob", "Zoë", "system:node:a"),
  verb: fc.constantFrom("get", "list", "watch"),
  name: fc.constantFrom("", "a", "b", "c"),
  ip: fc.constantFrom("10.0.0.1", "10.0.0.10", "::1"),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

function line({ received, took, user, verb, name, ip }: Request, id: number): Buffer {
  return eventLine({
    auditID: `id-${id}`,
    received,
    ...(took === null ? { stage: "RequestReceived", staged: received } : { staged: received + took }),
    verb,
    user: user === "" ? {} : { username: user },
    sourceIPs: [ip],
    objectRef: { resource: name === "c" ? "configmaps" : "pods", namespace: "demo", ...(name === "" ? {} : { name }) },
    ...(took === null ? {} : { responseStatus: { metadata: {}, code: 200 + took } }),
  });
}

function valueOf(facts: RequestFacts, order: RowOrder): number | string | null {
  const { resource, subresource, uri, namespace, name } = facts;
  switch (order) {
    case "received":
      return facts.receivedUs;
    case "latency":
      return facts.latencyMs;
    case "code":
      return facts.code;
    case "bytes":
      return facts.source.bytes;
    case "resource":
      return resourceText(resource, subresource, uri) || null;
    case "object":
      return objectText(resource, namespace, name) || null;
    default:
      return facts[order] || null;
  }
}

function naive(rows: readonly RequestFacts[], order: RowOrder, reverse: boolean): number[] {
  const compare = (a: RequestFacts, b: RequestFacts): number => {
    const [x, y] = [valueOf(a, order), valueOf(b, order)];
    if ((x === null) !== (y === null)) return x === null ? 1 : -1;
    if (x !== null && y !== null && x !== y) return (x < y ? -1 : 1) * (reverse ? -1 : 1);
    return a.receivedUs - b.receivedUs || a.seq - b.seq;
  };
  return rows.toSorted(compare).map(({ seq }) => seq);
}

function kept({ ring }: Feeder): RequestFacts[] {
  return ring.blocks.flatMap((block) => Array.from({ length: block.count }, (_, row) => factsOf(ring, block, row)));
}

test("pages in any order, anywhere, are those of sorting all rows, while the log grows and rows are completed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(request, { minLength: 1, maxLength: 90 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...ROW_ORDERS),
      fc.boolean(),
      fc.nat(200),
      fc.nat(12),
      (batches, order, reverse, position, size) => {
        const made = new Feeder({ capacity: CAPACITY });
        const queries = new IndexQueries(made.ring);
        let id = 0;
        for (const batch of batches) {
          made.append(...batch.map((one) => line(one, id++)));
          // One of those in flight ends.
          made.append(line({ ...(batch[0] as Request), took: 3 }, id - batch.length));
          const rows = kept(made);
          const expected = naive(rows, order, reverse);
          const page = { filter: parseQuery(""), order, reverse, before: size, after: size };
          expect(finish(queries.rows({ ...page, anchor: "oldest" })).rows).toEqual(expected.slice(0, size));
          const at = Math.min(position, expected.length - 1);
          expect(finish(queries.rows({ ...page, position }))).toEqual({
            total: expected.length,
            at,
            first: Math.max(0, at - size),
            rows: expected.slice(Math.max(0, at - size), at + size),
          });
          const seq = expected[at] as number;
          expect(finish(queries.rows({ ...page, anchor: { seq } })).at).toBe(at);
          const filter = parseQuery("verb:list");
          const listed = naive(
            rows.filter(({ verb }) => verb === "list"),
            order,
            reverse,
          );
          expect(finish(queries.rows({ ...page, filter, anchor: { seq } })).at).toBe(
            expected.slice(0, at).filter((other) => listed.includes(other)).length,
          );
        }
      },
    ),
    { numRuns: 300, seed: 11 },
  );
});

test("a row that was evicted stands before all", () => {
  const made = new Feeder({ capacity: CAPACITY });
  for (let i = 0; i < 400; i++) made.append(eventLine({ auditID: `${i}`, received: i }));
  const queries = new IndexQueries(made.ring);
  const page = finish(queries.rows({ filter: parseQuery(""), order: "received", anchor: { seq: 3 }, after: 1 }));
  expect(page).toMatchObject({ at: 0, first: 0, rows: [made.ring.firstSeq] });
});
