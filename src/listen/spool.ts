import { mkdir, open, readdir, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { gzipMember, MEMBER_HEAD_BYTES, memberBytes, memberContent } from "./gzip-member.ts";
import type { SpoolSettings } from "./contract.ts";

const MOST_FILE_BYTES = 64 * 1024 * 1024;
/** A file is closed after so long, so that what is old enough can go as a whole. */
const MOST_FILE_MS = 3_600_000;
const MOST_CONTENT_BYTES = 1024 * 1024 * 1024;
const NAME = /^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.jsonl\.gz$/;

interface Waiting {
  readonly lines: Buffer;
  resolve(): void;
  reject(error: unknown): void;
}

interface SpoolFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly beganMs: number;
  bytes: number;
}

/**
 * Events of one sender on disk, in files that any reader of gzip takes: `audit-2026-11-21T20-05-00.123.jsonl.gz`. What `append`
 * has resolved for is on the disk itself. What comes while one write is under way is written together with the next.
 */
export class Spool {
  private readonly settings: SpoolSettings;
  private readonly note: (sentence: string) => void;
  private file: SpoolFile | null = null;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private lastNameMs = 0;

  constructor(settings: SpoolSettings, note: (sentence: string) => void) {
    this.settings = settings;
    this.note = note;
  }

  /**
   * Makes the directory, cuts off what a crash left unfinished, and shows the lines of the newest files, so that what is sent
   * again is known. Throws what node:fs throws.
   */
  async resume(seeLines: (lines: Buffer) => void, mostBytes: number): Promise<void> {
    const { directory } = this.settings;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const names = (await this.names()).toReversed();
    let left = mostBytes;
    for (const [at, name] of names.entries()) {
      if (left <= 0) break;
      left -= await this.readBack(join(directory, name), at === 0, seeLines);
    }
  }

  append(lines: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ lines, resolve, reject });
      this.writing ??= this.write();
    });
  }

  async close(): Promise<void> {
    await this.writing?.catch(() => undefined);
    await this.file?.handle.close();
    this.file = null;
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        const file = await this.current();
        const member = gzipMember(Buffer.concat(batch.map(({ lines }) => lines)));
        await writeAll(file, member);
        await file.handle.datasync();
        file.bytes += member.length;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // What may be there in part is not written on: the next file begins anew.
        await this.abandon();
        for (const { reject } of batch) reject(error);
      }
    }
    // At once: whoever comes next must find nobody writing who has looked already.
    this.writing = null;
  }

  private async abandon(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.handle.truncate(file.bytes).catch(() => undefined);
    await file?.handle.close().catch(() => undefined);
  }

  private async current(): Promise<SpoolFile> {
    const { file } = this;
    if (file !== null && file.bytes < MOST_FILE_BYTES && Date.now() - file.beganMs < MOST_FILE_MS) return file;
    await file?.handle.close();
    this.file = null;
    await this.makeRoom();
    const { directory } = this.settings;
    // Two files of one millisecond would have one name.
    this.lastNameMs = Math.max(Date.now(), this.lastNameMs + 1);
    const name = new Date(this.lastNameMs).toISOString().replaceAll(":", "-").replace("Z", "");
    const path = join(directory, `audit-${name}.jsonl.gz`);
    const handle = await open(path, "wx", 0o600);
    const next = { handle, path, beganMs: Date.now(), bytes: 0 };
    this.file = next;
    await syncDirectory(directory);
    return next;
  }

  /** Lets the oldest files go until another one fits. */
  private async makeRoom(): Promise<void> {
    const { directory, mostBytes } = this.settings;
    const sizes = await Promise.all(
      (await this.names()).map(async (name) => {
        const path = join(directory, name);
        return { path, bytes: (await stat(path)).size };
      }),
    );
    let sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
    for (const { path, bytes } of sizes) {
      if (sum + MOST_FILE_BYTES <= mostBytes) return;
      await unlink(path);
      sum -= bytes;
      this.note(`${path} was removed: the spool may take ${Math.round(mostBytes / 1024 / 1024)} MiB`);
    }
  }

  /** Oldest first. */
  private async names(): Promise<string[]> {
    return (await readdir(this.settings.directory)).filter((name) => NAME.test(name)).sort();
  }

  /** Returns how many bytes of lines a file holds. */
  private async readBack(path: string, isNewest: boolean, seeLines: (lines: Buffer) => void): Promise<number> {
    const handle = await open(path, isNewest ? "r+" : "r");
    let offset = 0;
    let seen = 0;
    try {
      for (;;) {
        const member = await readMember(handle, offset);
        const content = member === null ? null : memberContent(member, MOST_CONTENT_BYTES);
        if (member === null || content === null) break;
        seeLines(content);
        seen += content.length;
        offset += member.length;
      }
      const { size } = await handle.stat();
      if (size > offset && isNewest) await this.cutOff(handle, path, offset, size);
    } finally {
      await handle.close();
    }
    if (offset === 0) await rename(path, `${path}.damaged`);
    return seen;
  }

  private async cutOff(handle: FileHandle, path: string, offset: number, size: number): Promise<void> {
    await handle.truncate(offset);
    await handle.sync();
    this.note(`${path}: ${size - offset} bytes that were not finished, and never acknowledged, are removed`);
  }
}

async function writeAll({ handle, bytes }: SpoolFile, member: Buffer): Promise<void> {
  for (let written = 0; written < member.length;) {
    const { bytesWritten } = await handle.write(member, written, member.length - written, bytes + written);
    written += bytesWritten;
  }
}

async function readMember(handle: FileHandle, offset: number): Promise<Buffer | null> {
  const head = Buffer.alloc(MEMBER_HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, head.length, offset);
  const bytes = memberBytes(head.subarray(0, bytesRead));
  if (bytes === null || offset + bytes > (await handle.stat()).size) return null;
  const member = Buffer.alloc(bytes);
  await handle.read(member, 0, bytes, offset);
  return member;
}

/** A new name is on the disk when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
