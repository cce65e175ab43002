import { createHash } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

const SUM_DIGITS = 8;

/** A file of records, a line each, that is only ever added to. A record counts once it is on the disk with its sum. */
export class JournalFile {
  private readonly fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** What is in it, and the file to go on with: behind the last whole record. Throws the system's errors. */
  static open(path: string): { readonly records: readonly unknown[]; readonly file: JournalFile } {
    const { records, bytes } = readRecords(path);
    const fd = openSync(path, "a", 0o600);
    ftruncateSync(fd, bytes);
    return { records, file: new JournalFile(fd) };
  }

  /** On the disk when it returns. */
  add(...records: readonly object[]): void {
    const bytes = Buffer.from(journalText(records));
    for (let at = 0; at < bytes.length;) at += writeSync(this.fd, bytes, at);
    fsyncSync(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }
}

export function journalText(records: readonly object[]): string {
  return records
    .map((record) => {
      const json = JSON.stringify(record);
      return `${sumOf(json)} ${json}\n`;
    })
    .join("");
}

function sumOf(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, SUM_DIGITS);
}

function readRecords(path: string): { readonly records: readonly unknown[]; readonly bytes: number } {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return { records: [], bytes: 0 };
  }
  const records: unknown[] = [];
  let at = 0;
  for (;;) {
    const end = content.indexOf(0x0a, at);
    if (end < 0) break;
    const json = content.toString("utf8", at + SUM_DIGITS + 1, end);
    if (sumOf(json) !== content.toString("latin1", at, at + SUM_DIGITS)) break;
    records.push(JSON.parse(json));
    at = end + 1;
  }
  return { records, bytes: at };
}
