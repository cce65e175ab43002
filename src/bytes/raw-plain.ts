import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { FileGeneration, RawResult } from "./contract.ts";
import { holdsGeneration, sameBytes } from "./generation.ts";
import { SpanAssembly, WINDOW_BYTES, type WindowCache } from "./raw-windows.ts";
import { pathOf } from "../files/file-names.ts";

/**
 * Reads again from an uncompressed file, at once. Every read verifies the file by its first bytes: copytruncate may
 * overwrite it while it is open.
 */
export class PlainReader {
  /** When it was last used, ms of performance.now(). */
  usedMs = 0;
  private readonly source: number;
  private readonly generation: FileGeneration;
  private readonly cache: WindowCache;
  private path: string;
  private fd: number | null = null;

  constructor(source: number, generation: FileGeneration, cache: WindowCache) {
    this.source = source;
    this.generation = generation;
    this.cache = cache;
    this.path = generation.path;
  }

  get isOpen(): boolean {
    return this.fd !== null;
  }

  /** Where the generation is found now. */
  moveTo(path: string): void {
    this.close();
    this.path = path;
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }

  /** Null when the path does not hold the generation any more. */
  read(offset: number, bytes: number): RawResult | null {
    this.usedMs = performance.now();
    const span = new SpanAssembly(offset, bytes);
    for (;;) {
      const window = this.window(span.nextWindow, offset + bytes);
      if (window === null) return null;
      const taken = span.take(window);
      if (taken === false) return { missing: "the file ends before it: it was cut" };
      if (taken !== true) return { bytes: taken };
    }
  }

  private window(number: number, end: number): Uint8Array | null {
    const known = this.cache.get(this.source, number);
    const start = number * WINDOW_BYTES;
    // The last window of a file that grows may have been short.
    if (known !== undefined && (known.length === WINDOW_BYTES || start + known.length >= end)) return known;
    const fd = this.fd ?? this.open();
    if (fd === null) return null;
    try {
      const buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
      const window = buffer.subarray(0, readFullySync(fd, buffer, start));
      if (!this.hasSameHead(fd)) {
        this.close();
        return null;
      }
      this.cache.set(this.source, number, window);
      return window;
    } catch {
      this.close();
      return null;
    }
  }

  private open(): number | null {
    let fd: number;
    try {
      fd = openSync(pathOf(this.path), constants.O_RDONLY | constants.O_NONBLOCK);
    } catch {
      return null;
    }
    try {
      const stats = fstatSync(fd);
      const head = new Uint8Array(this.generation.head.length);
      const length = stats.isFile() ? readFullySync(fd, head, 0) : 0;
      const found = { path: this.path, device: stats.dev, inode: stats.ino, head: head.subarray(0, length) };
      if (stats.isFile() && holdsGeneration(found, this.generation)) {
        this.fd = fd;
        return fd;
      }
    } catch {
      // Reported like any other file that is not the one we know: it is searched for.
    }
    closeSync(fd);
    return null;
  }

  private hasSameHead(fd: number): boolean {
    const head = new Uint8Array(this.generation.head.length);
    return readFullySync(fd, head, 0) === head.length && sameBytes(head, this.generation.head);
  }
}

function readFullySync(fd: number, into: Uint8Array, offset: number): number {
  let filled = 0;
  while (filled < into.length) {
    const bytes = readSync(fd, into, filled, into.length - filled, offset + filled);
    if (bytes === 0) break;
    filled += bytes;
  }
  return filled;
}
