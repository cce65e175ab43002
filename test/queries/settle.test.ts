import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { RequestRing } from "../../src/index/ring.ts";
import type { Filter } from "../../src/queries/contract.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import type { ReadEvents } from "../../src/queries/settle.ts";
import { DEMO, logsIn, readLog } from "../support/log-files.ts";
import { EVENT_TERMS, filterTexts } from "../support/filter-samples.ts";
import { oracleMatches } from "../support/oracle-filter.ts";
import { type OracleRequest, oracleRequests } from "../support/oracle.ts";
import { ringOf } from "../support/ring-of.ts";
import { runs } from "../support/runs.ts";

const paths = logsIn(DEMO);

/** Reads events from the files, last one first: answers may come in any order. */
function reader(ring: RequestRing): ReadEvents {
  const files = new Map<string, Uint8Array>();
  return async function* (places) {
    for (let index = places.length - 1; index >= 0; index--) {
      const place = places[index];
      if (place === undefined) continue;
      const { block, row } = place;
      const path = ring.sources[block.source(row)]?.path ?? "";
      const bytes = files.get(path) ?? readLog(path);
      files.set(path, bytes);
      const offset = block.offset(row);
      yield { index, event: { bytes: bytes.subarray(offset, offset + block.bytes(row)) } };
    }
  };
}

describe("filters that need the original events", () => {
  let requests: OracleRequest[] = [];
  let ring!: RequestRing;

  beforeAll(() => {
    requests = oracleRequests(paths);
    ring = ringOf(paths);
  });

  const seqs = async (queries: IndexQueries, filter: Filter): Promise<readonly number[]> => {
    await queries.settle({ filter }, reader(ring));
    return finish(queries.rows({ filter, anchor: "oldest", after: 1e9 })).rows;
  };

  test("body values: path, comparison, array wildcard, keys with dots, presence", async () => {
    const queries = new IndexQueries(ring);
    const ask = async (text: string, holds: (request: OracleRequest) => boolean): Promise<void> => {
      const expected = requests.filter(holds).map(({ at }) => at);
      expect({ text, seqs: await seqs(queries, parseQuery(text)) }).toEqual({ text, seqs: expected });
      expect(expected.length, text).toBeGreaterThan(0);
    };
    const get = (value: unknown, ...path: string[]): unknown =>
      path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
    const replicas = ({ event }: OracleRequest, body: "requestObject" | "responseObject"): unknown =>
      get(event[body], "spec", "replicas");

    await ask("body:requestObject.spec.replicas=>=2", (r) => Number(replicas(r, "requestObject")) >= 2);
    await ask("body:spec.replicas=3", (r) => replicas(r, "requestObject") === 3 || replicas(r, "responseObject") === 3);
    await ask(
      "body:spec.replicas verb:patch,update",
      (r) =>
        ["patch", "update"].includes(r.verb) &&
        (replicas(r, "requestObject") !== undefined || replicas(r, "responseObject") !== undefined),
    );
    const images = (request: OracleRequest): unknown[] =>
      (["requestObject", "responseObject"] as const).flatMap((body) => {
        const containers = get(request.event[body], "spec", "containers");
        return Array.isArray(containers) ? containers.map((container) => get(container, "image")) : [];
      });
    await ask(
      "body:spec.containers[*].image=*nginx* resource:pods",
      (r) => r.resource === "pods" && images(r).some((image) => typeof image === "string" && image.includes("nginx")),
    );
    await ask('body:metadata.labels["app.kubernetes.io/name"]=* OR body:metadata.labels.app=nginx', (r) =>
      (["requestObject", "responseObject"] as const).some((body) => {
        const labels = get(r.event[body], "metadata", "labels");
        return (get(labels, "app.kubernetes.io/name") ?? "") !== "" || get(labels, "app") === "nginx";
      }),
    );
  });

  test("every form of a term, as the oracle reads it", async () => {
    const queries = new IndexQueries(ring);
    for (const term of EVENT_TERMS) {
      for (const text of [`${term} verb:create,patch`, `code:409 OR -${term} verb:patch`]) {
        const filter = parseQuery(text);
        const expected = requests.filter((request) => oracleMatches(filter, request)).map(({ at }) => at);
        expect({ text, rows: (await seqs(queries, filter)).join(" ") }).toEqual({ text, rows: expected.join(" ") });
      }
    }
  });

  test("mixed with terms the index answers, and negated", async () => {
    const queries = new IndexQueries(ring);
    const holds = ({ event, code }: OracleRequest): boolean =>
      (event.requestObject !== undefined && (event.requestObject as { kind?: string }).kind === "Pod") || code === 409;
    const expected = requests.filter((request) => !holds(request)).map(({ at }) => at);
    expect(await seqs(queries, parseQuery("-(body:requestObject.kind=Pod OR code:409)"))).toEqual(expected);
  });

  test("whole audit IDs are found without reading, patterns of them by reading", async () => {
    const queries = new IndexQueries(ring);
    const id = requests[100]?.auditID ?? "";
    const expected = requests.filter(({ auditID }) => auditID === id).map(({ at }) => at);
    expect(finish(queries.rows({ filter: parseQuery(`id:${id}`) })).rows).toEqual(expected);
    expect(await seqs(queries, parseQuery(`id:${id.slice(0, 20)}*`))).toEqual(expected);
  });

  test("an event that cannot be read again does not match, and is told", async () => {
    const queries = new IndexQueries(ring);
    const filter = parseQuery("body:kind=Pod verb:create resource:pods");
    const unreadable: ReadEvents = async function* (places) {
      for (const index of places.keys()) yield { index, event: { missing: "gone" } };
    };
    const { read, missing } = await queries.settle({ filter }, unreadable);
    expect(read).toBe(0);
    expect(missing).toBeGreaterThan(0);
    expect(finish(queries.count({ filter }))).toBe(0);
  });

  test("values beyond the dictionaries' cap are still told apart", async () => {
    const small = ringOf(paths, { dictionaryBytes: 300 });
    const queries = new IndexQueries(small);
    await fc.assert(
      fc.asyncProperty(filterTexts(requests), async (text) => {
        const filter = parseQuery(text);
        await queries.settle({ filter }, reader(small));
        const { rows } = finish(queries.rows({ filter, anchor: "oldest", after: 1e9 }));
        const expected = requests.filter((request) => oracleMatches(filter, request)).map(({ at }) => at);
        expect({ text, rows: rows.join(" ") }).toEqual({ text, rows: expected.join(" ") });
      }),
      { numRuns: runs(25), seed: 11 },
    );
  });
});
