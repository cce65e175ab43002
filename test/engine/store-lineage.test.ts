import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalEngine } from "../../src/engine/local-engine.ts";
import { StoreLineage } from "../../src/engine/store-lineage.ts";
import type { TrailResult } from "../../src/lineage/contract.ts";
import { WANTED_TERMS, wants } from "../../src/lineage/event.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { engineOfFile } from "../support/finding-sample.ts";

const { signal } = new AbortController();
const ALL = { anchor: "oldest", before: 0, after: 100_000 } as const;

let engine: LocalEngine;
beforeAll(async () => {
  engine = engineOfFile("fixtures/demo");
  await engine.loaded();
});
afterAll(() => engine.close());

describe("lineage out of a store", () => {
  it("asks for the requests that lineage wants, and for no others", async () => {
    const { rows } = await engine.store.rows({ ...ALL, filter: MATCH_ALL }, signal);
    const asked = await engine.store.ids({ ...ALL, filter: parseQuery(WANTED_TERMS) }, signal);
    const wanted = rows.filter((facts) => wants(facts)).map(({ seq }) => seq);
    expect(wanted.length).toBeGreaterThan(1_000);
    expect(wanted.length).toBeLessThan(rows.length);
    expect(asked.rows).toEqual(wanted);
  });

  it.each([
    ["deploy/nginx", "demo"],
    ["job/import-customers", "demo"],
  ])("tells of %s what is told while reading", async (object, namespace) => {
    const steps = (trail: TrailResult | null): unknown =>
      trail?.steps.map(({ t, what, actor, auditID }) => [t, what, actor, auditID]);
    const told = steps(await engine.ask("trail", { object, namespace }));
    const { lineage } = await new StoreLineage(engine.store, 500_000).about(object, namespace, signal);
    expect(told).toBeDefined();
    expect(steps(lineage.trail(object, namespace))).toEqual(told);
  });
});
