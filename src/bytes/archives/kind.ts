/** Files that hold files. */
export type ArchiveKind = "tar" | "zip";

/** So many bytes always tell an archive. */
export const ARCHIVE_BYTES = 263;

export function archiveKindOf(head: Uint8Array): ArchiveKind | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const start = bytes.toString("latin1", 0, 4);
  if (start === "PK\x03\x04" || start === "PK\x05\x06") return "zip";
  return bytes.toString("latin1", 257, 262) === "ustar" ? "tar" : null;
}
