import { gunzipSync } from "node:zlib";

/** What a subscription sends at once is at most 256 KiB packed; more than this is no log. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The bytes, unpacked when they are gzip; null when that is damaged or too large. */
export function unpacked(bytes: Uint8Array): Buffer | null {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes);
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch {
    return null;
  }
}
