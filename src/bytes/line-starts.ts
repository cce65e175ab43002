import type { ReadAt } from "./contract.ts";

const NEWLINE = 10;
const STEP_BYTES = 64 * 1024;
/** A longer line is skipped, not kept in memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

export interface Line {
  /** Without newline; empty when longer than 64 MiB. */
  readonly bytes: Uint8Array;
  /** Start of the next line. */
  readonly next: number;
}

/** Start of the line that `offset` is in: after the last newline before `offset`, or 0. */
export async function lineStartBefore(file: ReadAt, offset: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(STEP_BYTES);
  for (let end = offset; end > 0;) {
    const from = Math.max(0, end - STEP_BYTES);
    const filled = await file.read(buffer.subarray(0, end - from), from);
    const at = buffer.subarray(0, filled).lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
    end = from;
  }
  return 0;
}

/** Start of the first line that begins after `offset` and before `limit`; null when there is none. */
export async function lineStartAfter(file: ReadAt, offset: number, limit: number): Promise<number | null> {
  const buffer = Buffer.allocUnsafe(STEP_BYTES);
  for (let from = offset; from < limit;) {
    const filled = await file.read(buffer, from);
    if (filled === 0) return null;
    const at = buffer.subarray(0, filled).indexOf(NEWLINE);
    if (at >= 0) return from + at + 1 < limit ? from + at + 1 : null;
    from += filled;
  }
  return null;
}

/** The line that begins at `start`; null when it has no end yet. */
export async function lineAt(file: ReadAt, start: number): Promise<Line | null> {
  const parts: Buffer[] = [];
  let kept = 0;
  for (let from = start; ;) {
    const buffer = Buffer.allocUnsafe(STEP_BYTES);
    const filled = await file.read(buffer, from);
    if (filled === 0) return null;
    const at = buffer.subarray(0, filled).indexOf(NEWLINE);
    const part = buffer.subarray(0, at < 0 ? filled : at);
    kept += part.length;
    if (kept <= MAX_LINE_BYTES) parts.push(part);
    else parts.length = 0;
    if (at >= 0) return { bytes: parts.length === 1 ? part : Buffer.concat(parts), next: from + at + 1 };
    from += filled;
  }
}
