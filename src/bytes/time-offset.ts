import type { ReadAt } from "./contract.ts";
import { lineAt, lineStartAfter, lineStartBefore } from "./line-starts.ts";

/** Below this span lines are looked at one after the other. */
const SCAN_BYTES = 64 * 1024;

/**
 * Offset of the first line with a time ≥ `atUs`, found by bisection over lines that are roughly in order; lines whose
 * time is NaN are skipped. Without such a line: the end of the last whole line. Always the start of a line.
 */
export async function offsetOfTime(
  file: ReadAt,
  timeOfLine: (line: Uint8Array) => number,
  atUs: number,
): Promise<number> {
  // Lines before `low` are earlier. The line at `high` is not, or there is none; lines that begin after `last` and
  // before `high` have no time.
  let low = 0;
  let high = file.size;
  let last = high;
  while (last - low > SCAN_BYTES) {
    const middle = Math.floor((low + last) / 2);
    const probe = await firstTimed(file, middle, high, timeOfLine);
    if (probe !== null && probe.timeUs < atUs) {
      low = probe.next;
      continue;
    }
    if (probe !== null) high = probe.start;
    last = middle;
  }
  for (let start = low; start <= last && start < high;) {
    const line = await lineAt(file, start);
    if (line === null) return start;
    if (timeOfLine(line.bytes) >= atUs) return start;
    start = line.next;
  }
  return high === file.size ? lineStartBefore(file, high) : high;
}

/** The first line with a time that begins after `offset` and before `limit`. */
async function firstTimed(
  file: ReadAt,
  offset: number,
  limit: number,
  timeOfLine: (line: Uint8Array) => number,
): Promise<{ readonly start: number; readonly next: number; readonly timeUs: number } | null> {
  let start = await lineStartAfter(file, offset, limit);
  while (start !== null && start < limit) {
    const line = await lineAt(file, start);
    if (line === null) return null;
    const timeUs = timeOfLine(line.bytes);
    if (!Number.isNaN(timeUs)) return { start, next: line.next, timeUs };
    start = line.next;
  }
  return null;
}
