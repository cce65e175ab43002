import { constantFrom, integer, assert, property } from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventBatch } from "../../src/index/event-batch.ts";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";
import { eventLine, microsOf } from "./feeder.ts";
import { runs } from "../support/runs.ts";

/** auditIDs are the client's choice, and a made-up log's times its maker's: none of them may cost more than chance does. */

const EVENTS = 6_000;
type Choice = (i: number) => number;

/** Cheap, even and the same in every run. */
function random(i: number): number {
  const mixed = Math.imul(i ^ (i >>> 15), 0x2c1b3c6d);
  return Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 0;
}

const CHOICES: Readonly<Record<string, Choice>> = {
  one: () => 0,
  two: (i) => i % 2,
  eight: (i) => i % 8,
  runs: (i) => Math.floor(i / 97),
  counting: (i) => i,
  steps: (i) => i * 1_000,
  "powers of two": (i) => i * 0x1_0000,
  "beyond 32 bits": (i) => i * 0x1_0000_0000,
  back: (i) => EVENTS - i,
  random,
};
const names = Object.keys(CHOICES);

/** One batch of the scanner's, its facts exchanged: making and reading so many lines would take all the time. */
function batchOf(
  ring: RequestRing,
  ids: Choice,
  received: Choice,
  staged: Choice,
  sources: readonly number[],
): EventBatch {
  const scanner = createScanner(ring.openScanner());
  const line = eventLine({ auditID: "x" });
  for (let i = 0; i < EVENTS; i++) scanner.scan(line, 0, line.length, 0, i * 1_000, line.length);
  const batch = scanner.takeBatch();
  for (let i = 0; i < EVENTS; i++) {
    batch.idLow[i] = random(ids(i) + 1);
    batch.idHigh[i] = random(ids(i) + 7_777_777);
    batch.receivedUs[i] = microsOf(0) + received(i);
    batch.stageUs[i] = (batch.receivedUs[i] as number) + staged(i);
    batch.source[i] = sources[i % sources.length] as number;
  }
  return batch;
}

/** Entries a look-up of anything passes on average: of a run of n, n / 2 from each of its places. */
function costOf(occupied: readonly boolean[]): number {
  let sum = 0;
  let run = 0;
  for (const isOccupied of [...occupied, false]) {
    if (isOccupied) run++;
    else {
      sum += (run * (run + 1)) / 2;
      run = 0;
    }
  }
  return sum / Math.max(1, occupied.length);
}

function idTableOf(ring: RequestRing): readonly boolean[] {
  const { entries } = (ring as unknown as { ids: { entries: Uint32Array } }).ids;
  return Array.from(entries, (entry) => entry !== 0);
}

let drawn = 0;

/** The same chance in every run: what it does once in a hundred is no fault. */
function chance(): number {
  return random(++drawn) / 0x1_0000_0000;
}

/** What a table of as many entries costs when nobody chose them. */
function costByChance(slots: number, entries: number): number {
  const taken = Array.from({ length: slots }, () => false);
  for (let i = 0; i < entries; i++) {
    let slot = Math.floor(chance() * slots);
    while (taken[slot] === true) slot = (slot + 1) % slots;
    taken[slot] = true;
  }
  return costOf(taken);
}

function ringOf(...choices: [Choice, Choice, Choice, number]): RequestRing {
  const ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY, idSeed: [20_261_121, 1_619] });
  const sources = Array.from({ length: choices[3] }, (_, i) => ring.registerSource(`${i}.log`));
  ring.append(batchOf(ring, choices[0], choices[1], choices[2], sources));
  return ring;
}

describe("chosen auditIDs and times", () => {
  test("fill the id table as evenly as chance does", () => {
    assert(
      property(
        constantFrom(...names),
        constantFrom(...names),
        constantFrom(...names),
        integer({ min: 1, max: 3 }).map((power) => 16 ** (power - 1)),
        (id, received, staged, sources) => {
          const ring = ringOf(CHOICES[id] as Choice, CHOICES[received] as Choice, CHOICES[staged] as Choice, sources);
          const entries = idTableOf(ring);
          const used = entries.filter((isUsed) => isUsed).length;
          expect(used).toBe(ring.rowCount);
          expect(costOf(entries)).toBeLessThan(
            2 * Math.max(...[1, 2, 3].map(() => costByChance(entries.length, used))) + 2,
          );
          for (const block of ring.blocks) {
            const { keys } = (block as unknown as { earlier: { keys: Uint32Array } }).earlier;
            const stages = Array.from(keys, (key) => key !== 0);
            const noted = stages.filter((isUsed) => isUsed).length;
            expect(costOf(stages)).toBeLessThan(
              2 * Math.max(...[1, 2, 3].map(() => costByChance(keys.length, noted))) + 2,
            );
          }
        },
      ),
      { seed: 7, numRuns: runs(150) },
    );
  });

  test("one id and one time in many inputs are looked for in a few rows only", () => {
    const ring = ringOf(CHOICES["one"] as Choice, CHOICES["one"] as Choice, CHOICES["counting"] as Choice, 600);
    // An API server ends a request once: what another input says is another cluster's.
    expect(ring.rowCount).toBe(600);
    expect(ring.requestsSeen).toBe(600);
  });

  test("a request that ends over and over stays one row of bounded size", () => {
    const ring = new RequestRing({ capacity: 100 });
    const source = [ring.registerSource("a.log")];
    const one = CHOICES["one"] as Choice;
    for (let round = 0; round < 4; round++) {
      ring.append(batchOf(ring, one, one, (i) => round * EVENTS + i, source));
    }
    expect(ring.rowCount).toBe(1);
    expect(ring.memory.rows).toBeLessThan(64 * 1024);
  });
});
