import { type Arbitrary, array, assert, constantFrom, integer, nat, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { STAGES } from "../../src/events/vocabulary.ts";
import { OVERFLOW_TEXT } from "../../src/index/byte-dictionary.ts";
import { factsOf } from "../../src/index/facts.ts";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";
import { eventLine, Feeder, microsOf } from "./feeder.ts";
import { runs } from "../support/runs.ts";

interface Step {
  id: number;
  received: number;
  stage: number;
  staged: number;
  name: string;
  code: number;
  agent: string;
}

const step: Arbitrary<Step> = record({
  id: nat(30),
  received: nat(2),
  stage: nat(3),
  staged: nat(2),
  name: constantFrom("", "web", "db"),
  code: constantFrom(0, 200, 404),
  agent: constantFrom("kubectl", "curl", "x".repeat(60)),
});

function lineOf({ id, received, stage, staged, name, code, agent }: Step): Buffer {
  return eventLine({
    auditID: `id-${id}`,
    received,
    stage: STAGES[stage] as string,
    staged: received + staged,
    userAgent: agent,
    objectRef: { resource: "pods", ...(name === "" ? {} : { name }), apiVersion: "v1" },
    responseStatus: code === 0 ? {} : { metadata: {}, code },
  });
}

interface Row {
  events: Step[];
}

/** What the ring promises, in the plainest form: no eviction, no packing. */
function modelOf(steps: readonly Step[]): { rows: string[]; events: number; duplicates: number; inFlight: number } {
  const seen = new Set<string>();
  const rows = new Map<string, Row>();
  let duplicates = 0;
  for (const event of steps) {
    const key = `${event.id} ${event.received} ${event.stage} ${event.received + event.staged}`;
    if (seen.has(key)) {
      duplicates++;
      continue;
    }
    seen.add(key);
    const request = `${event.id} ${event.received}`;
    const row = rows.get(request);
    if (row === undefined) rows.set(request, { events: [event] });
    else row.events.push(event);
  }
  let inFlight = 0;
  const texts = [...rows.values()].map(({ events }) => {
    let best = events[0] as Step;
    let { name, code } = best;
    for (const event of events.slice(1)) {
      if (event.stage > best.stage || (event.stage === best.stage && event.staged >= best.staged)) {
        best = event;
        name = event.name === "" ? name : event.name;
        code = event.code === 0 ? code : event.code;
      } else {
        name = name === "" ? event.name : name;
        code = code === 0 ? event.code : code;
      }
    }
    if (best.stage < 2) inFlight++;
    const stages = events.reduce((mask, event) => mask | (1 << event.stage), 0);
    return [best.stage, best.received, best.staged, name, code, best.agent, stages].join(" ");
  });
  return { rows: texts, events: seen.size, duplicates, inFlight };
}

function textsOf(ring: RequestRing): string[] {
  return ring.blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, row) => {
      const facts = factsOf(ring, block, row);
      return [
        STAGES.findIndex((stage) => stage === facts.stage),
        (facts.receivedUs - microsOf(0)) / 1000,
        (facts.stageUs - facts.receivedUs) / 1000,
        facts.name,
        facts.code ?? 0,
        facts.useragent,
        block.stagesSeen(row),
      ].join(" ");
    }),
  );
}

describe("the ring keeps what a plain map would", () => {
  test("whatever comes, in whatever pieces", () => {
    assert(
      property(
        array(step, { maxLength: 80 }),
        integer({ min: 1, max: 7 }),
        integer({ min: 1, max: 5 }),
        (steps, chunk, slice) => {
          const feeder = new Feeder();
          for (let from = 0; from < steps.length; from += chunk) {
            const batch = feeder.batch(steps.slice(from, from + chunk).map(lineOf));
            for (let i = 0; i < batch.count; i += slice) feeder.ring.append(batch, i, Math.min(i + slice, batch.count));
            if (from % 3 === 0) feeder.ring.rest();
          }
          const model = modelOf(steps);
          expect(textsOf(feeder.ring)).toEqual(model.rows);
          expect(feeder.ring.counters).toMatchObject({ events: model.events, duplicates: model.duplicates });
          expect(feeder.ring.inFlight).toBe(model.inFlight);
        },
      ),
      { seed: 42, numRuns: runs(300) },
    );
  });
});

describe("names and agents unique per request", () => {
  const uniqueLine = (i: number): Buffer =>
    eventLine({
      auditID: `u${i}`,
      received: i,
      userAgent: `agent-${i}-${"y".repeat(1500)}`,
      objectRef: { resource: "pods", name: `pod-${i}` },
    });

  test("memory is flat once the ring is full, and values stay right", () => {
    const ring = new RequestRing({ capacity: 1000, idSeed: [1, 2] });
    const scanner = createScanner(ring.openScanner());
    const idle = createScanner(ring.openScanner());
    const source = ring.registerSource("a.log");
    const held = idleBatch(idle, source);
    const sizes: number[] = [];
    for (let i = 0; i < 30_000; i++) {
      const line = uniqueLine(i);
      scanner.scan(line, 0, line.length, source, i, line.length);
      if (i % 100 === 99) ring.append(scanner.takeBatch());
      if (i % 5000 === 4999) sizes.push(ring.memory.rows + ring.memory.tables);
      if (i === 15_000) {
        const open = eventLine({ auditID: "open", userAgent: "open until the end" });
        idle.scan(open, 0, open.length, source, 0, open.length);
      }
    }
    expect(ring.generation).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(24 * 1024 * 1024);
    const check = (): void => {
      for (const block of ring.blocks) {
        for (let row = 0; row < block.count; row++) {
          const { name, useragent, receivedUs, groups } = factsOf(ring, block, row);
          const i = (receivedUs - microsOf(0)) / 1000;
          if (name === "") continue;
          expect(name).toBe(`pod-${i}`);
          expect(useragent).toBe(`agent-${i}-${"y".repeat(1500)}`);
          expect(groups).toEqual(["dev", "system:authenticated"]);
        }
      }
    };
    check();
    ring.append(held);
    ring.append(idle.takeBatch());
    check();
    const agents = ring.blocks.flatMap((block) =>
      Array.from({ length: block.count }, (_, row) => factsOf(ring, block, row).useragent),
    );
    expect(agents).toContain("held since the beginning");
    expect(agents).toContain("open until the end");
  });

  function idleBatch(scanner: ReturnType<typeof createScanner>, source: number): ReturnType<typeof scanner.takeBatch> {
    const line = eventLine({ auditID: "held", userAgent: "held since the beginning" });
    scanner.scan(line, 0, line.length, source, 0, line.length);
    return scanner.takeBatch();
  }

  test("a byte cap shows what does not fit as overflow", () => {
    const feeder = new Feeder({ dictionaryBytes: 10_000 });
    feeder.append(...Array.from({ length: 20 }, (_, i) => uniqueLine(i)));
    const agents = feeder.ring.blocks.flatMap((block) =>
      Array.from({ length: block.count }, (_, row) => factsOf(feeder.ring, block, row).useragent),
    );
    expect(agents.slice(0, 6).every((agent) => agent.startsWith("agent-"))).toBe(true);
    expect(agents.slice(7).every((agent) => agent === OVERFLOW_TEXT)).toBe(true);
    expect(feeder.ring.rowCount).toBe(20);
  });
});

describe("memory", () => {
  test("a request costs at most 48 bytes, its entry in the id table included", () => {
    const feeder = new Feeder({ capacity: 100_000 });
    for (let i = 0; i < 200_000; i += 2000) {
      feeder.append(...Array.from({ length: 2000 }, (_, k) => eventLine({ auditID: `m${i + k}`, received: i + k })));
    }
    expect(feeder.ring.memory.rows / feeder.ring.rowCount).toBeLessThanOrEqual(48);
  });
});
