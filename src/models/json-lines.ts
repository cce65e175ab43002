import { displayWidth, wrapText } from "./display-width.ts";
import { escapedText, MAX_SAFE_LENGTH } from "./text-safety.ts";
import type { Line, Span, Tone } from "./view.ts";

/**
 * A JSON value, masked before or asked for unmasked, as lines a cursor can walk over: pretty-printed, wrapped to a width,
 * objects and arrays foldable.
 */

export interface JsonLine {
  /** JSON pointer of the value the line belongs to; wrapped and closing lines repeat it. */
  readonly path: string;
  readonly line: Line;
  /** The line opens an object or array. */
  readonly foldable: boolean;
  /** Text of the value for copying; absent on closing lines. */
  readonly copy?: string;
}

export interface JsonLineOptions {
  readonly width: number;
  readonly unicode: boolean;
  /** Whether this object or array is shown as one line. */
  readonly isFolded: (path: string, key: string) => boolean;
}

const MAX_LINES = 50_000;
/** Of one string; the rest is named by its length. */
const MAX_STRING = 64_000;
const INDENT = 2;
/** Deeper values are shown from here on without further indent. */
const MAX_INDENT = 40;

interface Writer {
  readonly options: JsonLineOptions;
  readonly lines: JsonLine[];
}

export function jsonLines(value: unknown, options: JsonLineOptions): JsonLine[] {
  const writer: Writer = { options, lines: [] };
  write(writer, value, "", null, 0, "");
  if (writer.lines.length >= MAX_LINES)
    writer.lines.push({
      path: "",
      line: [{ text: `… longer than ${MAX_LINES} lines`, tone: "warn" }],
      foldable: false,
    });
  return writer.lines;
}

function write(writer: Writer, value: unknown, path: string, key: string | null, depth: number, comma: string): void {
  if (writer.lines.length >= MAX_LINES) return;
  const { options } = writer;
  const indent = " ".repeat(Math.min(depth * INDENT, MAX_INDENT));
  const label: Span[] =
    key === null ? [] : [{ text: safeString(key, options.unicode), tone: "accent" }, { text: ": " }];
  if (value === null || typeof value !== "object" || isRawNumber(value)) {
    writeLeaf(writer, value, path, indent, label, comma);
    return;
  }
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
  const entries: [string, unknown][] = isArray
    ? (value as unknown[]).map((item, at) => [String(at), item])
    : Object.entries(value as object);
  if (entries.length === 0) {
    push(writer, path, [{ text: indent }, ...label, { text: `${open}${close}${comma}` }], false);
    return;
  }
  if (options.isFolded(path, key ?? "")) {
    const what = isArray ? (entries.length === 1 ? "item" : "items") : entries.length === 1 ? "field" : "fields";
    const inside: Span = { text: `… ${entries.length} ${what} `, tone: "muted" };
    push(writer, path, [{ text: indent }, ...label, { text: `${open} ` }, inside, { text: close + comma }], true);
    return;
  }
  push(writer, path, [{ text: indent }, ...label, { text: open }], true);
  for (const [at, [name, item]] of entries.entries()) {
    if (writer.lines.length >= MAX_LINES) return;
    const last = at === entries.length - 1;
    write(writer, item, `${path}/${pointerPart(name)}`, isArray ? null : name, depth + 1, last ? "" : ",");
  }
  writer.lines.push({ path, line: [{ text: indent + close + comma }], foldable: false });
}

function push(writer: Writer, path: string, line: Line, foldable: boolean): void {
  writer.lines.push({ path, line, foldable });
}

function writeLeaf(writer: Writer, value: unknown, path: string, indent: string, label: Line, comma: string): void {
  const { width, unicode } = writer.options;
  const tone: Tone = typeof value === "string" ? "normal" : value === null ? "muted" : "info";
  const whole = typeof value === "string" ? value : numberText(value);
  const shown = typeof value === "string" ? safeString(value, unicode) : escapedText(whole, unicode);
  const lead = indent.length + label.reduce((sum, part) => sum + displayWidth(part.text), 0);
  const hanging = indent.length + INDENT;
  const room = Math.max(10, width - Math.max(hanging, Math.min(lead, width - 10)) - 1);
  const pieces = wrapText(shown, room);
  for (const [at, piece] of pieces.entries()) {
    if (writer.lines.length >= MAX_LINES) return;
    const text = at === pieces.length - 1 ? piece + comma : piece;
    const start: Line = at === 0 ? [{ text: indent }, ...label] : [{ text: " ".repeat(hanging) }];
    writer.lines.push({ path, line: [...start, { text, tone }], foldable: false, copy: whole });
  }
}

/** As JSON writes it, quotes included, cut after 64,000 characters. */
function safeString(text: string, unicode: boolean): string {
  const kept = text.length > MAX_STRING ? text.slice(0, MAX_STRING) : text;
  const quoted = JSON.stringify(kept);
  let safe = "";
  for (let at = 0; at < quoted.length;) {
    let end = Math.min(quoted.length, at + MAX_SAFE_LENGTH);
    if (end < quoted.length && /[\ud800-\udbff]/.test(quoted.charAt(end - 1))) end -= 1;
    safe += escapedText(quoted.slice(at, end), unicode);
    at = end;
  }
  return text.length > MAX_STRING ? `${safe} [+${text.length - MAX_STRING} characters]` : safe;
}

function pointerPart(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isRawNumber(value: object): boolean {
  return "isRawJSON" in JSON && (JSON as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}

function numberText(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
