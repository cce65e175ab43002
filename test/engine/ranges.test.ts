import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputTally } from "../../src/engine/input-tally.ts";
import type { Range, RangedFile, ScannedRange } from "../../src/engine/ranges/contract.ts";
import { rangeBatches } from "../../src/engine/ranges/file-ranges.ts";
import { scanRange } from "../../src/engine/ranges/scan-range.ts";
import { RecordIntake } from "../../src/engine/record-intake.ts";
import { factsOf } from "../../src/index/facts.ts";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";
import { eventLine } from "../index/feeder.ts";

const PATH = "audit.log";
const FILE: RangedFile = { fd: -1, format: "jsonl", apiserver: "" };

/** What a reader of the log can tell: everything that questions are answered from. */
function observed(ring: RequestRing, tally: InputTally): object {
  const rows = ring.blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, row) => factsOf(ring, block, row)),
  );
  const { events, duplicates, levels, stages, fromUs, toUs } = ring.counters;
  return {
    rows,
    counters: { events, duplicates, levels, stages, fromUs, toUs, sources: ring.counters.sources },
    inFlight: ring.inFlight,
    sources: ring.sources,
    report: tally.report(),
  };
}

function newRing(): RequestRing {
  return new RequestRing({ capacity: Number.POSITIVE_INFINITY, idSeed: [1, 2] });
}

interface Splitting {
  readonly rangeBytes: number;
  readonly bufferBytes: number;
  /** Threads beside this one. */
  readonly others: number;
  /** Turns of the event loop a thread takes for its first, second … range. */
  readonly turns: readonly number[];
  /** The how-manieth range given away fails. */
  readonly failing?: number;
}

async function inOnePiece(log: Buffer, chunkBytes: number): Promise<object> {
  const ring = newRing();
  const tally = new InputTally(PATH);
  readOn(log, 0, chunkBytes, ring, tally, (apiserver) => ring.registerSource(PATH, apiserver));
  return observed(ring, tally);
}

function readOn(
  log: Buffer,
  from: number,
  chunkBytes: number,
  ring: RequestRing,
  tally: InputTally,
  registerSource: (apiserver: string) => number,
): void {
  const scanner = createScanner(ring.openScanner());
  const intake = new RecordIntake({
    tally,
    scanner,
    format: "jsonl",
    baseOffset: from,
    apiserver: "",
    registerSource,
  });
  for (let at = from; at < log.length; at += chunkBytes) {
    intake.push(log.subarray(at, at + chunkBytes));
    ring.append(scanner.takeBatch());
  }
  intake.end();
  tally.bytes = log.length;
  ring.append(scanner.takeBatch());
}

/** Threads without threads: each has a scanner of its own and answers after some turns. */
async function inRanges(
  log: Buffer,
  splitting: Splitting,
): Promise<{ observed: object; mostAhead: number; resumed: number | null }> {
  const { rangeBytes, bufferBytes, others, turns, failing } = splitting;
  const ring = newRing();
  const tally = new InputTally(PATH);
  const numbers = new Map<string, number>();
  const registerSource = (apiserver: string): number => {
    const number = numbers.get(apiserver) ?? ring.registerSource(PATH, apiserver);
    numbers.set(apiserver, number);
    return number;
  };
  const read = (into: Buffer, bytes: number, offset: number): number =>
    log.copy(into, 0, offset, Math.min(log.length, offset + bytes));
  const own = createScanner(ring.openScanner());
  const threads = Array.from({ length: others }, () => ({
    scanner: createScanner(ring.openRemoteScanner()),
    buffer: Buffer.alloc(bufferBytes),
    work: Promise.resolve(),
    given: 0,
  }));
  let given = 0;
  let ahead = 0;
  let mostAhead = 0;
  const scan = (_file: RangedFile, range: Range): Promise<ScannedRange> | null => {
    const thread = threads.find((each) => each.given < 2);
    if (thread === undefined) return null;
    thread.given++;
    const number = given++;
    mostAhead = Math.max(mostAhead, ++ahead);
    const result = thread.work.then(async () => {
      for (let turn = turns[number % turns.length] ?? 0; turn > 0; turn--) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (number === failing) throw new Error("the thread has ended");
      return scanRange(FILE, range, thread.scanner, thread.buffer, read);
    });
    thread.work = result.then(
      () => void thread.given--,
      () => void thread.given--,
    );
    return result;
  };
  const batches = rangeBatches({
    file: FILE,
    from: 0,
    size: log.length,
    rangeBytes,
    mostAhead: 2 * (others + 1),
    lane: { scan },
    scanHere: (range) => {
      mostAhead = Math.max(mostAhead, ++ahead);
      return scanRange(FILE, range, own, Buffer.alloc(bufferBytes), read);
    },
    discard: (batch) => ring.discard(batch),
    tally,
    registerSource,
    signal: new AbortController().signal,
    goesOn: () => true,
  });
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) {
      if (value !== null) readOn(log, value, bufferBytes, ring, tally, registerSource);
      tally.format = "jsonl";
      return { observed: observed(ring, tally), mostAhead, resumed: value };
    }
    ahead--;
    ring.append(value);
  }
}

/** Lines a log may hold; `n` makes them distinct. */
const LINES: readonly ((n: number) => string)[] = [
  (n) => eventLine({ auditID: `e${n}`, received: n }).toString(),
  (n) => eventLine({ auditID: `e${n}`, received: n, user: { username: `u${n % 7}` } }).toString(),
  // A request's two stages, and an exact duplicate.
  (n) =>
    eventLine({ auditID: `s${n - (n % 2)}`, stage: n % 2 === 0 ? "ResponseStarted" : "ResponseComplete" }).toString(),
  () => eventLine({ auditID: "the same" }).toString(),
  // Longer than several ranges.
  (n) => eventLine({ auditID: `e${n}`, requestObject: { data: "x".repeat(2_500 + (n % 3) * 4_000) } }).toString(),
  () => "",
  () => "   ",
  () => "\0\0\0",
  () => "oops, no JSON",
  () => "I1120 14:02:11.123456       1 controller.go:126] a log line",
  () => '{"kind":"Event","auditID":"cut',
  () => '{"kind":"Pod","apiVersion":"v1"}',
  (n) => `{"kind":"EventList","items":[${eventLine({ auditID: `l${n}` }).toString()},{"kind":"Pod"}]}`,
];
/** Lines that have a bearing on others, or whose prefix has. */
const PREFIXED: readonly ((n: number) => string)[] = [
  (n) => `2026-11-20T14:02:11.8443515Z stdout P {"kind":"Event","auditID":"p${n}",`,
  (n) => `2026-11-20T14:02:11.8443515Z stdout F ${eventLine({ auditID: `f${n}` }).toString()}`,
  (n) => `cp${n % 3} ${eventLine({ auditID: `h${n}` }).toString()}`,
  (n) => `<134>Nov 20 14:02:11 cp1 kube-apiserver[812]: ${eventLine({ auditID: `y${n}` }).toString()}`,
];

const log = (kinds: readonly ((n: number) => string)[]): fc.Arbitrary<Buffer> =>
  fc
    .record({
      picks: fc.array(fc.nat({ max: kinds.length - 1 }), { minLength: 1, maxLength: 40 }),
      newline: fc.constantFrom("\n", "\r\n"),
      cut: fc.constantFrom(0, 0, 1, 2, 40),
    })
    .map(({ picks, newline, cut }) => {
      const text = picks.map((pick, n) => `${(kinds[pick] as (n: number) => string)(n)}${newline}`).join("");
      return Buffer.from(text.slice(0, Math.max(1, text.length - cut)));
    });

const splitting: fc.Arbitrary<Splitting> = fc.record({
  rangeBytes: fc.constantFrom(1, 50, 400, 777, 1_024, 5_000, 65_536),
  bufferBytes: fc.constantFrom(1, 13, 512, 4_096, 100_000),
  others: fc.integer({ min: 0, max: 3 }),
  turns: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 }),
});

/** Ranges of a byte or a buffer of one are for short logs. */
function isPatient({ rangeBytes, bufferBytes }: Splitting, bytes: number): boolean {
  return bytes / Math.min(rangeBytes, bufferBytes) < 20_000;
}

describe("a file in ranges", () => {
  it("is what it is in one piece, whatever the threads, ranges and chunks", async () => {
    await fc.assert(
      fc.asyncProperty(log(LINES), splitting, fc.constantFrom(64, 1_000, 1 << 20), async (text, how, chunkBytes) => {
        fc.pre(isPatient(how, text.length));
        const { observed: seen, resumed } = await inRanges(text, how);
        expect(resumed).toBeNull();
        expect(seen).toEqual(await inOnePiece(text, chunkBytes));
      }),
      { numRuns: 80, seed: 7 },
    );
  });

  it("is read on in one piece from where lines have a bearing on others, with the same result", async () => {
    await fc.assert(
      fc.asyncProperty(log([...LINES, ...PREFIXED]), splitting, async (text, how) => {
        fc.pre(isPatient(how, text.length));
        expect((await inRanges(text, how)).observed).toEqual(await inOnePiece(text, 1 << 20));
      }),
      { numRuns: 50, seed: 8 },
    );
  });

  it("is read on in one piece when a thread fails, with the same result", async () => {
    await fc.assert(
      fc.asyncProperty(log(LINES), splitting, fc.nat({ max: 5 }), async (text, how, failing) => {
        fc.pre(isPatient(how, text.length));
        expect((await inRanges(text, { ...how, failing })).observed).toEqual(await inOnePiece(text, 1 << 20));
      }),
      { numRuns: 30, seed: 9 },
    );
  });

  it("runs ahead by a few ranges only, however slow the first is", async () => {
    const text = Buffer.concat(
      Array.from({ length: 3_000 }, (_, n) => Buffer.concat([eventLine({ auditID: `e${n}` }), Buffer.from("\n")])),
    );
    const { mostAhead, observed: seen } = await inRanges(text, {
      rangeBytes: 2_000,
      bufferBytes: 4_096,
      others: 3,
      turns: [200, 0, 0, 0, 0, 0, 0],
    });
    expect(mostAhead).toBe(8);
    expect(seen).toEqual(await inOnePiece(text, 1 << 20));
  });
});
