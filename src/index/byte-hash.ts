/**
 * Hashing of byte spans, four bytes a step. The multipliers are random per process, so whoever chooses the strings of a
 * log cannot choose which of them collide.
 */

function randomOdd(): number {
  return (Math.floor(Math.random() * 0x1_0000_0000) | 1) >>> 0;
}

export const HASH_START = randomOdd() | 0;
export const WORD_FACTOR = randomOdd() | 0;
export const STATE_FACTOR = randomOdd() | 0;

/** One step over four bytes (little endian). A shorter last step is padded with zeros. */
export function hashStep(state: number, word: number): number {
  const mixed = state ^ Math.imul(word, WORD_FACTOR);
  return Math.imul((mixed << 15) | (mixed >>> 17), STATE_FACTOR);
}

export function hashEnd(state: number, bytes: number): number {
  const hash = Math.imul(state ^ bytes ^ (state >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

/** The 1–3 bytes before a word boundary as a zero-padded word. */
export function partialWord(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = at, shift = 0; i < end; i++, shift += 8) word |= (bytes[i] as number) << shift;
  return word;
}

/** Hash of bytes[start, end); `view` covers the same memory as `bytes`, with the same origin. */
export function hashBytes(view: DataView, bytes: Uint8Array, start: number, end: number): number {
  let state = HASH_START;
  let at = start;
  for (const last = end - 4; at <= last; at += 4) state = hashStep(state, view.getInt32(at, true));
  if (at < end) state = hashStep(state, partialWord(bytes, at, end));
  return hashEnd(state, end - start);
}

/** Whether a[aStart, aStart + length) equals b[bStart, bStart + length). */
export function sameBytes(
  aView: DataView,
  a: Uint8Array,
  aStart: number,
  bView: DataView,
  b: Uint8Array,
  bStart: number,
  length: number,
): boolean {
  let i = 0;
  for (const last = length - 4; i <= last; i += 4) {
    if (aView.getInt32(aStart + i, true) !== bView.getInt32(bStart + i, true)) return false;
  }
  for (; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}
