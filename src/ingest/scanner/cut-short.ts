const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether a record that is no JSON begins like an object or array and ends before that was closed. */
export function isCutShort(buffer: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (buffer[at] as number) <= 0x20) at++;
  if (buffer[at] !== 0x7b && buffer[at] !== 0x5b) return false;
  let depth = 0;
  let inString = false;
  for (; at < end; at++) {
    const byte = buffer[at] as number;
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) {
      return false;
    }
  }
  return depth > 0;
}
