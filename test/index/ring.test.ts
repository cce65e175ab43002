import { describe, expect, test } from "vitest";
import type { RequestFacts } from "../../src/events/request.ts";
import type { ReplacedRow, RequestBlock } from "../../src/index/contract.ts";
import { extractAuditID, factsOf } from "../../src/index/facts.ts";
import type { RequestRing } from "../../src/index/ring.ts";
import { eventLine, Feeder, microsOf } from "./feeder.ts";

function rowsOf(ring: RequestRing): RequestFacts[] {
  return ring.blocks.flatMap((block) => Array.from({ length: block.count }, (_, row) => factsOf(ring, block, row)));
}

const named = (name: string): object => ({
  objectRef: { resource: "pods", namespace: "demo", name, apiVersion: "v1" },
});

describe("one request, several stages", () => {
  const received = eventLine({ auditID: "a", stage: "RequestReceived", received: 0, staged: 0 });
  const started = eventLine({ auditID: "a", stage: "ResponseStarted", staged: 3 });
  const complete = eventLine({ auditID: "a", stage: "ResponseComplete", staged: 7, ...named("web") });
  const panic = eventLine({ auditID: "a", stage: "Panic", staged: 9, responseStatus: { metadata: {}, code: 500 } });
  const stages = [received, started, complete, panic];

  function permutations<T>(items: readonly T[]): T[][] {
    if (items.length < 2) return [[...items]];
    return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
  }

  test.each(["one batch", "batch each", "prepended"])("in any order, %s: one row with the same facts", (how) => {
    const seen = new Set<string>();
    for (const order of permutations(stages)) {
      const feeder = new Feeder();
      if (how === "one batch") feeder.append(...order);
      else if (how === "batch each") for (const line of order) feeder.append(line);
      else for (const line of order) feeder.prepend(line);
      const { ring } = feeder;
      expect(ring.rowCount).toBe(1);
      expect(ring.requestsSeen).toBe(1);
      expect(ring.inFlight).toBe(0);
      expect(ring.counters.events).toBe(4);
      expect(ring.blocks[0]?.stagesSeen(0)).toBe(0b1111);
      const { seq: _, source, ...facts } = rowsOf(ring)[0] as RequestFacts;
      expect(source.bytes).toBe(panic.length);
      seen.add(JSON.stringify(facts));
    }
    expect(seen.size).toBe(1);
    expect([...seen][0]).toContain('"stage":"Panic"');
    expect([...seen][0]).toContain('"name":"web"');
    expect([...seen][0]).toContain('"latencyMs":9');
  });

  test("duplicates of any stage, superseded or not, are dropped in any order", () => {
    for (const order of permutations([...stages.slice(0, 3), received, complete])) {
      const feeder = new Feeder();
      for (const line of order) feeder.append(line);
      expect(feeder.ring.counters).toMatchObject({ events: 3, duplicates: 2 });
      expect(feeder.ring.counters.sources[0]).toEqual({ events: 3, duplicates: 2 });
      expect(feeder.ring.rowCount).toBe(1);
    }
  });

  test("a code and a name come from an earlier stage when the last one has none", () => {
    const feeder = new Feeder();
    feeder.append(
      eventLine({
        auditID: "a",
        stage: "ResponseStarted",
        staged: 3,
        ...named("web"),
        responseStatus: { code: 101, reason: "X" },
      }),
      eventLine({ auditID: "a", stage: "ResponseComplete", staged: 9, responseStatus: {} }),
    );
    expect(rowsOf(feeder.ring)[0]).toMatchObject({
      code: 101,
      reason: "X",
      name: "web",
      stage: "ResponseComplete",
      latencyMs: 9,
    });
  });

  test("is in flight until it ends; a failed authentication has ended", () => {
    const feeder = new Feeder();
    feeder.append(received);
    expect(feeder.ring.inFlight).toBe(1);
    expect(rowsOf(feeder.ring)[0]).toMatchObject({ inFlight: true, code: null, stage: "RequestReceived" });
    feeder.append(started);
    expect(feeder.ring.inFlight).toBe(1);
    feeder.append(complete);
    expect(feeder.ring.inFlight).toBe(0);
    feeder.append(eventLine({ auditID: "401", stage: "ResponseStarted", user: {}, responseStatus: { code: 401 } }));
    expect(feeder.ring.inFlight).toBe(0);
    expect(rowsOf(feeder.ring)[1]).toMatchObject({ inFlight: false, code: 401, user: "", actorClass: "anonymous" });
  });

  test("a late completion keeps its place and tells what was replaced", () => {
    const feeder = new Feeder();
    const replaced: [number, ReplacedRow][] = [];
    const { ring } = feeder;
    ring.listeners.push({
      onReplace: (block, row, old) => replaced.push([block.firstSeq + row, old]),
      onEvict: () => {},
      onPrepended: () => {},
    });
    feeder.append(started, eventLine({ auditID: "b", received: 4 }));
    const before = ring.revision;
    const { outcome } = ring.blocks[0] as RequestBlock;
    const old = outcome[0] as number;
    feeder.append(complete);
    expect(rowsOf(ring).map((row) => row.latencyMs)).toEqual([7, 5]);
    expect(ring.revision).toBeGreaterThan(before);
    expect(replaced).toHaveLength(1);
    expect(replaced[0]).toMatchObject([0, { outcome: old, latencyUs: 3000 }]);
    expect(outcome[0]).not.toBe(old);
  });
});

function seqsWithAuditID(ring: RequestRing, auditID: string): number[] {
  const test = ring.auditIDTest(auditID);
  return ring.blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, row) => row)
      .filter((row) => test(block, row))
      .map((row) => block.firstSeq + row),
  );
}

describe("identity", () => {
  test("the same auditID at another time or on another API server is another request", () => {
    const feeder = new Feeder();
    const other = feeder.ring.registerSource("other.log", "cp2");
    const line = eventLine({ auditID: "same" });
    feeder.append(line, eventLine({ auditID: "same", received: 1 }));
    feeder.ring.append(feeder.batch([line], other));
    expect(feeder.ring.rowCount).toBe(3);
    expect(feeder.ring.counters.duplicates).toBe(0);
    expect(seqsWithAuditID(feeder.ring, "same")).toEqual([0, 1, 2]);
    expect(seqsWithAuditID(feeder.ring, "none")).toEqual([]);
    expect(rowsOf(feeder.ring)[2]?.apiserver).toBe("cp2");
  });

  test("one auditID for thousands of requests neither slows down nor merges", () => {
    const feeder = new Feeder();
    const lines = Array.from({ length: 5000 }, (_, i) =>
      eventLine({ auditID: "mine", received: i, stage: "ResponseStarted" }),
    );
    feeder.append(...lines);
    feeder.append(...lines);
    feeder.append(...lines.map((_, i) => eventLine({ auditID: "mine", received: i, staged: i + 9 })));
    expect(feeder.ring.rowCount).toBe(5000);
    expect(feeder.ring.counters).toMatchObject({ events: 10_000, duplicates: 5000 });
    expect(rowsOf(feeder.ring).every((row) => row.latencyMs === 9)).toBe(true);
  });

  test("events without times: only when all facts agree they are duplicates", () => {
    const feeder = new Feeder();
    const line = (verb: string): Buffer =>
      Buffer.from(`{"kind":"Event","auditID":"x","stage":"ResponseComplete","verb":"${verb}"}`);
    feeder.append(line("get"), line("get"), line("list"));
    expect(feeder.ring.counters).toMatchObject({ events: 2, duplicates: 1 });
    expect(rowsOf(feeder.ring)).toMatchObject([{ receivedUs: Number.NaN, stageUs: Number.NaN, latencyMs: null }]);
  });

  test("stages of clocks that ran back, far times and long watches keep their values", () => {
    const feeder = new Feeder();
    const times: [number, number][] = [
      [0, 5],
      [5000, 4000],
      [1, 10 * 3600e3],
      [-400 * 86_400e3, -400 * 86_400e3 + 1],
      [400 * 86_400e3, 400 * 86_400e3 + 2],
    ];
    feeder.append(...times.map(([received, staged], i) => eventLine({ auditID: `t${i}`, received, staged })));
    expect(rowsOf(feeder.ring).map((row) => [row.receivedUs, row.stageUs, row.latencyMs])).toEqual(
      times.map(([received, staged]) => [
        microsOf(received),
        microsOf(staged),
        staged < received ? null : staged - received,
      ]),
    );
    expect(feeder.ring.blocks[0]).toMatchObject({
      minReceivedUs: microsOf(-400 * 86_400e3),
      maxReceivedUs: microsOf(400 * 86_400e3),
    });
    feeder.append(...times.map(([received, staged], i) => eventLine({ auditID: `t${i}`, received, staged })));
    expect(feeder.ring.counters.duplicates).toBe(times.length);
  });

  test("offsets beyond 4 GiB and hundreds of sources", () => {
    const feeder = new Feeder();
    const { ring, scanner } = feeder;
    const expected: string[] = [];
    for (let i = 0; i < 700; i++) {
      const line = eventLine({ auditID: `s${i}` });
      const source = i % 3 === 0 ? feeder.source : ring.registerSource(`file-${i}`);
      const offset = (i % 7) * 3e9 + i;
      scanner.scan(line, 0, line.length, source, offset, line.length);
      expected.push(`${ring.sources[source]?.path}@${offset}`);
    }
    ring.append(scanner.takeBatch());
    expect(rowsOf(ring).map(({ source }) => `${source.path}@${source.offset}`)).toEqual(expected);
  });
});

describe("a full ring", () => {
  test("evicts whole blocks, oldest first, and counts honestly", () => {
    const feeder = new Feeder({ capacity: 100 });
    const { ring } = feeder;
    const evicted: number[] = [];
    ring.listeners.push({
      onReplace: () => {},
      onEvict: (block) => evicted.push(block.count),
      onPrepended: () => {},
    });
    for (let i = 0; i < 1000; i++) {
      feeder.append(eventLine({ auditID: `r${i}`, received: i }));
      expect(ring.rowCount).toBeLessThanOrEqual(100);
      expect(ring.requestsSeen).toBe(i + 1);
      expect(ring.requestsSeen - ring.requestsEvicted).toBe(ring.rowCount);
      expect(ring.endSeq - ring.firstSeq).toBe(ring.rowCount);
    }
    expect(ring.rowCount).toBeGreaterThan(90);
    expect(evicted.reduce((sum, count) => sum + count, 0)).toBe(ring.requestsEvicted);
    expect(rowsOf(ring).map((row) => row.receivedUs)).toEqual(
      Array.from({ length: ring.rowCount }, (_, i) => microsOf(1000 - ring.rowCount + i)),
    );
    expect(ring.locate(ring.firstSeq - 1)).toBeNull();
    expect(ring.locate(ring.endSeq)).toBeNull();
    for (let seq = ring.firstSeq; seq < ring.endSeq; seq++) {
      const { block, row } = ring.locate(seq) as { block: RequestBlock; row: number };
      expect(block.firstSeq + row).toBe(seq);
      expect(block.receivedUs(row)).toBe(microsOf(seq));
    }
  });

  test("the completion of an evicted request is an event, not another request", () => {
    const feeder = new Feeder({ capacity: 50 });
    const { ring } = feeder;
    feeder.append(eventLine({ auditID: "watch", stage: "ResponseStarted", verb: "watch" }));
    for (let i = 0; i < 200; i++) feeder.append(eventLine({ auditID: `r${i}`, received: i }));
    expect(seqsWithAuditID(ring, "watch")).toEqual([]);
    expect(ring.inFlight).toBe(0);
    feeder.append(eventLine({ auditID: "watch", staged: 600, verb: "watch" }));
    expect(ring.requestsSeen).toBe(201);
    expect(ring.counters.events).toBe(202);
    expect(ring.lateCompletions).toBe(1);
  });

  test("filling backwards gives lower sequence numbers and completes what is there", () => {
    const feeder = new Feeder({ capacity: 100 });
    const { ring } = feeder;
    feeder.append(eventLine({ auditID: "c", received: 20 }), eventLine({ auditID: "d", received: 30, staged: 90 }));
    feeder.prepend(
      eventLine({ auditID: "b", received: 10 }),
      eventLine({ auditID: "d", received: 30, staged: 31, stage: "ResponseStarted" }),
    );
    feeder.prepend(eventLine({ auditID: "a", received: 0 }));
    expect([ring.firstSeq, ring.endSeq, ring.rowCount]).toEqual([-2, 2, 4]);
    expect(rowsOf(ring).map((row) => [row.seq, row.receivedUs])).toEqual(
      [0, 1, 2, 3].map((i) => [i - 2, microsOf(i * 10)]),
    );
    expect(ring.blocks.map((block) => block.firstSeq)).toEqual([-2, -1, 0]);
    expect(rowsOf(ring)[3]?.latencyMs).toBe(60);
    feeder.prepend(...Array.from({ length: 300 }, (_, i) => eventLine({ auditID: `old${i}`, received: i - 1000 })));
    expect(ring.rowCount).toBeLessThanOrEqual(100);
    expect(rowsOf(ring).at(-1)?.receivedUs).toBe(microsOf(30));
    expect(ring.requestsSeen - ring.requestsEvicted).toBe(ring.rowCount);
  });
});

describe("facts", () => {
  test("extractAuditID finds the id in any order of keys", () => {
    const find = (text: string): string => extractAuditID(Buffer.from(`xx${text}yy`), 2, 2 + Buffer.byteLength(text));
    expect(find(eventLine({ auditID: "abc-1" }).toString())).toBe("abc-1");
    expect(find('{"user":{"auditID":"inner"},"auditID":"outer","stage":"Panic"}')).toBe("outer");
    expect(find('{"auditID":"a\\u0062","stage":"x"}')).toBe("ab");
    expect(find('{"stage":"x"}')).toBe("");
    expect(find("{")).toBe("");
  });
});
