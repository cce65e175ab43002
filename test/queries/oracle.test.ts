import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DIMENSIONS, type Dimension } from "../../src/queries/contract.ts";
import { termsForKey } from "../../src/queries/filter-term.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { MEASURE_IDS } from "../../src/queries/measures.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { filterTexts } from "../support/filter-samples.ts";
import { nearestRank, oracleGroups } from "../support/oracle-groups.ts";
import { oracleMatches } from "../support/oracle-filter.ts";
import { type OracleRequest, oracleRequests } from "../support/oracle.ts";
import { ringOf } from "../support/ring-of.ts";
import { describeShared } from "../support/shared-data.ts";
import { runs } from "../support/runs.ts";

const GROUPINGS: readonly Dimension[] = [
  ...DIMENSIONS,
  "annotation:authorization.k8s.io/decision",
  "annotation:no/such",
];

/** Large logs take 30 ms a random run, for the oracle's sake. */
function answersAsTheOracle(directory: string, numRuns: number): void {
  let requests: OracleRequest[] = [];
  let queries!: IndexQueries;

  beforeAll(() => {
    requests = oracleRequests(logsIn(directory));
    queries = new IndexQueries(ringOf(logsIn(directory)));
  });

  const selected = (text: string): OracleRequest[] => {
    const filter = parseQuery(text);
    return requests.filter((request) => oracleMatches(filter, request));
  };

  const checkGroups = (text: string, by: readonly Dimension[]): void => {
    const matching = selected(text);
    const expected = oracleGroups(matching, by);
    const result = finish(queries.groups({ filter: parseQuery(text), by, measures: MEASURE_IDS }));
    expect({ requests: result.requests, groups: result.groups }).toEqual({
      requests: matching.length,
      groups: expected.length,
    });
    expect(
      result.rows.map(({ key, requests: count, bytes, errors, firstSeen, lastSeen }) => ({
        key,
        count,
        bytes,
        errors,
        firstSeen,
        lastSeen,
      })),
    ).toEqual(
      expected.map((group) => ({
        key: group.key,
        count: group.requests,
        bytes: group.bytes,
        errors: { "4xx": group.clientErrors, "5xx": group.serverErrors },
        firstSeen: group.firstSeen,
        lastSeen: group.lastSeen,
      })),
    );
    for (const [i, { latencies }] of expected.entries()) {
      const ms = result.rows[i]?.latencyMs;
      if (latencies.length === 0) expect(ms).toBeNull();
      else {
        expect(ms?.p50).toBeCloseTo(nearestRank(latencies, 0.5), 6);
        expect(ms?.p90).toBeCloseTo(nearestRank(latencies, 0.9), 6);
        expect(ms?.p99).toBeCloseTo(nearestRank(latencies, 0.99), 6);
        expect(ms?.max).toBeCloseTo(Math.max(...latencies), 6);
        expect(ms?.sum).toBeCloseTo(
          latencies.reduce((sum, latency) => sum + latency, 0),
          3,
        );
      }
    }
  };

  test.each(GROUPINGS)("by %s", (dimension) => {
    checkGroups("", [dimension]);
  });

  test("random filters select the same requests, in the same order", () => {
    fc.assert(
      fc.property(filterTexts(requests), (text) => {
        const { rows, total } = finish(queries.rows({ filter: parseQuery(text), anchor: "oldest", after: 1e9 }));
        const expected = selected(text).map(({ at }) => at);
        expect({ text, total }).toEqual({ text, total: expected.length });
        expect(rows.join(" ")).toBe(expected.join(" "));
      }),
      { numRuns: runs(numRuns), seed: 3 },
    );
  });

  test("random filters and groupings", () => {
    const by = fc.uniqueArray(fc.constantFrom(...GROUPINGS), { minLength: 0, maxLength: 3 });
    fc.assert(
      fc.property(filterTexts(requests), by, (text, dimensions) => {
        checkGroups(text, dimensions);
      }),
      { numRuns: runs(numRuns / 2), seed: 5 },
    );
  });

  test("the terms of a row select exactly what it counted", () => {
    for (const dimension of GROUPINGS) {
      const { rows } = finish(queries.groups({ filter: parseQuery(""), by: [dimension], limit: 300 }));
      for (const { key, requests: counted } of rows) {
        const terms = termsForKey(key).join(" ");
        expect({ terms, counted: finish(queries.count({ filter: parseQuery(terms) })) }).toEqual({ terms, counted });
        const others = requests.length - counted;
        expect(finish(queries.count({ filter: parseQuery(`-(${terms})`) }))).toBe(others);
      }
    }
  });
}

describe("queries on the bundled log answer as the oracle", () => answersAsTheOracle(DEMO, 60));
describeShared("queries on cluster logs answer as the oracle", ["data/cluster"], (clusters) => {
  describe("L", () => answersAsTheOracle(`${clusters}/L`, 200));
  describe("R", () => answersAsTheOracle(`${clusters}/R`, 60));
});
