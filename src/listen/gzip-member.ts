import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * Gzip members that tell their own length (RFC 1952, subfield "KT"): a file of them is an ordinary .gz, and what a crash left
 * of the last one can be told from what is whole without unpacking all before it.
 */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 0x4b, 0x54, 4, 0]);
const HEADER_BYTES = HEADER.length + 4;
const TRAILER_BYTES = 8;

export function gzipMember(content: Uint8Array): Buffer {
  const packed = deflateRawSync(content, { level: 4 });
  const member = Buffer.alloc(HEADER_BYTES + packed.length + TRAILER_BYTES);
  HEADER.copy(member);
  member.writeUInt32LE(member.length, HEADER.length);
  packed.copy(member, HEADER_BYTES);
  member.writeUInt32LE(crc32(content), member.length - 8);
  member.writeUInt32LE(content.length >>> 0, member.length - 4);
  return member;
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
    const packed = member.subarray(HEADER_BYTES, -TRAILER_BYTES);
    const content = inflateRawSync(packed, { maxOutputLength: mostBytes });
    return crc32(content) === member.readUInt32LE(member.length - 8) ? content : null;
  } catch {
    return null;
  }
}
