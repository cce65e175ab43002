import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { explanationOf } from "../../src/panes/explanation.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { filterTexts } from "../support/filter-samples.ts";
import { oracleMatches } from "../support/oracle-filter.ts";
import { type OracleRequest, oracleRequests } from "../support/oracle.ts";

let engine!: Engine;
let requests: OracleRequest[] = [];
beforeAll(async () => {
  engine = createEngine({ inputs: [DEMO] });
  await engine.loaded();
  requests = oracleRequests(logsIn(DEMO));
});
afterAll(() => engine.close());

const counted = (text: string): number => {
  const filter = parseQuery(text);
  return requests.filter((request) => oracleMatches(filter, request)).length;
};

describe("why a filter matches nothing", () => {
  test.each([
    ["user:alice", ["user:alice matches nothing; nearest: user:alice@example.com (106 requests)"]],
    ["user:alcie verb:get", ["user:alcie matches nothing; nearest: user:alice@example.com (106 requests)"]],
    ["ns:dmeo", ["ns:dmeo matches nothing; nearest: ns:demo (3,652 requests)"]],
    ["code:402", [expect.stringMatching(/^code:402 matches nothing; nearest: code:40[13] .*, code:40[13] /)]],
    ["verb:watch code:500", ["no request matches all of these: 500 without code:500, 77 without verb:watch"]],
    ["latency>100m", ["latency:>100m matches nothing"]],
    [
      "since:2027-01-01",
      ["since:2027-01-01 matches nothing: the log is from 2026-11-21 00:02:26 to 2026-11-21 00:17:02 UTC"],
    ],
    ["verb:get", []],
    ["annotation:k8s.io/deprecatd", ["annotation:k8s.io/deprecatd matches nothing"]],
  ])("%s", async (text, sentences) => {
    expect(explanationOf(await engine.ask("explain", { filter: parseQuery(text) }), "utc")).toEqual(sentences);
  });

  test("a window without a request is to blame itself", async () => {
    const explanation = await engine.ask("explain", { filter: parseQuery("verb:get"), window: { fromUs: 1, toUs: 2 } });
    expect(explanation).toMatchObject({ requests: 0, inWindow: 0, terms: [] });
    expect(explanationOf(explanation, "utc")[0]).toContain("nothing in this time");
  });

  test("what only the events can tell is not counted before they were read", async () => {
    const filter = parseQuery("body:spec.replicas>1000");
    expect(await engine.ask("explain", { filter })).toMatchObject({ requests: null, terms: [] });
    await engine.ask("rows", { filter });
    const { requests: found, terms } = await engine.ask("explain", { filter, settled: true });
    expect([found, terms.map((term) => term.requests)]).toEqual([0, [0]]);
  });

  test("its numbers are those of the oracle", async () => {
    await fc.assert(
      fc.asyncProperty(filterTexts(requests), async (text) => {
        const { requests: found, terms } = await engine.ask("explain", { filter: parseQuery(text) });
        if (found === null) return;
        expect([text, found]).toEqual([text, counted(text)]);
        for (const term of terms) {
          expect([term.text, term.requests]).toEqual([term.text, counted(term.text)]);
          for (const near of term.nearest) expect([near.text, near.requests]).toEqual([near.text, counted(near.text)]);
        }
      }),
      { numRuns: 60, seed: 9 },
    );
  });
});

describe("values of a field", () => {
  test("hold what is typed, most frequent first, of the requests selected", async () => {
    const ask = { field: "user", text: "ALICE", limit: 10, filter: MATCH_ALL };
    expect(await engine.ask("values", ask)).toEqual([{ value: "alice@example.com", requests: 106 }]);
    const nodes = await engine.ask("values", { ...ask, text: "node", limit: 2 });
    expect(nodes).toHaveLength(2);
    expect(nodes[0]?.requests).toBeGreaterThanOrEqual(nodes[1]?.requests ?? 0);
    const deletes = await engine.ask("values", { ...ask, text: "", filter: parseQuery("verb:delete ns:demo") });
    for (const { value, requests: found } of deletes)
      expect(found).toBe(counted(`user:"${value}" verb:delete ns:demo`));
  });

  test("are near to what is typed where none holds it, and keys of annotations are values too", async () => {
    const near = await engine.ask("values", { field: "ns", text: "dmeo", limit: 3, filter: MATCH_ALL });
    expect(near.map(({ value }) => value)).toEqual(["demo"]);
    const keys = await engine.ask("values", { field: "annotation", text: "deprecated", limit: 3, filter: MATCH_ALL });
    expect(keys).toEqual([{ value: "k8s.io/deprecated", requests: counted("annotation:k8s.io/deprecated") }]);
    const decisions = await engine.ask("values", {
      field: "annotation",
      key: "authorization.k8s.io/decision",
      text: "",
      limit: 3,
      filter: MATCH_ALL,
    });
    expect(decisions.map(({ value }) => value).toSorted()).toEqual(["allow", "forbid"]);
  });
});
