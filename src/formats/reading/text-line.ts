import type { Opened } from "../contract.ts";
import { formats } from "../registry.ts";
import type { JsonObject } from "../shape/audit-event.ts";

const LINES = formats.filter(({ line }) => line !== undefined);
/** A container runtime's prefix in front of a line that a shipper carries. */
const CONTAINER = /^\d{4}-\d\d-\d\dT\S+ std(?:out|err) F /;

const MARKS = LINES.map(({ lineMark = "" }) => Buffer.from(lineMark));
const MARKED_BYTES = 256;

/** Whether textLine() might find something in the line bytes[start, end). */
export function mayBeTextLine(bytes: Buffer, start: number, end: number): boolean {
  const head = bytes.subarray(start, Math.min(end, start + MARKED_BYTES));
  return MARKS.some((mark) => head.includes(mark));
}

/** What a line without JSON of its own holds; null when it is a program's. */
export function textLine(text: string): { readonly opened: Opened; readonly format: string } | null {
  for (const { id, line } of LINES) {
    const opened = line?.(text) ?? null;
    if (opened !== null) return { opened, format: id };
  }
  const prefix = CONTAINER.exec(text)?.[0];
  return prefix === undefined ? null : { opened: { text: text.slice(prefix.length) }, format: "cri" };
}

/** The object's JSON; null when it is nested too deeply to be written. */
export function eventBytes(value: JsonObject): Buffer | null {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch {
    return null;
  }
}
