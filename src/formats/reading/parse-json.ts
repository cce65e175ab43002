import { parseJson } from "../../events/json.ts";
import { jsonEnd, objectMembers, skipSpace } from "../shape/json-bytes.ts";

/** Larger records are judged by their members: parsing one would take ten times its size in memory. */
const MAX_PARSE_BYTES = 64 * 1024 * 1024;

/** The value in buffer[start, end), a SyntaxError when it is none; of a huge one its scalar members and empty stand-ins. */
export function parsedValue(buffer: Buffer, start: number, end: number): unknown {
  return end - start > MAX_PARSE_BYTES ? parseMembers(buffer, start, end) : parse(buffer, start, end);
}

function parse(buffer: Buffer, start: number, end: number): unknown {
  try {
    return parseJson(buffer.toString("utf8", start, end));
  } catch (error) {
    return error instanceof SyntaxError ? error : new SyntaxError(String(error));
  }
}

function parseMembers(buffer: Buffer, start: number, end: number): unknown {
  const valueEnd = jsonEnd(buffer, start, end);
  if (valueEnd < 0 || skipSpace(buffer, valueEnd, end) < end) return new SyntaxError("not one value");
  if (buffer[start] === 0x5b) return [];
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { key, start: from, end: to } of objectMembers(buffer, start, end)) {
    const first = buffer[from];
    value[key] = first === 0x7b ? {} : first === 0x5b ? [] : parse(buffer, from, to);
  }
  return value;
}

/** The span of the member at a path inside the object that `wrapper` is; null when there is none. */
export function memberAt(
  wrapper: Buffer,
  path: readonly string[],
): { readonly start: number; readonly end: number } | null {
  let span = { start: skipSpace(wrapper, 0, wrapper.length), end: wrapper.length };
  for (const key of path) {
    const member = objectMembers(wrapper, span.start, span.end).findLast((candidate) => candidate.key === key);
    if (member === undefined) return null;
    span = member;
  }
  return span;
}
