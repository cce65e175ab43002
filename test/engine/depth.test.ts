import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnswerFor, Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import { resourceText } from "../../src/events/object-key.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { DEMO, logsIn, readLog } from "../support/log-files.ts";

/** Latency, cadence and Kubernetes Events of the bundled log against plain loops over the same requests. */

let engine: Engine;
let all: readonly RequestFacts[] = [];

beforeAll(async () => {
  engine = createEngine({ inputs: [DEMO] });
  await engine.loaded();
  all = (await engine.ask("rows", { filter: MATCH_ALL, anchor: "oldest", after: 1e6 })).rows;
});
afterAll(() => engine.close());

const isTimed = (facts: RequestFacts): boolean => !facts.longRunning && facts.latencyMs !== null;
const keyOf = (facts: RequestFacts): string =>
  `${facts.verb} ${resourceText(facts.resource, facts.subresource, facts.uri)}`;

function nearestRank(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1] ?? Number.NaN;
}

describe("objects", () => {
  test.each(["verb:delete ns:demo", "code:4xx -resource:pods", "ns:nosuch", "body:requestObject.spec.replicas=>3"])(
    "are those that the requests of %s name",
    async (text) => {
      const filter = parseQuery(text);
      const { rows } = await engine.ask("rows", { filter, anchor: "oldest", after: 1e6 });
      const requests = new Map<string, RequestFacts[]>();
      for (const facts of rows.filter(({ resource, name }) => resource !== "" && name !== "")) {
        const key = `${facts.resource} ${facts.namespace} ${facts.name}`;
        requests.set(key, [...(requests.get(key) ?? []), facts]);
      }
      const found = await engine.ask("objects", { text: "", limit: 1e6, filter });
      expect(found.total).toBe(requests.size);
      expect(found.rows).toHaveLength(requests.size);
      for (const { resource, namespace, name, requests: count, errors, lastSeq } of found.rows) {
        const own = requests.get(`${resource} ${namespace} ${name}`) ?? [];
        const failed = own.filter(({ code }) => (code ?? 0) >= 400).length;
        expect([count, errors]).toEqual([own.length, failed]);
        expect(own.map(({ seq }) => seq)).toContain(lastSeq);
      }
    },
  );

  test("are found by all they are called, with and without a namespace", async () => {
    const { rows } = await engine.ask("objects", { text: "", limit: 1e6 });
    const asked = rows.filter(({ namespace }, at) => at % 29 === 0 || (namespace === "" && at % 7 === 0));
    expect(asked.some(({ namespace }) => namespace === "")).toBe(true);
    for (const { label, resource, namespace, name } of asked) {
      const [best] = (await engine.ask("objects", { text: label, limit: 1 })).rows;
      expect(best).toMatchObject({ resource, namespace, name });
    }
  });

  test("are found by name among those of the filter", async () => {
    const { total } = await engine.ask("objects", { text: "nginx", limit: 50 });
    const found = await engine.ask("objects", { text: "nginx", limit: 50, filter: parseQuery("verb:delete") });
    expect(found.total).toBeLessThan(total);
    expect(found.rows.length).toBeGreaterThan(0);
    for (const { namespace, resource, name } of found.rows) {
      const one = parseQuery(`verb:delete resource:${resource} ns:${namespace} name:${name}`);
      expect((await engine.ask("rows", { filter: one, anchor: "oldest", after: 1 })).total).toBeGreaterThan(0);
    }
  });
});

describe("neighbours", () => {
  const nearby = (of: RequestFacts, matches: (other: RequestFacts) => boolean): { others: number; seqs: number[] } => {
    const found = all.filter((other) => other.seq !== of.seq && matches(other));
    const before = found.filter(({ seq }) => seq < of.seq).slice(-2);
    const after = found.filter(({ seq }) => seq > of.seq).slice(0, 2);
    return { others: found.length, seqs: [...before, ...after].map(({ seq }) => seq) };
  };

  test("are those of the same object, and of the same user within a second", async () => {
    for (const of of all.filter((_, at) => at % 397 === 0)) {
      const answer = await engine.ask("neighbours", { seq: of.seq, each: 2 });
      const object = nearby(
        of,
        (other) => other.resource === of.resource && other.namespace === of.namespace && other.name === of.name,
      );
      const client = nearby(
        of,
        (other) =>
          Math.abs(other.receivedUs - of.receivedUs) < 1e6 &&
          (of.user === "" ? other.ip === of.ip : other.user === of.user),
      );
      const told = (list: { others: number; rows: readonly RequestFacts[] } | null | undefined): unknown =>
        list && { others: list.others, seqs: list.rows.map(({ seq }) => seq) };
      expect(told(answer?.object)).toEqual(of.resource === "" || of.name === "" ? null : object);
      expect(told(answer?.client)).toEqual(client);
    }
  });

  test("of a request that is not kept are none", async () => {
    expect(await engine.ask("neighbours", { seq: -5, each: 2 })).toBeNull();
  });
});

describe("bursts", () => {
  test("count what their steps count", async () => {
    const { bursts, stepMs } = await engine.ask("bursts", { filter: parseQuery("code:>=400") });
    expect(stepMs).toBe(1_000);
    expect(bursts.length).toBeGreaterThan(0);
    for (const { fromUs, toUs, requests, usual } of bursts) {
      const inside = all.filter(
        ({ code, receivedUs }) => (code ?? 0) >= 400 && receivedUs >= fromUs && receivedUs < toUs,
      );
      expect(inside.length).toBe(requests);
      expect(requests).toBeGreaterThanOrEqual(3 * usual);
    }
  });
});

describe("latency", () => {
  const BUCKETS = 20;
  let report!: AnswerFor<"latency">;

  beforeAll(async () => {
    report = await engine.ask("latency", {
      filter: MATCH_ALL,
      by: ["verb", "resource"],
      limit: 1_000,
      buckets: BUCKETS,
      slowest: 50,
    });
  });

  test("has every answered request once, long-running ones apart", () => {
    const timed = all.filter(isTimed);
    expect(report.total?.requests).toBe(timed.length);
    expect(report.rows.reduce((sum, row) => sum + row.requests, 0)).toBe(timed.length);
    for (const row of report.rows)
      expect(row.points.requests.reduce((sum, count) => sum + count, 0)).toBe(row.requests);
    const long = all.filter((facts) => facts.longRunning);
    expect(report.longRunning.requests).toBe(long.length);
    expect(report.longRunning.open).toBe(long.filter((facts) => facts.inFlight || facts.cutOff).length);
    expect(report.rows.some((row) => row.key["verb"] === "watch")).toBe(false);
  });

  test("sorts by the load bill, with exact percentiles", () => {
    const sums = report.rows.map((row) => row.latencyMs.sum);
    expect(sums).toEqual(sums.toSorted((a, b) => b - a));
    for (const row of report.rows.slice(0, 40)) {
      const own = all.filter((facts) => isTimed(facts) && keyOf(facts) === `${row.key["verb"]} ${row.key["resource"]}`);
      const latencies = own.map((facts) => facts.latencyMs ?? 0);
      expect(row.latencyMs.p50).toBeCloseTo(nearestRank(latencies, 0.5), 3);
      expect(row.latencyMs.p99).toBeCloseTo(nearestRank(latencies, 0.99), 3);
      expect(row.latencyMs.max).toBeCloseTo(Math.max(...latencies), 3);
    }
  });

  test("cuts time into points with their own percentiles", () => {
    const [from, to] = [Date.parse(report.span.from ?? "") * 1e3, Date.parse(report.span.to ?? "") * 1e3];
    const row = report.rows[0];
    const own = all.filter((facts) => isTimed(facts) && keyOf(facts) === `${row?.key["verb"]} ${row?.key["resource"]}`);
    const bucketOf = (us: number): number => Math.min(BUCKETS - 1, Math.floor(((us - from) * BUCKETS) / (to - from)));
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const latencies = own
        .filter((facts) => bucketOf(facts.receivedUs) === bucket)
        .map((facts) => facts.latencyMs ?? 0);
      expect(row?.points.requests[bucket]).toBe(latencies.length);
      if (latencies.length === 0) continue;
      expect(row?.points.p99[bucket]).toBeCloseTo(nearestRank(latencies, 0.99), 3);
      expect(row?.points.p50[bucket]).toBeCloseTo(nearestRank(latencies, 0.5), 3);
    }
  });

  test("gives the slowest first, with layers where the API server told them", () => {
    const expected = all
      .filter(isTimed)
      .toSorted((a, b) => (b.latencyMs ?? 0) - (a.latencyMs ?? 0) || a.seq - b.seq)
      .slice(0, 50);
    expect(report.slowest.map((facts) => facts.seq)).toEqual(expected.map((facts) => facts.seq));
    const told = all.filter((facts) => isTimed(facts) && "apiserver.latency.k8s.io/total" in facts.annotations);
    expect(report.layers.requests).toBe(told.length);
    expect(report.layers.sum).toBeCloseTo(
      told.reduce((sum, facts) => sum + (facts.latencyMs ?? 0), 0),
      3,
    );
  });

  test("respects the filter and the window", async () => {
    const middle = (Date.parse(report.span.from ?? "") + Date.parse(report.span.to ?? "")) * 500;
    const half = await engine.ask("latency", {
      filter: parseQuery("code:403"),
      window: { fromUs: middle },
      by: ["user"],
      limit: 100,
      buckets: 5,
      slowest: 1_000,
    });
    const expected = all.filter((facts) => isTimed(facts) && facts.code === 403 && facts.receivedUs >= middle);
    expect(half.total?.requests ?? 0).toBe(expected.length);
    expect(half.slowest).toHaveLength(expected.length);
  });
});

describe("cadence", () => {
  test("tells that a kubelet renews its lease every ten seconds", async () => {
    const { rows, requests } = await engine.ask("cadence", {
      filter: parseQuery("user:system:node:worker-1"),
      per: "resource",
      buckets: 10,
      limit: 100,
    });
    expect(requests).toBe(all.filter((facts) => facts.user === "system:node:worker-1").length);
    const lease = rows.find((row) => row.key["verb"] === "update" && row.key["resource"]?.startsWith("leases"));
    expect(lease?.cadence?.kind).toBe("regular");
    expect(lease?.cadence?.periodMs).toBeGreaterThan(9_500);
    expect(lease?.cadence?.periodMs).toBeLessThan(10_800);
    for (const row of rows) expect(row.spark.reduce((sum, count) => sum + count, 0)).toBe(row.requests);
  });

  test("finds the period of each object where the whole looks random", async () => {
    const { rows } = await engine.ask("cadence", {
      filter: parseQuery("user:system:node:worker-1 resource:events"),
      per: "resource",
      buckets: 10,
      limit: 100,
    });
    const patches = rows.find((row) => row.key["verb"] === "patch");
    expect(patches?.cadence?.kind).toBe("irregular");
    expect(patches?.perObject?.periodMs).toBeGreaterThan(10_000);
    expect(patches?.perObject?.periodMs).toBeLessThan(16_000);
  });
});

interface Written {
  readonly verb: string;
  readonly stage: string;
  readonly level: string;
  readonly auditID: string;
  readonly objectRef?: { readonly resource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseObject?: { readonly count?: number; readonly kind?: string };
  readonly responseStatus?: { readonly code?: number };
}

function written(): Written[] {
  return logsIn(DEMO)
    .flatMap((path) => Buffer.from(readLog(path)).toString("utf8").split("\n"))
    .filter((text) => text.includes('"resource":"events"'))
    .map((text) => JSON.parse(text) as Written)
    .filter(
      ({ verb, stage, objectRef, responseStatus }) =>
        objectRef?.resource === "events" &&
        ["create", "update", "patch"].includes(verb) &&
        stage === "ResponseComplete" &&
        (responseStatus?.code ?? 0) < 400,
    );
}

describe("Kubernetes Events", () => {
  test("are all there, merged by name, with the highest count", async () => {
    const result = await engine.ask("kubernetesEvents", { filter: MATCH_ALL, limit: 1e6 });
    const counts = new Map<string, number>();
    const log = written();
    for (const { objectRef, responseObject } of log) {
      const key = `${objectRef?.namespace}/${objectRef?.name}`;
      counts.set(key, Math.max(counts.get(key) ?? 1, responseObject?.count ?? 1));
    }
    expect(result.requests).toBe(log.length);
    expect(new Map(result.events.map((event) => [`${event.namespace}/${event.name}`, event.count]))).toEqual(counts);
    const firstNormal = result.events.findIndex((event) => event.type !== "Warning");
    expect(result.events.slice(firstNormal).some((event) => event.type === "Warning")).toBe(false);
    for (const event of result.events) {
      expect(event.reason).not.toBe("");
      expect(event.object.kind).not.toBe("");
      expect(Date.parse(event.firstSeen)).toBeLessThanOrEqual(Date.parse(event.lastSeen));
    }
  });

  test("read the newest when there are more than asked for, and say so", async () => {
    const result = await engine.ask("kubernetesEvents", { filter: parseQuery("ns:demo"), limit: 10 });
    expect(result.read).toBe(10);
    expect(result.requests).toBeGreaterThan(10);
    expect(result.events.every((event) => event.namespace === "demo")).toBe(true);
    const again = await engine.ask("kubernetesEvents", { filter: parseQuery("ns:demo"), limit: 10 });
    expect(again).toBe(result);
  });

  test("without bodies name their object and say what is missing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-events-"));
    const path = join(folder, "audit.log");
    const lines = readFileSync(join(DEMO, "audit.log"), "utf8")
      .split("\n")
      .filter((text) => text.includes('"resource":"events"') && /"verb":"(create|patch)"/.test(text))
      .map((text) => {
        const { requestObject: _, responseObject: __, ...event } = JSON.parse(text) as Record<string, unknown>;
        return JSON.stringify({ ...event, level: "Metadata" });
      });
    writeFileSync(path, `${lines.join("\n")}\n`);
    const metadata = createEngine({ inputs: [path] });
    try {
      await metadata.loaded();
      const result = await metadata.ask("kubernetesEvents", { filter: MATCH_ALL, limit: 1e6 });
      expect(result.withoutBody).toBe(lines.length);
      expect(result.events.length).toBeGreaterThan(0);
      for (const event of result.events) {
        expect(event.body).toBe("none");
        expect(event.reason).toBe("");
        expect(event.object.name).not.toMatch(/\.[0-9a-f]{14,16}$/);
        expect(event.component).not.toBe("");
      }
    } finally {
      await metadata.close();
      rmSync(folder, { recursive: true });
    }
  });
});
