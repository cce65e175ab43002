import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const BUFFERED = 1 << 20;

/**
 * A file that is written in pieces and gets its name when it is whole, readable by its owner only. Until then it is a draft
 * that goes when the process ends. Throws the system's errors.
 */
export class WholeFile {
  private readonly draft: string;
  private readonly file: number;
  private pending: string[] = [];
  private pendingLength = 0;
  private isOpen = true;
  private readonly discard = (): void => this.abandon();
  bytes = 0;

  constructor(folder: string) {
    this.draft = join(folder, `.ktrail-${randomBytes(8).toString("hex")}`);
    this.file = openSync(this.draft, "wx", 0o600);
    process.once("exit", this.discard);
  }

  write(text: string): void {
    this.pending.push(text);
    this.pendingLength += text.length;
    if (this.pendingLength >= BUFFERED) this.flush();
  }

  /** Onto the disk and under its name; what is there is replaced. */
  finish(path: string): void {
    this.flush();
    fsyncSync(this.file);
    this.close();
    renameSync(this.draft, path);
  }

  /** Nothing of it remains; after `finish` nothing happens. */
  abandon(): void {
    if (!this.isOpen) return;
    this.close();
    rmSync(this.draft, { force: true });
  }

  private close(): void {
    this.isOpen = false;
    process.off("exit", this.discard);
    closeSync(this.file);
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending.join(""));
    for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at);
    this.bytes += bytes.length;
    this.pending = [];
    this.pendingLength = 0;
  }
}
