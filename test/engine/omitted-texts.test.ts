import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeedingEngine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { FIELDS } from "../../src/events/fields.ts";
import { V1_CREATE, V1_LIST } from "../../src/formats/shape/sample-events.ts";
import { LOOKED_AT } from "../../src/cli/commands/info.ts";
import { OMISSIBLE_TEXTS, type OmissibleText } from "../../src/index/ring-options.ts";
import { DIMENSIONS, type Dimension, type Filter, MATCH_ALL } from "../../src/queries/contract.ts";
import { omissibleTexts } from "../../src/queries/omissible.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-omitted-"));
const inputs = ["fixtures/demo/audit.log", join(folder, "made.log")];

/** As JSON has them; some are none. */
const URIS = [
  String.raw`/api?a=1\u0026b`,
  String.raw`/api\/\"\\\b\f\n\r\t`,
  String.raw`/\ud800\uDfFf\u00e9é`,
  String.raw`/api\x`,
  String.raw`/api\u12g4`,
  String.raw`/api\u12`,
  String.raw`/api\u00:0`,
  String.raw`/api\u00@a`,
  "/a\tb",
  "/a\\",
];

/** What is told by its URI, and URIs that are no JSON or written in an odd way. */
function madeLog(): string {
  const event = JSON.parse(V1_CREATE) as Record<string, unknown>;
  const ref = (subresource: string): object => ({
    resource: "pods",
    namespace: "a",
    name: "b",
    subresource,
    apiVersion: "v1",
  });
  const made = (auditID: string, change: object): string => JSON.stringify({ ...event, auditID, ...change });
  return [
    made("1", { verb: "get", objectRef: ref("log"), requestURI: "/api/v1/namespaces/a/pods/b/log?follow=true" }),
    made("2", { verb: "get", objectRef: ref("log"), requestURI: "/api/v1/namespaces/a/pods/b/log" }),
    made("3", { verb: "get", objectRef: ref("logs"), requestURI: "/api/v1/namespaces/a/pods/b/logs?follow=true" }),
    made("4", { verb: "get", objectRef: undefined, requestURI: "/healthz" }),
    made("5", { verb: "get", objectRef: { resource: "" }, requestURI: "/metrics" }),
    V1_LIST.replace(/"requestURI":"([^"]*)"/, '"requestURI":"\\u002fapi\\/v1"'),
    ...URIS.map((uri, at) =>
      V1_CREATE.replace(/"requestURI":"[^"]*"/, `"requestURI":"${uri}"`).replace(
        /"auditID":"[^"]*"/,
        `"auditID":"u${String(at)}"`,
      ),
    ),
    "",
  ].join("\n");
}

const engines = new Map<string, FeedingEngine>();

async function engineWithout(omits: readonly OmissibleText[]): Promise<FeedingEngine> {
  const known = engines.get(omits.join());
  if (known !== undefined) return known;
  const engine = createEngine({ inputs, omits });
  engines.set(omits.join(), engine);
  await engine.loaded();
  return engine;
}

beforeAll(() => writeFileSync(inputs[1] as string, madeLog()));
afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
  rmSync(folder, { recursive: true });
});

async function answers(engine: FeedingEngine, filter: Filter, by: readonly Dimension[]): Promise<unknown> {
  return [
    await engine.ask("groups", { filter, by, sort: "p99" }),
    await engine.ask("series", { filter, by: by[0] ?? "class", stepMs: 60_000, measures: ["p99"] }),
    await engine.ask("explain", { filter, settled: true }),
  ];
}

async function expectSame(query: string, by: readonly Dimension[]): Promise<readonly OmissibleText[]> {
  const filter = parseQuery(query);
  const omits = omissibleTexts(filter, by);
  const whole = await answers(await engineWithout([]), filter, by);
  expect(await answers(await engineWithout(omits), filter, by), `${query} by ${by.join()}`).toEqual(whole);
  return omits;
}

describe("an engine without the texts that a question does not look at", () => {
  it("answers by every dimension as one with all", async () => {
    const omitted = new Set<string>();
    for (const dimension of [...DIMENSIONS, "annotation:authorization.k8s.io/decision"] as readonly Dimension[]) {
      omitted.add((await expectSame("", [dimension])).join());
    }
    expect(omitted).toContain("");
    expect(omitted).toContain(OMISSIBLE_TEXTS.join());
    for (const text of ["name", "groupSet", "ip", "useragent", "annotations"]) {
      expect(
        [...omitted].some((texts) => texts !== "" && !texts.split(",").includes(text)),
        text,
      ).toBe(true);
    }
  });

  it("tells what is in a log, and what it can answer, as one with all", async () => {
    const [whole, some] = [await engineWithout([]), await engineWithout(omissibleTexts(MATCH_ALL, LOOKED_AT))];
    expect(await some.ask("info", {})).toEqual(await whole.ask("info", {}));
    expect(await some.ask("coverage", {})).toEqual(await whole.ask("coverage", {}));
  });

  it("answers under a term of every field as one with all", async () => {
    for (const { example } of FIELDS) {
      await expectSame(`${example} -verb:watch`, ["who"]);
      await expectSame(`-${example}`, ["resource", "class"]);
    }
    for (const words of ["nginx", "latency:>1ms", "long:true", "resource:/healthz", "object:a/pods/b", "user:nobody"]) {
      await expectSame(words, ["user", "verb"]);
    }
  });
});
