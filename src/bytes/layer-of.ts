/** Kinds of packing that are undone as a stream, named as `info` reports them. */
export type Layer = "gzip" | "zstd" | "bzip2" | "xz" | "lz4" | "utf-16";

/** So many bytes always tell a layer, or that there is none. */
export const LAYER_BYTES = 10;

const MAGIC: readonly (readonly [Layer, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["lz4", [0x04, 0x22, 0x4d, 0x18]],
];
const BZIP2 = /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/;

/** By magic bytes: names lie (`.gz` files that a proxy unpacked, rotated files without suffix). */
export function layerOf(head: Uint8Array): Layer | null {
  for (const [layer, magic] of MAGIC) if (magic.every((byte, at) => head[at] === byte)) return layer;
  if (head[0] === 0x42 && BZIP2.test(Buffer.from(head.subarray(0, LAYER_BYTES)).toString("latin1"))) return "bzip2";
  return isUtf16(head) ? "utf-16" : null;
}

/** Whether a stream that begins with these bytes, at least one, may turn out to be packed: then it is worth to wait for more. */
export function mayBeginLayer([first = 0, second]: Uint8Array): boolean {
  if (first === 0x7b || first === 0x5b) return second === undefined || second === 0;
  return first < 0x09 || first === 0x1f || first === 0x28 || first === 0x42 || first >= 0xfd;
}

/** A byte order mark, or JSON with every other byte zero. UTF-32 begins alike and is none. */
function isUtf16(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return c !== 0 || d !== 0;
  if (a === 0xfe && b === 0xff) return true;
  const opens = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b;
  return (opens(a) && b === 0 && c !== 0 && d === 0) || (a === 0 && opens(b) && c === 0 && d !== 0 && d !== undefined);
}
