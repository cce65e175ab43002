import { describe, expect, test } from "vitest";
import { OVERFLOW_TEXT } from "../../src/index/byte-dictionary.ts";
import { factsOf } from "../../src/index/facts.ts";
import { Overflow } from "../../src/index/overflow.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { finish } from "../../src/queries/scan.ts";
import { eventLine, Feeder } from "./feeder.ts";

const MIB = 2 ** 20;
const LIMIT = 12 * MIB;

function feed(feeder: Feeder, from: number, to: number): void {
  for (let n = from; n < to; n += 1_000) {
    const agent = (k: number): string => `agent-${k}-${"x".repeat(200)}`;
    feeder.append(
      ...Array.from({ length: 1_000 }, (_, k) =>
        eventLine({
          auditID: `m${n + k}`,
          received: n + k,
          userAgent: agent(n + k),
          user: { username: `user-${n + k}` },
        }),
      ),
    );
  }
}

function agents(feeder: Feeder): string[] {
  const { ring } = feeder;
  return ring.blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, row) => factsOf(ring, block, row).useragent),
  );
}

describe("a ring of bounded memory", () => {
  test("keeps every request and counts names beyond the bound as one", () => {
    const feeder = new Feeder({ memoryBytes: LIMIT });
    feed(feeder, 0, 100_000);
    const { ring } = feeder;
    // Rows and their tuples are never refused: 100,000 of them fit, with the last doubling of an array.
    expect(ring.memory.rows + ring.memory.tables).toBeLessThan(LIMIT + 8 * MIB);
    expect(ring.isOverflowing).toBe(true);
    const groups = finish(new IndexQueries(ring).groups({ filter: MATCH_ALL, by: ["useragent"] }));
    expect(groups.requests).toBe(100_000);
    expect(groups.rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(100_000);
    const others = agents(feeder).filter((agent) => agent === OVERFLOW_TEXT).length;
    expect(others).toBeGreaterThan(10_000);
    expect(groups.rows[0]).toMatchObject({ key: { useragent: OVERFLOW_TEXT }, requests: others });
    expect(new Overflow(ring).count()).toBeGreaterThanOrEqual(others);
    // What has few values is told however full it is.
    const verbs = finish(new IndexQueries(ring).groups({ filter: MATCH_ALL, by: ["verb"] }));
    expect(verbs.rows.map(({ key }) => key["verb"])).toEqual(["create"]);
  });

  test("finds room for new names again when the old ones are gone", () => {
    const feeder = new Feeder({ memoryBytes: LIMIT, capacity: 10_000 });
    feed(feeder, 0, 200_000);
    expect(feeder.ring.memory.rows + feeder.ring.memory.tables).toBeLessThan(LIMIT + 8 * MIB);
    expect(agents(feeder).filter((agent) => agent === OVERFLOW_TEXT).length).toBeLessThan(agents(feeder).length / 2);
  });
});
