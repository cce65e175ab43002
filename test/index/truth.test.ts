import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { factsOf } from "../../src/index/facts.ts";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";
import { describeShared } from "../support/shared-data.ts";
import { forEachLine, logsIn, readLog } from "../support/log-files.ts";

interface Truth {
  events: number;
  duplicate: number;
  requests: number;
  span: { from: string; to: string };
  levels: Record<string, number>;
  stages: Record<string, number>;
  by: Record<string, Record<string, number>>;
}

describeShared("independent counts of the cluster logs", ["data/cluster"], (cluster) => {
  test.each(["R", "L", "V"])("%s", (set) => {
    const truth = JSON.parse(readFileSync(`${cluster}/${set}/TRUTH.json`, "utf8")) as Truth;
    const ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY });
    const scanner = createScanner(ring.openScanner());
    for (const path of logsIn(`${cluster}/${set}`)) {
      const source = ring.registerSource(path);
      const bytes = readLog(path);
      forEachLine(bytes, (start, end) => scanner.scan(bytes, start, end, source, start, end - start));
      ring.append(scanner.takeBatch());
    }
    expect(ring.requestsSeen).toBe(truth.requests);
    const micros = (text: string): number => Date.parse(text) * 1000 + Number(text.slice(-4, -1));
    expect(ring.counters).toMatchObject({
      events: truth.events,
      duplicates: truth.duplicate,
      levels: truth.levels,
      stages: truth.stages,
      fromUs: micros(truth.span.from),
      toUs: micros(truth.span.to),
    });
    const by: Record<string, Record<string, number>> = {};
    const count = (dimension: string, value: string): void => {
      const values = (by[dimension] ??= {});
      values[value] = (values[value] ?? 0) + 1;
    };
    for (const block of ring.blocks) {
      for (let row = 0; row < block.count; row++) {
        const facts = factsOf(ring, block, row);
        const { resource, subresource } = facts;
        count("user", facts.user);
        count("verb", facts.verb);
        count(
          "resource",
          resource === "" ? (facts.uri.split("?")[0] as string) : resource + (subresource && `/${subresource}`),
        );
        count("namespace", facts.namespace);
        count("code", String(facts.code ?? ""));
        count("ip", facts.ip);
        count("useragent", facts.useragent);
        count("level", facts.level);
        count("decision", facts.decision);
        for (const group of facts.groups) count("group", group);
      }
    }
    expect(by).toEqual(truth.by);
  });
});
