import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { assert, asyncProperty, integer, nat } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/bytes/contract.ts";
import { fileSource } from "../../src/bytes/file-source.ts";
import { KtrailError } from "../../src/errors.ts";
import { lines } from "./following.ts";

let directory = "";
const text = lines(0, 20_000);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-file-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function read(source: ByteSource): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString("latin1");
}

describe("plain files", () => {
  test("the bytes do not depend on the chunk size, whole or in part", async () => {
    const path = file("plain.log", text);
    await assert(
      asyncProperty(
        integer({ min: 1_000, max: 1_000_000 }),
        nat(text.length),
        nat(text.length),
        async (chunkBytes, a, b) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          expect((await read(fileSource(path, { chunkBytes, from, to }))) === text.slice(from, to)).toBe(true);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  test("buffers go from one file to the next, and never to two at a time", async () => {
    const buffers: Buffer[] = [];
    const others = [text, lines(20_000, 40_000), ""].map(
      (content, at) => [file(`${at}.log`, content), content] as const,
    );
    const used = new Set<ArrayBufferLike>();
    const readAll = async (path: string): Promise<string> => {
      const parts: string[] = [];
      for await (const chunk of fileSource(path, { chunkBytes: 4_096, buffers }).chunks()) {
        used.add(chunk.buffer);
        await new Promise(setImmediate);
        parts.push(Buffer.from(chunk).toString("latin1"));
      }
      return parts.join("");
    };
    for (const [path, content] of others) expect((await readAll(path)) === content).toBe(true);
    expect(used.size).toBe(2);
    const together = await Promise.all(others.map(([path]) => readAll(path)));
    expect(together.every((read, at) => read === others[at]?.[1])).toBe(true);
    expect(buffers.length).toBe(2);
  });

  test("reports size, progress and identity", async () => {
    const source = fileSource(file("plain.log", text));
    expect((await read(source)) === text).toBe(true);
    expect(source).toMatchObject({ compression: "none", totalBytes: text.length, bytesRead: text.length, fault: null });
    expect(Buffer.from(source.generation?.head ?? []).toString()).toBe(text.slice(0, 1024));
  });

  test("what is appended while reading is read, an empty file is no error", async () => {
    const path = file("grows.log", text);
    const source = fileSource(path, { chunkBytes: 64 * 1024 });
    let bytes = 0;
    let appended = false;
    for await (const chunk of source.chunks()) {
      bytes += chunk.length;
      if (!appended) appendFileSync(path, "more\n");
      appended = true;
    }
    expect(bytes).toBe(text.length + 5);
    expect(await read(fileSource(file("empty.log", "")))).toBe("");
  });

  test("stops when the signal fires", async () => {
    const abort = new AbortController();
    let chunks = 0;
    for await (const _ of fileSource(file("plain.log", text), { chunkBytes: 4096 }).chunks(abort.signal)) {
      chunks += 1;
      if (chunks === 3) abort.abort();
    }
    expect(chunks).toBe(3);
  });

  test("a file that is not there is one clear sentence", async () => {
    const path = join(directory, "nope.log");
    const failure = read(fileSource(path));
    await expect(failure).rejects.toThrow(`cannot read ${path}: no such file or directory`);
    await expect(failure).rejects.toBeInstanceOf(KtrailError);
  });
});

describe("compressed files", () => {
  test.each([
    ["gzip", gzipSync(text)],
    ["gzip", Buffer.concat([gzipSync(text.slice(0, 1_000_000)), gzipSync(""), gzipSync(text.slice(1_000_000))])],
    ["zstd", zstdCompressSync(text)],
    ["zstd", Buffer.concat([zstdCompressSync(text.slice(0, 777)), zstdCompressSync(text.slice(777))])],
  ])("%s is known by its first bytes, whatever its name, in one or several members", async (compression, packed) => {
    const source = fileSource(file("packed.log", packed));
    expect((await read(source)) === text).toBe(true);
    expect(source).toMatchObject({ compression, totalBytes: packed.length, fault: null });
    expect(Buffer.from(source.generation?.head ?? []).toString()).toBe(text.slice(0, 1024));
  });

  test("a plain file called .gz is read as it is", async () => {
    expect((await read(fileSource(file("plain.gz", text)))) === text).toBe(true);
  });

  test.each([
    ["gzip", gzipSync(text)],
    ["zstd", zstdCompressSync(text)],
  ])("%s cut short or still growing: everything before the cut, and a word about it", async (name, packed) => {
    const source = fileSource(file("cut.log.gz", packed.subarray(0, Math.floor(packed.length * 0.6))));
    const got = await read(source);
    expect(got.length).toBeGreaterThan(text.length * 0.4);
    expect(text.startsWith(got)).toBe(true);
    expect(source.fault).toContain(`the ${name} data ends early`);
  });

  test("gzip cut anywhere gives a prefix, never an error", async () => {
    const small = lines(0, 200);
    const packed = Buffer.concat([gzipSync(small), gzipSync(small)]);
    for (let cut = 3; cut < packed.length; cut += 7) {
      const source = fileSource(file("cut.log.gz", packed.subarray(0, cut)));
      const got = await read(source);
      expect((small + small).startsWith(got)).toBe(true);
    }
  });

  test("damage in the middle: what comes before is delivered", async () => {
    const big = lines(0, 60_000);
    const packed = gzipSync(big);
    packed.fill(0xff, Math.floor(packed.length / 2), Math.floor(packed.length / 2) + 64);
    const source = fileSource(file("damaged.gz", packed));
    const got = await read(source);
    expect(source.fault).toContain("is damaged");
    expect(got.length).toBeGreaterThan(big.length * 0.3);
    expect(big.startsWith(got.slice(0, big.length * 0.3))).toBe(true);
  });

  test("padding after the end is ignored", async () => {
    const source = fileSource(file("padded.gz", Buffer.concat([gzipSync(text), Buffer.alloc(5000)])));
    expect((await read(source)) === text).toBe(true);
    expect(source.fault).toBeNull();
  });

  test("a part is cut out", async () => {
    const path = file("part.gz", gzipSync(text));
    expect((await read(fileSource(path, { from: 300_001, to: 900_000 }))) === text.slice(300_001, 900_000)).toBe(true);
  });

  test("leaving early lets go of the file", async () => {
    for await (const _ of fileSource(file("left.gz", gzipSync(text))).chunks()) break;
    const abort = new AbortController();
    const source = fileSource(file("left.gz", gzipSync(text)));
    let chunks = 0;
    for await (const _ of source.chunks(abort.signal)) {
      chunks += 1;
      abort.abort();
    }
    expect(chunks).toBeLessThan(12);
    expect(source.fault).toBeNull();
  });
});
