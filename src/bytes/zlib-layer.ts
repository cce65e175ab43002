import * as zlib from "node:zlib";
import { KtrailError } from "../errors.ts";

import { layerOf } from "./layer-of.ts";

/** Big output chunks: fewer trips between the thread pool and the reader. */
const OUTPUT_BYTES = 256 * 1024;

type Zlib = "gzip" | "zstd";

/**
 * Decompresses a pulled stream; the thread pool inflates while the caller works on the previous chunk. Several members
 * or frames in a row are one stream. Whatever can be decompressed is delivered; `onFault` hears why it ended early
 * (one sentence, no path). An input chunk is used until the next one is pulled. Leaving early returns the input, also
 * while a chunk of it is awaited.
 */
export async function* decompress(
  compression: Zlib,
  input: AsyncIterator<Uint8Array>,
  onFault: (sentence: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    let rest: Uint8Array | null = new Uint8Array(0);
    while (rest !== null) {
      rest = yield* decodeMember(compression, rest, input, onFault);
      // What follows the last member and is none itself is padding.
      if (rest !== null && layerOf(rest) !== compression) return;
    }
  } finally {
    await input.return?.();
  }
}

/** Returns the input behind a member when the decoder stopped there; null at the end of the input. */
async function* decodeMember(
  compression: Zlib,
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

function createDecoder(compression: Zlib): Decoder {
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
