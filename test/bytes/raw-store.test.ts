import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
} from "node:fs";
import { rmSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { assert, asyncProperty, array, integer, nat, tuple } from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileGeneration, RawRequest, RawResult, RawStore } from "../../src/bytes/contract.ts";
import { fileSource } from "../../src/bytes/file-source.ts";
import { openRawStore } from "../../src/bytes/raw-store.ts";
import { line, lines } from "./following.ts";

let directory = "";
let log = "";
let store: RawStore;
const text = lines(0, 30_000);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-raw-"));
  log = join(directory, "audit.log");
  store = openRawStore({ streamBytes: 1024 * 1024 });
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function generationOf(path: string): Promise<FileGeneration> {
  const source = fileSource(path);
  for await (const _ of source.chunks()) break;
  if (source.generation === null) throw new Error("no generation");
  return source.generation;
}

function textOf(result: RawResult): string {
  return "bytes" in result ? Buffer.from(result.bytes).toString("latin1") : `missing: ${result.missing}`;
}

const spans = array(tuple(nat(text.length - 1), integer({ min: 1, max: 1_500_000 })), { minLength: 1, maxLength: 12 });

function requestsFor(pairs: readonly (readonly [number, number])[]): RawRequest[] {
  return pairs.map(([offset, bytes]) => ({ source: 7, offset, bytes: Math.min(bytes, text.length - offset) }));
}

describe("any span of a file", () => {
  test.each([
    ["plain", Buffer.from(text)],
    ["compressed", gzipSync(text)],
  ])("%s: one by one and many at once", async (_, content) => {
    writeFileSync(log, content);
    store.addFile(7, await generationOf(log));
    await assert(
      asyncProperty(spans, async (pairs) => {
        const requests = requestsFor(pairs);
        for (const request of requests.slice(0, 3)) {
          const { offset, bytes } = request;
          expect(textOf(await store.read(request)) === text.slice(offset, offset + bytes)).toBe(true);
        }
        const seen = new Set<number>();
        let last = -1;
        for await (const { index, result } of store.readMany(requests)) {
          const { offset, bytes } = requests[index] ?? { offset: 0, bytes: 0 };
          expect(offset).toBeGreaterThanOrEqual(last);
          last = offset;
          expect(textOf(result) === text.slice(offset, offset + bytes)).toBe(true);
          seen.add(index);
        }
        expect(seen.size).toBe(requests.length);
      }),
      { seed: 2, numRuns: 15 },
    );
  });

  test("a pass over every line of a compressed file decompresses it once", async () => {
    writeFileSync(log, gzipSync(text));
    const generation = await generationOf(log);
    store.addFile(7, generation);
    const size = line(0).length;
    const requests = Array.from({ length: 30_000 }, (_, index) => ({ source: 7, offset: index * size, bytes: size }));
    let equal = 0;
    for await (const { index, result } of store.readMany(requests)) {
      if (textOf(result) === line(index)) equal += 1;
      // Once the first window was read the file is not looked at again from its start.
      if (index === 20_000) unlinkSync(log);
    }
    expect(equal).toBe(30_000);
  });

  test("answers at once for plain files, and for what was decompressed already", async () => {
    writeFileSync(log, text);
    store.addFile(1, await generationOf(log));
    expect(textOf(store.readNow({ source: 1, offset: 0, bytes: 10 }) ?? { missing: "" })).toBe(text.slice(0, 10));
    const packed = join(directory, "old.log.gz");
    writeFileSync(packed, gzipSync(text));
    store.addFile(2, await generationOf(packed));
    expect(store.readNow({ source: 2, offset: 5, bytes: 10 })).toBeNull();
    expect(textOf(await store.read({ source: 2, offset: 5, bytes: 10 }))).toBe(text.slice(5, 15));
    expect(textOf(store.readNow({ source: 2, offset: 50, bytes: 10 }) ?? { missing: "" })).toBe(text.slice(50, 60));
  });

  test("a file that grows", async () => {
    writeFileSync(log, line(0));
    store.addFile(1, await generationOf(log));
    await store.read({ source: 1, offset: 0, bytes: 10 });
    appendFileSync(log, line(1));
    expect(textOf(await store.read({ source: 1, offset: line(0).length, bytes: line(1).length }))).toBe(line(1));
  });

  test("beyond the end, and unknown sources", async () => {
    writeFileSync(log, line(0));
    store.addFile(1, await generationOf(log));
    expect(await store.read({ source: 1, offset: 0, bytes: 9_999 })).toEqual({
      missing: "the file ends before it: it was cut",
    });
    expect(await store.read({ source: 9, offset: 0, bytes: 1 })).toEqual({ missing: "unknown source" });
  });

  test("stops when the signal fires", async () => {
    writeFileSync(log, text);
    store.addFile(7, await generationOf(log));
    const abort = new AbortController();
    let answers = 0;
    for await (const _ of store.readMany(
      requestsFor([
        [0, 1],
        [5, 1],
        [9, 1],
      ]),
      abort.signal,
    )) {
      answers += 1;
      abort.abort();
    }
    expect(answers).toBe(1);
  });
});

describe("rotation behind our back", () => {
  const wanted = { source: 1, offset: line(0).length, bytes: line(1).length };
  const old = (): string => join(directory, "audit-2026-11-21T00-00-01.000.log");

  beforeEach(async () => {
    writeFileSync(log, lines(0, 100));
    store.addFile(1, await generationOf(log));
    store.addFile(2, await generationOf(log));
  });

  test("renamed, and another file under the name", async () => {
    renameSync(log, old());
    writeFileSync(log, lines(500, 600));
    expect(textOf(await store.read(wanted))).toBe(line(1));
  });

  test("renamed, compressed and removed", async () => {
    expect(textOf(await store.read(wanted))).toBe(line(1));
    writeFileSync(`${old()}.gz`, gzipSync(readFileSync(log)));
    unlinkSync(log);
    writeFileSync(log, lines(500, 600));
    expect(textOf(await store.read({ ...wanted, source: 2 }))).toBe(line(1));
    expect(textOf(await store.read({ source: 2, offset: 99 * line(0).length, bytes: line(0).length }))).toBe(line(99));
  });

  test("copied and truncated, grown beyond the old size", async () => {
    copyFileSync(log, join(directory, "audit.log.1"));
    truncateSync(log, 0);
    appendFileSync(log, lines(500, 700));
    expect(textOf(await store.read(wanted))).toBe(line(1));
    const results: string[] = [];
    for await (const { result } of store.readMany([wanted, { ...wanted, offset: 0 }])) results.push(textOf(result));
    expect(results).toEqual([line(0), line(1)]);
  });

  test("renamed to something else in the directory", async () => {
    renameSync(log, join(directory, "saved"));
    expect(textOf(await store.read(wanted))).toBe(line(1));
  });

  test("gone for good, or overwritten: missing, with the reason", async () => {
    unlinkSync(log);
    expect(await store.read(wanted)).toEqual({ missing: `${log} was removed or overwritten` });
    writeFileSync(log, lines(500, 600));
    expect(await store.read({ ...wanted, source: 2 })).toEqual({ missing: `${log} was removed or overwritten` });
  });

  test("a deleted file is not held open by a pass over it", async () => {
    for await (const _ of store.readMany([wanted])) unlinkSync(log);
    const held = readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    });
    expect(held.filter((target) => target.startsWith(directory))).toEqual([]);
  });
});

describe("streams", () => {
  test("any span of what is kept, across blocks; older bytes say they were evicted", () => {
    store.addStream(3);
    let all = "";
    for (let number = 0; number < 20_000; number += 500) {
      const chunk = lines(number, number + 500);
      all += chunk;
      store.append(3, Buffer.from(chunk));
      expect(store.streamBytes).toBeLessThanOrEqual(1024 * 1024);
    }
    const size = line(0).length;
    let kept = 0;
    for (let number = 0; number < 20_000; number += 1) {
      const result = store.readNow({ source: 3, offset: number * size, bytes: size });
      if (result !== null && "bytes" in result) {
        kept += 1;
        expect(textOf(result)).toBe(line(number));
      } else {
        expect(kept).toBe(0);
        expect(result).toEqual({ missing: "evicted from the raw buffer" });
      }
    }
    expect(kept * size).toBeGreaterThan(0.8 * 1024 * 1024);
    const long = 600_000;
    const result = store.readNow({ source: 3, offset: all.length - long, bytes: long });
    expect(textOf(result ?? { missing: "" }) === all.slice(-long)).toBe(true);
    expect(store.readNow({ source: 3, offset: all.length - 5, bytes: 6 })).toEqual({ missing: "not received yet" });
  });

  test("share one budget", () => {
    store.addStream(3);
    store.addStream(4);
    store.append(4, Buffer.from(line(4)));
    store.append(3, Buffer.from(text));
    expect(store.streamBytes).toBeLessThanOrEqual(1024 * 1024);
    expect(store.readNow({ source: 4, offset: 0, bytes: 5 })).toEqual({ missing: "evicted from the raw buffer" });
    store.append(4, Buffer.from(line(5)));
    expect(textOf(store.readNow({ source: 4, offset: line(4).length, bytes: line(5).length }) ?? { missing: "" })).toBe(
      line(5),
    );
  });
});
