import { gunzipSync, gzipSync } from "node:zlib";

/**
 * Gzip members that tell their own length (RFC 1952, subfield "KT"): a file of them is an ordinary .gz, and what a crash left
 * of the last one can be told from what is whole without unpacking all before it.
 */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 0x4b, 0x54, 4, 0]);
const HEADER_BYTES = HEADER.length + 4;
/** Of members that zlib writes. */
const PLAIN_HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

export function gzipMember(content: Uint8Array): Buffer {
  const packed = gzipSync(content, { level: 4 }).subarray(PLAIN_HEADER_BYTES);
  const head = Buffer.alloc(HEADER_BYTES);
  HEADER.copy(head);
  head.writeUInt32LE(HEADER_BYTES + packed.length, HEADER.length);
  return Buffer.concat([head, packed]);
}

/** Length of the member that begins with these bytes; null when it is none of ours. */
export function memberBytes(head: Buffer): number | null {
  if (head.length < HEADER_BYTES || !head.subarray(0, HEADER.length).equals(HEADER)) return null;
  const bytes = head.readUInt32LE(HEADER.length);
  return bytes > HEADER_BYTES + TRAILER_BYTES ? bytes : null;
}

export const MEMBER_HEAD_BYTES = HEADER_BYTES;

/** What a whole member holds; null when it is damaged. */
export function memberContent(member: Buffer, mostBytes: number): Buffer | null {
  try {
    return gunzipSync(member, { maxOutputLength: mostBytes });
  } catch {
    return null;
  }
}
