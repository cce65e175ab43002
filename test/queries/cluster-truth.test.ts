import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Dimension } from "../../src/queries/contract.ts";
import { finish } from "../../src/queries/scan.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { logsIn } from "../support/log-files.ts";
import { ringOf } from "../support/ring-of.ts";
import { describeShared } from "../support/shared-data.ts";

interface Truth {
  requests: number;
  span: { from: string; to: string };
  by: Record<string, Record<string, number>>;
  queries: Record<string, number>;
}

describeShared("independent counts of the cluster logs", ["data/cluster"], (cluster) => {
  describe.each(["R", "L", "V"])("%s", (set) => {
    const truth = JSON.parse(readFileSync(`${cluster}/${set}/TRUTH.json`, "utf8")) as Truth;
    const ring = ringOf(logsIn(`${cluster}/${set}`));
    const queries = new IndexQueries(ring, { lastEventUs: () => ring.counters.toUs });

    test.each(Object.entries(truth.queries))("%s", (text, requests) => {
      expect(finish(queries.count({ filter: parseQuery(text) }))).toBe(requests);
    });

    test.each(Object.entries(truth.by))("by %s", (dimension, values) => {
      const { rows, requests, groups, span } = finish(
        queries.groups({ filter: parseQuery(""), by: [dimension as Dimension] }),
      );
      expect(requests).toBe(truth.requests);
      expect(groups).toBe(Object.keys(values).length);
      expect(Object.fromEntries(rows.map(({ key, requests }) => [key[dimension], requests]))).toEqual(values);
      expect({ from: span.from, to: span.to }).toEqual(truth.span);
    });
  });
});
