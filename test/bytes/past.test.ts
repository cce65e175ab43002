import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, unlinkSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { assert, asyncProperty, array, integer, oneof, constant } from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileGeneration, FileInput, PastRange, ReadAt } from "../../src/bytes/contract.ts";
import { openFile } from "../../src/bytes/generation.ts";
import { pastRanges } from "../../src/bytes/past.ts";
import { offsetOfTime } from "../../src/bytes/time-offset.ts";
import { line, lines } from "./following.ts";

let directory = "";
let log = "";
const signal = new AbortController().signal;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-past-"));
  log = join(directory, "audit.log");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const rotated = (second: number): string => join(directory, `audit-2026-11-21T00-00-0${second}.000.log`);
const input = (): FileInput => ({ kind: "files", apiserver: "", files: [], live: log });

async function generationOf(path: string): Promise<FileGeneration> {
  const { generation, handle } = await openFile(path);
  await handle.close();
  return generation;
}

async function textOf(range: PastRange): Promise<string> {
  let text = "";
  for await (const chunk of range.source.chunks()) text += Buffer.from(chunk).toString("latin1");
  return text;
}

async function piecesOf(ranges: AsyncGenerator<PastRange, void, void>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const range of ranges) pieces.push(await textOf(range));
  return pieces;
}

describe("the past, newest first", () => {
  test("whole lines, every byte once: the file backwards, then the older ones", async () => {
    writeFileSync(rotated(1), lines(0, 300));
    writeFileSync(`${rotated(2)}.gz`, gzipSync(lines(300, 400)));
    writeFileSync(rotated(3), lines(400, 410));
    writeFileSync(log, lines(410, 1_000));
    const start = { generation: await generationOf(log), offset: 500 * line(0).length };
    const pieces = await piecesOf(pastRanges(input(), start, signal, 10_000));
    expect(pieces.toReversed().join("")).toBe(lines(0, 910));
    expect(pieces.length).toBeGreaterThan(10);
    for (const piece of pieces) expect(piece.startsWith("{") && piece.endsWith("\n")).toBe(true);
    expect(pieces.includes(lines(300, 400))).toBe(true);
  });

  test("a line longer than a piece stays whole", async () => {
    const long = `{"auditID":"${"x".repeat(300_000)}"}\n`;
    writeFileSync(log, line(0) + long + line(1));
    const start = { generation: await generationOf(log), offset: (line(0) + long + line(1)).length };
    const pieces = await piecesOf(pastRanges(input(), start, signal, 1_000));
    expect(pieces.map(({ length }) => length)).toEqual([line(1).length + long.length, line(0).length]);
  });

  test("rotation and compression in the middle lose nothing", async () => {
    writeFileSync(rotated(1), lines(0, 100));
    writeFileSync(log, lines(100, 400));
    const start = { generation: await generationOf(log), offset: 300 * line(0).length };
    const pieces: string[] = [];
    for await (const range of pastRanges(input(), start, signal, 10_000)) {
      pieces.push(await textOf(range));
      if (pieces.length === 1) {
        renameSync(log, rotated(2));
        writeFileSync(log, lines(400, 500));
      }
      if (pieces.length === 2) {
        writeFileSync(`${rotated(2)}.gz`, gzipSync(readFileSync(rotated(2))));
        unlinkSync(rotated(2));
      }
    }
    expect(pieces.toReversed().join("")).toBe(lines(0, 400));
  });

  test("numbered files that move on, and a copy of the live one", async () => {
    writeFileSync(join(directory, "audit.log.2"), lines(0, 10));
    writeFileSync(join(directory, "audit.log.1"), lines(10, 20));
    writeFileSync(log, lines(20, 30));
    const start = { generation: await generationOf(log), offset: 10 * line(0).length };
    const pieces: string[] = [];
    for await (const range of pastRanges(input(), start, signal)) {
      pieces.push(await textOf(range));
      if (pieces.length !== 2) continue;
      renameSync(join(directory, "audit.log.2"), join(directory, "audit.log.3"));
      renameSync(join(directory, "audit.log.1"), join(directory, "audit.log.2"));
      copyFileSync(log, join(directory, "audit.log.1"));
      truncateSync(log, 0);
    }
    expect(pieces).toEqual([lines(20, 30), lines(10, 20), lines(0, 10)]);
  });

  test("stops when the signal fires", async () => {
    writeFileSync(log, lines(0, 1_000));
    const abort = new AbortController();
    let pieces = 0;
    const start = { generation: await generationOf(log), offset: 1_000 * line(0).length };
    for await (const _ of pastRanges(input(), start, abort.signal, 1_000)) {
      pieces += 1;
      if (pieces === 3) abort.abort();
    }
    expect(pieces).toBe(3);
  });
});

describe("where a time begins", () => {
  const inMemory = (bytes: Buffer): ReadAt => ({
    size: bytes.length,
    read: (into, offset) => Promise.resolve(bytes.copy(into, 0, offset)),
  });
  const timeOf = (bytes: Uint8Array): number => {
    const text = Buffer.from(bytes.subarray(0, 20)).toString();
    return text.startsWith("t") ? Number.parseInt(text.slice(1), 10) : Number.NaN;
  };

  test("is the first line at or after it, among lines of any length, some without a time", async () => {
    const lengths = array(oneof(integer({ min: 1, max: 400 }), constant(90_000), integer({ min: -300, max: -1 })), {
      minLength: 1,
      maxLength: 400,
    });
    await assert(
      asyncProperty(lengths, integer({ min: -5, max: 4_100 }), async (sizes, at) => {
        let content = "";
        let expected: number | null = null;
        for (const [index, size] of sizes.entries()) {
          if (size > 0 && index * 10 >= at) expected ??= content.length;
          content += size < 0 ? `${"-".repeat(-size)}\n` : `t${index * 10} ${"x".repeat(size)}\n`;
        }
        const whole = content.length;
        const bytes = Buffer.from(`${content}t99999 half a li`);
        expect(await offsetOfTime(inMemory(bytes), timeOf, at)).toBe(expected ?? whole);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test("reads little of a big file", async () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, n) => `t${n} ${"x".repeat(100)}\n`).join(""));
    let read = 0;
    const file: ReadAt = {
      size: bytes.length,
      read: (into, offset) => {
        read += into.length;
        return Promise.resolve(bytes.copy(into, 0, offset));
      },
    };
    const offset = await offsetOfTime(file, timeOf, 150_000);
    expect(bytes.subarray(offset, offset + 8).toString()).toBe("t150000 ");
    expect(read).toBeLessThan(bytes.length);
  });

  test("an empty file, and one without a whole line", async () => {
    expect(await offsetOfTime(inMemory(Buffer.alloc(0)), timeOf, 5)).toBe(0);
    expect(await offsetOfTime(inMemory(Buffer.from("t7 half")), timeOf, 5)).toBe(0);
  });
});
