import { readFileSync } from "node:fs";
import { crc32, gzipSync, zstdCompressSync } from "node:zlib";
import { assert, asyncProperty, constantFrom, integer, nat } from "fast-check";
import { describe, expect, test } from "vitest";
import { unpack } from "../../src/bytes/unpack.ts";
import { lines } from "./following.ts";
import { runs } from "../support/runs.ts";

const text = lines(0, 1000);
const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/packed/${name}`, import.meta.url));

/** Two streams each; with what may lie between them: padding (xz), a frame of another kind (lz4). */
const packings: Record<string, Buffer> = {
  gzip: Buffer.concat([gzipSync(lines(0, 600)), gzipSync(lines(600, 1000))]),
  zstd: Buffer.concat([zstdCompressSync(lines(0, 600)), zstdCompressSync(lines(600, 1000))]),
  bzip2: fixture("1000-lines.bz2"),
  xz: fixture("1000-lines.xz"),
  lz4: fixture("1000-lines.lz4"),
};
const names = Object.keys(packings);

async function* chunked(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array, void, void> {
  // As a reader does it: one buffer, used again.
  const buffer = new Uint8Array(chunkBytes);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const part = bytes.subarray(at, at + chunkBytes);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

interface Result {
  readonly layers: readonly string[];
  readonly text: string;
  readonly fault: string | null;
}

async function unpacked(bytes: Uint8Array, chunkBytes = 64 * 1024, freeBytes?: number): Promise<Result> {
  let fault: string | null = null;
  const { layers, stream } = await unpack(chunked(bytes, chunkBytes), {
    onFault: (sentence) => (fault ??= sentence),
    ...(freeBytes === undefined ? {} : { freeBytes }),
  });
  const parts: Buffer[] = [];
  for await (const chunk of stream) parts.push(Buffer.from(chunk));
  return { layers, text: Buffer.concat(parts).toString("latin1"), fault };
}

describe("each packing", () => {
  test.each(names)("%s: all its streams, in pieces of any size", async (name) => {
    for (const chunkBytes of [1, 7, 4096, 1024 * 1024]) {
      const result = await unpacked(packings[name] as Buffer, chunkBytes);
      expect(result.text === text).toBe(true);
      expect(result).toMatchObject({ layers: [name], fault: null });
    }
  });

  test("packings in each other, to four levels", async () => {
    const twice = gzipSync(packings["xz"] as Buffer);
    expect(await unpacked(twice, 1000)).toMatchObject({ layers: ["gzip", "xz"], text, fault: null });
    const four = gzipSync(zstdCompressSync(gzipSync(packings["lz4"] as Buffer)));
    expect(await unpacked(four, 1000)).toMatchObject({ layers: ["gzip", "zstd", "gzip", "lz4"], text, fault: null });
    const five = await unpacked(gzipSync(four));
    expect(five.layers).toHaveLength(4);
    expect(five.text.startsWith("\x04\x22\x4d\x18")).toBe(true);
  });

  test("UTF-16 with and without a byte order mark, cut anywhere, of any order of bytes", async () => {
    const odd = '{"a":"ü€𝄞"}\n[{}]\n';
    for (const mark of ["", "\ufeff"]) {
      const little = Buffer.from(mark + odd, "utf16le");
      for (const bytes of [little, Buffer.from(little).swap16()]) {
        for (let chunkBytes = 1; chunkBytes < 12; chunkBytes += 1) {
          const result = await unpacked(bytes, chunkBytes);
          expect(Buffer.from(result.text, "latin1").toString()).toBe(odd);
          expect(result.layers).toEqual(["utf-16"]);
        }
        expect((await unpacked(gzipSync(bytes))).layers).toEqual(["gzip", "utf-16"]);
      }
    }
  });

  test("text is none of them", async () => {
    for (const plain of ["", "{", "BZh9 is a word", "BZh", "(", "\xef\xbb\xbf{}", "\0\0\0\0\0\0{}", "\xff\xfe\0\0"]) {
      expect(await unpacked(Buffer.from(plain, "latin1"), 3)).toEqual({ layers: [], text: plain, fault: null });
    }
  });
});

describe("cut and damaged", () => {
  test("what was written before the end is read; the reason is said", async () => {
    await assert(
      asyncProperty(constantFrom(...names), nat(), integer({ min: 1, max: 9000 }), async (name, seed, chunkBytes) => {
        const whole = packings[name] as Buffer;
        const bytes = whole.subarray(0, 12 + (seed % (whole.length - 12)));
        const result = await unpacked(bytes, chunkBytes);
        expect(text.startsWith(result.text)).toBe(true);
        if (result.text.length !== lines(0, 600).length) expect(result.fault).toMatch(/ends early/);
      }),
      { seed: 1, numRuns: runs(300) },
    );
  });

  test("bytes that were changed are noticed, and end nothing but the file", async () => {
    // zstd of Node has no checksum.
    const checked = names.filter((name) => name !== "zstd");
    await assert(
      asyncProperty(constantFrom(...checked), nat(), integer({ min: 1, max: 255 }), async (name, seed, change) => {
        const bytes = Buffer.from(packings[name] as Buffer);
        const at = 10 + (seed % (bytes.length - 10));
        bytes[at] = (bytes[at] as number) ^ change;
        const result = await unpacked(bytes, 5000);
        if (result.text !== text) expect(result.fault).toMatch(/is damaged|ends early|not read/);
      }),
      { seed: 2, numRuns: runs(400) },
    );
  });

  test("an xz file that wants gigabytes of memory is refused", async () => {
    const bytes = Buffer.from(packings["xz"] as Buffer);
    const header = bytes.subarray(12, 12 + ((bytes[12] as number) + 1) * 4);
    const at = header.indexOf(Buffer.from([0x21, 0x01])) + 2;
    header[at] = 39;
    header.writeUInt32LE(crc32(header.subarray(0, -4)), header.length - 4);
    expect(await unpacked(bytes)).toMatchObject({
      text: "",
      fault: "the xz data needs more than 64 MiB of memory; try: xz -dc FILE | ktrail -",
    });
  });
});

describe("bombs", () => {
  test("what grows beyond any log is not read to its end", async () => {
    const freeBytes = 4 * 1024 * 1024;
    const bomb = gzipSync(gzipSync(Buffer.alloc(64 * freeBytes)));
    const result = await unpacked(bomb, 65_536, freeBytes);
    expect(result.text.length).toBeLessThanOrEqual(2 * freeBytes);
    expect(result.fault).toBe("it unpacks to more than 10,000 times its size: the rest is not read");
  });

  test("a log that says the same again and again is none", async () => {
    const same = lines(0, 1).repeat(400_000);
    const result = await unpacked(gzipSync(same), 65_536, 1024);
    expect(result.text === same).toBe(true);
    expect(result.fault).toBeNull();
  });

  test("an lz4 frame of another kind that never ends takes no memory", async () => {
    const skipped = Buffer.from([
      0x04,
      0x22,
      0x4d,
      0x18,
      ...emptyFrame,
      0x50,
      0x2a,
      0x4d,
      0x18,
      0xff,
      0xff,
      0xff,
      0xff,
    ]);
    async function* endless(): AsyncGenerator<Uint8Array, void, void> {
      yield skipped;
      const zeros = new Uint8Array(1024 * 1024);
      for (let count = 0; count < 1000; count += 1) yield zeros;
    }
    const before = process.memoryUsage().arrayBuffers;
    let fault = "";
    const { stream } = await unpack(endless(), { onFault: (sentence) => (fault = sentence) });
    expect((await stream.next()).done).toBe(true);
    expect(fault).toMatch(/ends early/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024);
  });
});

/** Behind the magic: version 1, blocks of 64 KiB, the header's checksum, the end mark. */
const emptyFrame = [0x60, 0x40, 0x82, 0, 0, 0, 0];
