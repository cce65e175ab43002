import { describe, expect, it } from "vitest";
import { answerLatency } from "../../src/engine/asks/latency.ts";
import type { Desk } from "../../src/engine/asks/desk.ts";
import type { AnswerFor } from "../../src/engine/contract.ts";
import { latencyPane } from "../../src/panes/latency/index.ts";
import { type GroupQuery, type GroupResult, MATCH_ALL } from "../../src/queries/contract.ts";
import { answered, contextFor, drawn, groupRow, groups } from "./context.ts";

const BY = ["verb", "resource"] as const;
const rows = [groupRow({ verb: "get", resource: "pods" }, 800), groupRow({ verb: "list", resource: "nodes" }, 20)];

/** Asked of a store that tells how far it is before each answer. */
async function asked(): Promise<{ readonly partial: AnswerFor<"latency">; readonly whole: AnswerFor<"latency"> }> {
  const table = groups([...BY], rows);
  const points = { spark: [400, 400], sparkLatencyMs: { p50: [1, 2], p99: [30, 60] } };
  const store = {
    aggregate(query: GroupQuery, _signal: AbortSignal, onPartial?: (answer: GroupResult) => void) {
      onPartial?.({ ...table, requests: 400, groups: 1, rows: [], partial: { of: 1_000, done: 0 } });
      onPartial?.({ ...table, requests: 400, groups: 1, rows: rows.slice(0, 1), partial: { of: 1_000, done: 500 } });
      const isTable = query.sparkBuckets !== undefined;
      return Promise.resolve(isTable ? { ...table, rows: rows.map((row) => ({ ...row, ...points })) } : table);
    },
    rows: () => Promise.resolve({ total: 0, first: 0, at: 0, rows: [] }),
    layers: () => Promise.resolve({ requests: 3, sum: 9, rows: [] }),
  };
  const partials: AnswerFor<"latency">[] = [];
  const whole = await answerLatency(
    { store } as unknown as Desk,
    { filter: MATCH_ALL, by: BY, limit: 10, buckets: 2, slowest: 5 },
    new AbortController().signal,
    (answer) => partials.push(answer),
  );
  expect(partials).toHaveLength(1);
  return { partial: partials[0] as AnswerFor<"latency">, whole };
}

describe("latency", () => {
  it("shows the groups seen so far, and claims nothing of what is not counted yet", async () => {
    const { partial, whole } = await asked();
    expect(partial.rows.map((row) => row.points.p99)).toEqual([[]]);
    expect(whole.partial).toBeUndefined();
    const show = (report: AnswerFor<"latency">, params: Record<string, string> = {}): string =>
      drawn(
        latencyPane.view(
          contextFor({ width: 100, height: 24, frame: { pane: "latency", params } }),
          answered({ latency: report }),
        ),
      );
    const early = show(partial);
    expect(early).toContain("pods");
    expect(early).toContain("Counting");
    expect(early).not.toMatch(/long-running|answered yet|pods  over time/);
    expect(show(partial, { show: "slowest" })).toContain("Counting");
    expect(show(partial, { show: "slowest" })).not.toContain("no answered request");
    expect(show(partial, { show: "apart" })).not.toContain("annotations");
    const late = show(whole);
    expect(late).toContain("get pods  over time");
    expect(late).not.toContain("Counting");
    expect(late.split("\n").findIndex((text) => text.includes("pods"))).toBe(
      early.split("\n").findIndex((text) => text.includes("pods")),
    );
  });
});
