import * as zlib from "node:zlib";
import { KtrailError } from "../errors.ts";
import type { Compression } from "./contract.ts";

/** By magic bytes: names lie (`.gz` files that a proxy unpacked, rotated files without suffix). */
export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08) return "gzip";
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return "zstd";
  return "none";
}

/** Big output chunks: fewer trips between the thread pool and the reader. */
const OUTPUT_BYTES = 256 * 1024;

/**
 * Decompresses a pulled stream; the thread pool inflates while the caller works on the previous chunk. Several members
 * or frames in a row are one stream. Whatever can be decompressed is delivered; `onFault` hears why it ended early
 * (one sentence, no path). An input chunk is used until the next one is pulled. Leaving early returns the input, also
 * while a chunk of it is awaited.
 */
export async function* decompress(
  compression: "gzip" | "zstd",
  input: AsyncIterator<Uint8Array>,
  onFault: (sentence: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    let rest: Uint8Array | null = new Uint8Array(0);
    while (rest !== null) {
      rest = yield* decodeMember(compression, rest, input, onFault);
      // What follows the last member and is none itself is padding.
      if (rest !== null && compressionOf(rest) !== compression) return;
    }
  } finally {
    await input.return?.();
  }
}

/** Returns the input behind a member when the decoder stopped there; null at the end of the input. */
async function* decodeMember(
  compression: "gzip" | "zstd",
  first: Uint8Array,
  input: AsyncIterator<Uint8Array>,
  onFault: (sentence: string) => void,
): AsyncGenerator<Uint8Array, Uint8Array | null, void> {
  const decoder = createDecoder(compression);
  let failure: Error | null = null;
  let wake = (): void => {};
  for (const event of ["readable", "end", "close"]) decoder.on(event, () => wake());
  decoder.on("error", (error) => {
    failure = error;
    wake();
  });

  let fed = false;
  const feeding = feedDecoder(decoder, first, input).finally(() => {
    fed = true;
    wake();
  });
  feeding.catch(() => null);
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const chunk = decoder.read() as Buffer | null;
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (failure !== null || decoder.readableEnded || decoder.destroyed) break;
      // Only once all output was read: a stream that is cut fails at its end, and a failure discards what is buffered.
      if (fed && !decoder.writableEnded) decoder.end();
      await woken;
    }
    if (failure !== null) {
      onFault(faultOf(failure, compression));
      return null;
    }
    return await feeding;
  } finally {
    decoder.destroy();
  }
}

/** Returns what the decoder left of the last chunk because a member ended in its middle; null when all was taken. */
async function feedDecoder(
  decoder: Decoder,
  first: Uint8Array,
  input: AsyncIterator<Uint8Array>,
): Promise<Uint8Array | null> {
  let given = 0;
  for (let chunk = first; ;) {
    given += chunk.length;
    // A write that fails is never called back: the close that follows has to do.
    await new Promise<void>((resolve) => {
      decoder.once("close", resolve);
      decoder.write(chunk, () => {
        decoder.off("close", resolve);
        resolve();
      });
    });
    if (decoder.destroyed) return null;
    if (decoder.bytesWritten < given) return chunk.subarray(chunk.length - (given - decoder.bytesWritten));
    const next = await input.next();
    if (next.done === true) return null;
    chunk = next.value;
  }
}

type Decoder = zlib.Gunzip | zlib.ZstdDecompress;

function createDecoder(compression: "gzip" | "zstd"): Decoder {
  if (compression === "gzip") return zlib.createGunzip({ chunkSize: OUTPUT_BYTES });
  if (typeof zlib.createZstdDecompress !== "function") {
    throw new KtrailError("KT200", "reading zstd needs Node 22.15 or later; try: zstd -dc FILE | ktrail -");
  }
  return zlib.createZstdDecompress({ chunkSize: OUTPUT_BYTES });
}

function faultOf(error: Error, compression: string): string {
  const code = "code" in error ? error.code : "";
  if (code === "Z_BUF_ERROR" || /unexpected end|truncat/i.test(error.message)) {
    return `the ${compression} data ends early: the file is cut or still being written`;
  }
  return `the ${compression} data is damaged (${error.message}): what follows is lost`;
}

const OTHER_KINDS: readonly (readonly [magic: string, at: number, reason: string])[] = [
  ["\x42\x5a\x68", 0, "it is compressed with bzip2; try: bunzip2 -c FILE | ktrail -"],
  ["\xfd7zXZ\x00", 0, "it is compressed with xz; try: xz -dc FILE | ktrail -"],
  ["\x04\x22\x4d\x18", 0, "it is compressed with lz4; try: lz4 -dc FILE | ktrail -"],
  ["PK\x03\x04", 0, "it is a zip archive: unpack it and give the directory"],
  ["ustar", 257, "it is a tar archive: unpack it and give the directory"],
  ["7z\xbc\xaf\x27\x1c", 0, "it is a 7z archive: unpack it and give the directory"],
  ["\xff\xfe", 0, "it is UTF-16 text; try: iconv -f utf-16 -t utf-8 FILE | ktrail -"],
  ["\xfe\xff", 0, "it is UTF-16 text; try: iconv -f utf-16 -t utf-8 FILE | ktrail -"],
  ["\x7fELF", 0, "it is a binary file (a program)"],
  ["\x89PNG", 0, "it is a binary file (an image)"],
  ["SQLite format 3", 0, "it is a binary file (an SQLite database)"],
];

/** So many NULs after each other are padding; single ones are data. */
const PADDING_BYTES = 8;

/**
 * Why these first (decompressed) bytes cannot be a log, or null. Stretches of NULs are no reason: a crash pads a file with
 * them, and so does copytruncate under a writer that does not append.
 */
export function binaryReason(head: Uint8Array): string | null {
  for (const [magic, at, reason] of OTHER_KINDS) if (hasMagic(head, magic, at)) return reason;
  let control = 0;
  let inspected = 0;
  for (let at = 0; at < head.length; at += 1) {
    const byte = head[at] ?? 0;
    if (byte === 0) {
      const from = at;
      while (head[at + 1] === 0) at += 1;
      const isPadding = at + 1 - from >= PADDING_BYTES || from === 0 || at + 1 === head.length;
      if (isPadding) continue;
      control += at + 1 - from;
      inspected += at + 1 - from;
      continue;
    }
    inspected += 1;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27 && byte !== 30) control += 1;
  }
  return control * 50 > inspected ? "it is a binary file" : null;
}

function hasMagic(head: Uint8Array, magic: string, at: number): boolean {
  if (head.length < at + magic.length) return false;
  for (let index = 0; index < magic.length; index += 1) {
    if (head[at + index] !== magic.charCodeAt(index)) return false;
  }
  return true;
}
