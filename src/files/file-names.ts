import { readdir, realpath } from "node:fs/promises";

/**
 * Names of files are bytes. Where they are no UTF-8, each byte that belongs to no character stands as a lone surrogate U+DC80 to
 * U+DCFF, as in Python (PEP 383), so that names stay texts that are compared, joined and shown. Whoever opens one asks `pathOf`.
 */

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LONE_BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const FIRST_LONE = 0xdc00;

export function nameOf(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    return inPieces(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
}

/** What node:fs takes for a name: the bytes, where it is no plain text. */
export function pathOf(name: string): string | Buffer {
  if (!LONE_BYTE.test(name)) return name;
  const pieces = name.split(/(?<![\ud800-\udbff])([\udc80-\udcff])/);
  return Buffer.concat(pieces.map((piece, at) => (at % 2 === 0 ? Buffer.from(piece) : Buffer.of(byteOf(piece)))));
}

function byteOf(lone: string): number {
  return lone.charCodeAt(0) - FIRST_LONE;
}

function inPieces(bytes: Buffer): string {
  let name = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterAt(bytes, at);
    name += length === 0 ? String.fromCharCode(FIRST_LONE + (bytes[at] ?? 0)) : bytes.toString("utf8", at, at + length);
    at += Math.max(1, length);
  }
  return name;
}

/** Bytes of the character that begins here; 0 where none does. */
function characterAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const character = bytes.subarray(at, at + length);
  return Buffer.from(character.toString("utf8")).equals(character) ? length : 0;
}

/**
 * Words of a command line as they were given, of those that Node read, where a byte that is no UTF-8 is U+FFFD. `commandLine`: all of
 * it as Linux keeps it, each word ended by NUL.
 */
export function argumentsAsGiven(words: readonly string[], commandLine: Uint8Array): readonly string[] {
  const given = nameOf(commandLine).split("\0").slice(0, -1).slice(-words.length);
  return words.map((word, at) => {
    const name = given[at] ?? "";
    return pathOf(name).toString() === word ? name : word;
  });
}

/** `realpath` of node:fs/promises. */
export async function realName(name: string): Promise<string> {
  return nameOf(await realpath(pathOf(name), { encoding: "buffer" }));
}

/** `readdir` of node:fs/promises. */
export async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(pathOf(directory), { encoding: "buffer" })).map(nameOf);
}
