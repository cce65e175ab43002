const OTHER_KINDS: readonly (readonly [magic: string, at: number, reason: string])[] = [
  ["7z\xbc\xaf\x27\x1c", 0, "it is a 7z archive: unpack it and give the directory"],
  ["Rar!\x1a\x07", 0, "it is a rar archive: unpack it and give the directory"],
  ["\x1f\x9d", 0, "it is compressed with compress; try: uncompress -c FILE | ktrail -"],
  ["\x02\x21\x4c\x18", 0, "it is compressed with an old lz4; try: lz4 -dc FILE | ktrail -"],
  ["\xff\xfe\x00\x00", 0, "it is UTF-32 text; try: iconv -f utf-32 -t utf-8 FILE | ktrail -"],
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

export function withoutLeadingNuls(head: Uint8Array): Uint8Array {
  const start = head.findIndex((byte) => byte !== 0);
  return start < 0 ? head.subarray(head.length) : head.subarray(start);
}
