/** The bytes that JSON's structure is made of. */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACE = 0x7d;
export const CLOSE_BRACKET = 0x5d;
const NEWLINE = 0x0a;

/** Bytes that end the quick walk through a string. */
export const STRING_STOPS = new Uint8Array(256);
STRING_STOPS[QUOTE] = STRING_STOPS[BACKSLASH] = STRING_STOPS[NEWLINE] = STRING_STOPS[0] = 1;

/** Raw newlines and padding: no string holds them, so a record was cut short there. */
export function isStop(byte: number | undefined): boolean {
  return byte === NEWLINE || byte === 0;
}
