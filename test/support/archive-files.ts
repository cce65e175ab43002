import { crc32, deflateRawSync } from "node:zlib";
import { pack } from "tar-stream";

export interface ArchiveEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** A tar of these files, with a directory and a link among them as `tar` writes them. */
export async function tarOf(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const writer = pack();
  writer.entry({ name: "must-gather/", type: "directory" });
  writer.entry({ name: "latest", type: "symlink", linkname: "must-gather" });
  for (const { name, content } of entries) writer.entry({ name }, Buffer.from(content));
  writer.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of writer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface ZipOptions {
  readonly isDeflated?: boolean;
  /** General purpose bits. */
  readonly flags?: number;
  readonly method?: number;
}

/** A zip of these files. */
export function zipOf(entries: readonly ArchiveEntry[], options: ZipOptions = {}): Buffer {
  const { isDeflated = true, flags = 0, method = isDeflated ? 8 : 0 } = options;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const plain = Buffer.from(content);
    const packed = isDeflated ? deflateRawSync(plain) : plain;
    const rawName = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32(plain), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(plain.length, 18);
    fields.writeUInt16LE(rawName.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, rawName, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, tail, rawName]));
    parts.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listing.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listing, Buffer.from("PK\x05\x06"), end]);
}
