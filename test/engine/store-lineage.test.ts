import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalEngine } from "../../src/engine/local-engine.ts";
import { StoreLineage } from "../../src/engine/store-lineage.ts";
import { LIFELESS, WANTED_TERMS, wants } from "../../src/lineage/event.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { engineOfFile } from "../support/finding-sample.ts";
import { naiveLives } from "../support/naive-lives.ts";

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
    const isAlive = new Map(rows.map(({ seq, resource }) => [seq, resource !== "" && !LIFELESS.has(resource)]));
    expect(asked.rows.filter((seq) => isAlive.get(seq))).toEqual(wanted);
  });

  it(
    "tells of every object what is told while reading, of what bears on its life alone",
    { timeout: 120_000 },
    async () => {
      const { rows } = await engine.ask("objects", { text: "", limit: 100_000 });
      const lives = await naiveLives(engine.store, signal);
      const every = rows.filter((_, at) => at % 60 === 0);
      expect(every.length).toBeGreaterThan(10);
      for (const { resource, namespace, name } of every) {
        // Nothing that another question brought may help.
        const lineage = new StoreLineage(lives, 500_000);
        const space = namespace === "" ? undefined : namespace;
        const ask = { object: `${resource}/${name}`, ...(space === undefined ? {} : { namespace }) };
        const teller = await lineage.about(ask.object, space, signal);
        expect(await teller.trail(ask.object, space), ask.object).toEqual(await engine.ask("trail", ask));
        expect(await teller.why(ask.object, space), ask.object).toEqual(await engine.ask("why", ask));
      }
      expect(lives.asked.length).toBeLessThan(every.length * 10);
    },
  );
});
