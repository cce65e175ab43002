import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContinuityWatch } from "../../../src/queries/continuity/continuity.ts";
import type { Continuity } from "../../../src/queries/continuity/contract.ts";
import { type SeenSign, SignReader } from "../../../src/queries/continuity/sign-reader.ts";
import { SIGNS } from "../../../src/queries/continuity/signs.ts";
import { IndexQueries } from "../../../src/queries/index-queries.ts";
import { parseQuery } from "../../../src/queries/parse-filter.ts";
import { finish } from "../../../src/queries/scan.ts";
import type { RequestRing } from "../../../src/index/ring.ts";
import { Feeder, timeText } from "../../index/feeder.ts";
import { DEMO, logsIn } from "../../support/log-files.ts";
import { ringOf } from "../../support/ring-of.ts";
import { describeShared } from "../../support/shared-data.ts";
import { type Break, type Policy, serverLog } from "../../support/generated/api-server.ts";

const ALL: Policy = { stages: true, own: true, health: true, startup: true };

function continuityOf(ring: RequestRing): Continuity {
  const watch = new ContinuityWatch(ring);
  ring.cutOffBefore(finish(watch.endings()));
  return finish(watch.report());
}

function ringFrom(lines: readonly Uint8Array[]): RequestRing {
  const feeder = new Feeder();
  for (let at = 0; at < lines.length; at += 5_000) feeder.append(...lines.slice(at, at + 5_000));
  return feeder.ring;
}

/** Restarts as [last before, first after], ms. */
function breaksOf({ restarts }: Continuity): (readonly [number, number])[] {
  return restarts.flatMap(({ from, to }) => (from === null ? [] : [[Date.parse(from), Date.parse(to)] as const]));
}

function expectBreaks(found: Continuity, breaks: readonly Break[]): void {
  const times = breaksOf(found);
  expect(times).toHaveLength(breaks.length);
  breaks.forEach(({ at, ms }, i) => {
    const [from, to] = times[i] ?? [0, 0];
    expect(from).toBeLessThanOrEqual(Date.parse(timeText(at)));
    expect(from).toBeGreaterThan(Date.parse(timeText(at - 3_000)));
    expect(to).toBeGreaterThanOrEqual(Date.parse(timeText(at + ms)));
    expect(to).toBeLessThan(Date.parse(timeText(at + ms + 1_000)));
  });
}

describe("restarts of an invented API server", () => {
  test.each<[string, Policy, Continuity["restarts"][number]["confidence"]]>([
    ["everything logged", ALL, "certain"],
    ["upstream, without OpenShift's annotations", { ...ALL, startup: false }, "certain"],
    ["no RequestReceived and no ResponseStarted", { ...ALL, stages: false, startup: false }, "certain"],
    ["neither health checks nor annotations", { ...ALL, health: false, startup: false }, "certain"],
    ["nothing by the API server itself", { ...ALL, own: false, startup: false }, "likely"],
    ["nor health checks", { stages: true, own: false, health: false, startup: false }, "likely"],
    ["nor stages", { stages: false, own: false, health: true, startup: false }, "likely"],
  ])("%s: outages of 2 to 20 s, killed and asked to end", (_title, policy, confidence) => {
    const breaks: Break[] = [
      { at: 180_000, ms: 3_000, how: "kill" },
      { at: 420_000, ms: 2_000, how: "term" },
      { at: 640_000, ms: 20_000, how: "kill" },
    ];
    for (const rate of [3, 30]) {
      const { lines, cutOff, inFlight } = serverLog({ minutes: 14, rate, breaks, policy, seed: rate });
      const ring = ringFrom(lines);
      const found = continuityOf(ring);
      expectBreaks(found, breaks);
      expect(found.restarts.map((restart) => restart.confidence)).toEqual(breaks.map(() => confidence));
      expect(found.restarts.map((restart) => restart.cutOff)).toEqual(cutOff);
      expect([ring.cutOff, ring.inFlight]).toEqual([cutOff.reduce((sum, n) => sum + n, 0), inFlight]);
      if (policy.own) expect(found.restarts.map(({ ended }) => ended === "shutdown")).toEqual([false, true, false]);
    }
  });

  test("whatever the traffic, its silences and the seed: these and no others", () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.constantFrom(2, 8, 40),
          seed: fc.nat(1_000),
          ms: fc.integer({ min: 1_500, max: 30_000 }),
        }),
        fc.constantFrom<Break["how"]>("kill", "term"),
        fc.boolean(),
        ({ rate, seed, ms }, how, startup) => {
          const breaks: Break[] = [{ at: 200_000 + seed * 10, ms, how }];
          const policy = { ...ALL, startup };
          const { lines, cutOff } = serverLog({ minutes: 6, rate, breaks, policy, seed });
          const found = continuityOf(ringFrom(lines));
          expectBreaks(found, breaks);
          expect(found.restarts[0]?.cutOff).toBe(cutOff[0]);
        },
      ),
      { numRuns: 12, seed: 5 },
    );
  });

  test("a process that runs through shows none, whatever is logged of it", () => {
    for (const stages of [true, false]) {
      for (const rate of [0.5, 5, 50]) {
        const policy = { ...ALL, stages };
        const ring = ringFrom(serverLog({ minutes: 12, rate, breaks: [], policy, seed: rate * 10 }).lines);
        expect(continuityOf(ring)).toEqual({ gaps: [], restarts: [] });
        expect(ring.cutOff).toBe(0);
      }
    }
  });

  test("a log that begins with a start has no time before it, and cuts nobody off", () => {
    const { lines, inFlight } = serverLog({ minutes: 4, rate: 10, breaks: [], policy: ALL, seed: 3, fresh: true });
    const ring = ringFrom(lines);
    const { restarts } = continuityOf(ring);
    expect(restarts).toHaveLength(1);
    expect(restarts[0]).toMatchObject({ from: null, seconds: null, cutOff: 0, confidence: "certain" });
    expect(ring.inFlight).toBe(inFlight);
  });

  test("of several API servers the one that was restarted, and only its requests are cut off", () => {
    const breaks: Break[] = [{ at: 150_000, ms: 4_000, how: "kill" }];
    const feeder = new Feeder();
    const logs = [breaks, [], []].map((own, i) =>
      serverLog({ minutes: 5, rate: 10, breaks: own, policy: ALL, seed: i }),
    );
    logs.forEach(({ lines }, i) => {
      const source = feeder.ring.registerSource(`cp${i}/audit.log`, `cp${i}`);
      feeder.ring.append(feeder.batch(lines, source));
    });
    const found = continuityOf(feeder.ring);
    expectBreaks(found, breaks);
    expect(found.restarts[0]).toMatchObject({ apiserver: "cp0", cutOff: logs[0]?.cutOff[0] });
    expect(feeder.ring.cutOff).toBe(logs[0]?.cutOff[0]);
    expect(feeder.ring.inFlight).toBe(logs.reduce((sum, log) => sum + log.inFlight, 0));
    for (const { query, requests } of found.restarts[0]?.evidence ?? []) {
      if (query !== null) expect([query, countOf(feeder.ring, query)]).toEqual([query, requests]);
    }
  });

  test("in one file without names another one's requests hide the break: a start, and nobody is called cut off", () => {
    const breaks: Break[] = [{ at: 150_000, ms: 4_000, how: "kill" }];
    const logs = [breaks, []].map((own, i) => serverLog({ minutes: 5, rate: 10, breaks: own, policy: ALL, seed: i }));
    const feeder = new Feeder();
    // Their audit IDs would be the same.
    for (const { lines } of logs.slice(0, 1)) feeder.append(...lines);
    feeder.append(
      ...(logs[1]?.lines ?? []).map((line) => Buffer.from(line.toString().replace('"auditID":"r', '"auditID":"s'))),
    );
    const { restarts } = continuityOf(feeder.ring);
    expect(restarts).toHaveLength(1);
    expect(restarts[0]).toMatchObject({ from: null, cutOff: 0, confidence: "certain" });
    expect(feeder.ring.cutOff).toBe(0);
  });

  test("an answer that comes after all is no longer cut off; late news of the time before is", () => {
    const breaks: Break[] = [{ at: 100_000, ms: 5_000, how: "kill" }];
    const { lines, cutOff } = serverLog({ minutes: 3, rate: 10, breaks, policy: ALL, seed: 1 });
    const feeder = new Feeder();
    feeder.append(...lines);
    continuityOf(feeder.ring);
    expect(feeder.ring.cutOff).toBe(cutOff[0]);
    const { inFlight } = feeder.ring;
    const late = { auditID: "late", stage: "RequestReceived", received: 50_000, staged: 50_000 };
    const line = (extra: object): Buffer =>
      Buffer.from(JSON.stringify({ ...(JSON.parse(lines[0]?.toString() ?? "") as object), ...extra }));
    const times = { requestReceivedTimestamp: timeText(late.received), stageTimestamp: timeText(late.staged) };
    feeder.append(line({ auditID: "late", stage: "RequestReceived", ...times }));
    expect([feeder.ring.cutOff, feeder.ring.inFlight]).toEqual([(cutOff[0] ?? 0) + 1, inFlight]);
    feeder.append(line({ auditID: "late", stage: "ResponseComplete", ...times, stageTimestamp: timeText(50_020) }));
    expect([feeder.ring.cutOff, feeder.ring.inFlight]).toEqual([cutOff[0], inFlight]);
  });
});

function expectSigns(ring: RequestRing): void {
  const reader = new SignReader(ring);
  reader.extend();
  const marks: SeenSign[] = [];
  for (const block of ring.blocks) {
    for (let row = 0; row < block.count; row++) reader.read(block, row, block.receivedUs(row), marks);
  }
  for (const [sign, term] of Object.entries(SIGNS)) {
    expect([sign, marks.filter((mark) => mark.sign === sign).length]).toEqual([sign, countOf(ring, term)]);
  }
  expect(marks.length).toBeGreaterThan(0);
}

describe("signs of a start are read as their terms select them", () => {
  test("from an invented log", () => {
    const breaks: Break[] = [{ at: 99_000, ms: 2_000, how: "term" }];
    expectSigns(ringFrom(serverLog({ minutes: 5, rate: 5, breaks, policy: ALL, seed: 4 }).lines));
  });

  test("from the bundled log", () => expectSigns(ringOf(logsIn(DEMO))));
});

describe("silences", () => {
  test("end with the next request received, not with a watch that ends", () => {
    const breaks: Break[] = [{ at: 200_000, ms: 30_000, how: "term" }];
    const policy = { stages: false, own: false, health: false, startup: false };
    const { lines } = serverLog({ minutes: 8, rate: 20, breaks, policy, seed: 2 });
    const { gaps } = continuityOf(ringFrom(lines));
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.seconds).toBeGreaterThan(30);
    expect(gaps[0]?.seconds).toBeLessThan(31);
  });

  test("count against the rate before and after them, never at the log's end", () => {
    const at = (times: readonly number[]): Continuity => continuityOf(ringFrom(serverTimes(times)));
    const steady = (from: number, n: number, every: number): number[] =>
      Array.from({ length: n }, (_, i) => from + i * every);
    expect(
      at([...steady(0, 600, 100), ...steady(150_000, 600, 100)]).gaps.map(({ seconds }) => Math.round(seconds)),
    ).toEqual([90]);
    // The same silence where requests come every 20 s is none.
    expect(at([...steady(0, 60, 20_000), ...steady(1_270_000, 60, 20_000)]).gaps).toEqual([]);
    // A job that runs once a minute makes silences of a minute.
    expect(at(Array.from({ length: 20 }, (_, i) => steady(i * 60_000, 40, 50)).flat()).gaps).toEqual([]);
    // The last requests trickle in: the log ends there.
    expect(at([...steady(0, 900, 10), 13_000, 15_500, 18_000, 20_500]).gaps).toEqual([]);
    expect(at([...steady(0, 900, 10), 60_000]).gaps).toEqual([]);
  });
});

function serverTimes(times: readonly number[]): Buffer[] {
  const base = JSON.parse(
    serverLog({
      minutes: 0.1,
      rate: 5,
      breaks: [],
      policy: { stages: false, own: false, health: false, startup: false },
      seed: 1,
    }).lines[0]?.toString() ?? "",
  ) as object;
  return times.map((ms, i) =>
    Buffer.from(
      JSON.stringify({
        ...base,
        auditID: `t${i}`,
        requestReceivedTimestamp: timeText(ms),
        stageTimestamp: timeText(ms + 5),
      }),
    ),
  );
}

function countOf(ring: RequestRing, query: string): number {
  return finish(new IndexQueries(ring).count({ filter: parseQuery(query) }));
}

describeShared("recorded log R", ["data/cluster/R"], (folder) => {
  test("has one restart with a break of 17.6 s, after a start that it begins with", () => {
    const ring = ringOf(logsIn(folder));
    const { restarts, gaps } = continuityOf(ring);
    expect(restarts.map(({ from, to, ended, cutOff }) => [from, to, ended, cutOff])).toEqual([
      [null, "2026-11-21T00:02:26.760834Z", null, 0],
      ["2026-11-21T00:13:43.184637Z", "2026-11-21T00:14:00.768125Z", "shutdown", 23],
    ]);
    expect(gaps.map(({ seconds }) => Math.round(seconds))).toEqual([18]);
  });
});

describeShared("recorded log X1", ["data/cluster/X1/X1.log.gz"], (file) => {
  test("has a restart by SIGTERM and one by SIGKILL of 2.2 s", () => {
    const ring = ringOf([file]);
    const { restarts } = continuityOf(ring);
    expect(restarts.map(({ from, to, ended, cutOff }) => [from, to, ended, cutOff])).toEqual([
      [null, "2026-11-21T16:01:20.275282Z", null, 0],
      ["2026-11-21T16:05:49.799729Z", "2026-11-21T16:06:02.167831Z", "shutdown", 101],
      ["2026-11-21T16:08:46.103567Z", "2026-11-21T16:08:48.300320Z", "killed", 147],
    ]);
    expect([ring.cutOff, ring.inFlight]).toEqual([248, 141]);
    for (const { evidence } of restarts) {
      for (const { query, requests } of evidence) {
        if (query !== null) expect([query, countOf(ring, query)]).toEqual([query, requests]);
      }
    }
  });

  test("shows the signs that their terms select", () => expectSigns(ringOf([file])));
});

describeShared(
  "recorded logs without a restart",
  ["data/cluster/Q/Q.log.gz", "data/cluster/V/audit.log.gz", "data/cluster/L/audit.log.gz"],
  (quiet, volume, bodies) => {
    test.each([
      ["Q", quiet, 0],
      ["V, which begins with a start", volume, 1],
      ["L, which begins with a start", bodies, 1],
    ])("%s: no break, no gap", (_set, file, starts) => {
      const { restarts, gaps } = continuityOf(ringOf([file]));
      expect(gaps).toEqual([]);
      expect(restarts.map(({ from }) => from)).toEqual(Array.from({ length: starts }, () => null));
    });
  },
);
