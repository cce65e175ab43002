import { layerOf, LAYER_BYTES, mayBeginLayer, type Layer } from "./layer-of.ts";
import { peek } from "./peek.ts";
import { fromUtf16 } from "./utf16-layer.ts";
import { decompress } from "./zlib-layer.ts";

/** A log compressed by one program and packed by another is two deep; nobody does it four times. */
const MAX_LAYERS = 4;
/**
 * Each audit event has an ID nobody can guess, some 16 bytes however it is packed: no log gets ten thousand times larger.
 * Small ones may, when they hold a body again and again.
 */
const MAX_RATIO = 10_000;
const FREE_BYTES = 4 * 1024 * 1024 * 1024;

export interface Unpacked {
  /** Outermost first; empty for what is packed in nothing. */
  readonly layers: readonly Layer[];
  readonly stream: AsyncGenerator<Uint8Array, void, void>;
}

export interface UnpackOptions {
  /** Hears why the content ends early: one sentence, no path. */
  readonly onFault: (sentence: string) => void;
  /** Unpacked bytes from which on the ratio counts. */
  readonly freeBytes?: number;
}

/** Undoes all packing of a pulled stream, told by its bytes. Chunks are valid until the next one is pulled. */
export async function unpack(input: AsyncIterator<Uint8Array>, options: UnpackOptions): Promise<Unpacked> {
  const layers: Layer[] = [];
  const packed = { bytes: 0 };
  let stream = counted(input, packed);
  for (;;) {
    const peeked = await peek(stream, LAYER_BYTES, (head) => !mayBeginLayer(head));
    stream = peeked.stream;
    const layer = layers.length < MAX_LAYERS ? layerOf(peeked.head) : null;
    if (layer === null) break;
    layers.push(layer);
    stream = decoded(layer, stream, options.onFault);
  }
  return { layers, stream: layers.length === 0 ? stream : bounded(stream, packed, options) };
}

async function* counted(
  input: AsyncIterator<Uint8Array>,
  total: { bytes: number },
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for (;;) {
      const next = await input.next();
      if (next.done === true) return;
      total.bytes += next.value.length;
      yield next.value;
    }
  } finally {
    await input.return?.();
  }
}

async function* decoded(
  layer: Layer,
  input: AsyncIterator<Uint8Array>,
  onFault: UnpackOptions["onFault"],
): AsyncGenerator<Uint8Array, void, void> {
  if (layer === "gzip" || layer === "zstd") {
    yield* decompress(layer, input, onFault);
    return;
  }
  if (layer === "utf-16") {
    yield* fromUtf16(input);
    return;
  }
  const { fromBzip2, fromLz4, fromXz } = await import("./unpackers.ts");
  const decoder = { bzip2: fromBzip2, lz4: fromLz4, xz: fromXz }[layer];
  yield* decoder(input, onFault);
}

/** Ends a stream that grows beyond anything a log does. */
async function* bounded(
  stream: AsyncGenerator<Uint8Array, void, void>,
  packed: { readonly bytes: number },
  { onFault, freeBytes = FREE_BYTES }: UnpackOptions,
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > freeBytes && bytes > packed.bytes * MAX_RATIO) {
      onFault(`it unpacks to more than ${MAX_RATIO.toLocaleString("en")} times its size: the rest is not read`);
      return;
    }
    yield chunk;
  }
}
