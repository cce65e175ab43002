import { fromBuffer, open as openZip, type Entry, type ZipFile } from "yauzl";
import { ArchiveFault, MemberNames, isArchiveFault, type Member } from "./member.ts";

/** A zip archive whose directory was read; its members can be had in any order. */
export interface Zip {
  readonly members: readonly Member[];
  close(): void;
}

const OPTIONS = { lazyEntries: true, decodeStrings: false, autoClose: false } as const;

/** Throws an ArchiveFault when it is cut or damaged. Close it. */
export async function openZipFile(path: string): Promise<Zip> {
  return directoryOf((done) => openZip(path, OPTIONS, done));
}

/** A whole archive in memory. */
export async function openZipBytes(bytes: Buffer): Promise<Zip> {
  return directoryOf((done) => fromBuffer(bytes, OPTIONS, done));
}

async function directoryOf(open: (done: (error: Error | null, zip: ZipFile) => void) => void): Promise<Zip> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open((error, opened) => (error === null ? resolve(opened) : reject(fault(error))));
  });
  const names = new MemberNames();
  const members: Member[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on("entry", (entry: Entry) => {
        try {
          const name = entry.fileName.toString();
          if (!name.endsWith("/")) members.push(memberOf(zip, entry, names.next(name), members.length));
          zip.readEntry();
        } catch (error) {
          reject(fault(error));
        }
      });
      zip.on("end", resolve);
      zip.on("error", (error: Error) => reject(fault(error)));
      zip.readEntry();
    });
  } catch (error) {
    zip.close();
    throw error;
  }
  return { members, close: () => zip.close() };
}

function memberOf(zip: ZipFile, entry: Entry, name: string, ordinal: number): Member {
  return { name, ordinal, bytes: entry.uncompressedSize, offset: null, chunks: () => chunksOf(zip, entry) };
}

async function* chunksOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array, void, void> {
  if (entry.isEncrypted()) throw new ArchiveFault("it is encrypted");
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw new ArchiveFault(`it is packed by a method that is not read (${entry.compressionMethod})`);
  }
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error === null ? resolve(opened) : reject(fault(error))));
  });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw fault(error);
  }
}

function fault(error: unknown): ArchiveFault {
  if (isArchiveFault(error)) return error;
  const message = error instanceof Error ? error.message : "";
  const isCut = /end of central directory|too short|unexpected end|end of file/i.test(message);
  return new ArchiveFault(isCut ? "the zip archive is cut: its directory is missing" : "the zip archive is damaged");
}
