import { parseJson } from "../../events/json.ts";
import { sampleText } from "../shape/sample-text.ts";
import { ContainerLines } from "./container-lines.ts";
import { BARE } from "./contract.ts";
import { looksLikeLogLine, Prefixes } from "./prefixes.ts";
import { mayBeTextLine } from "./text-line.ts";
import type { Unwrapper } from "./unwrapper.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const BRACE = 0x7b;
const BACKSLASH = 0x5c;

/** The JSON object of a line begins within this many bytes, or the line has none. */
const MAX_PREFIX_BYTES = 1024;
/** Places in one line where the event is looked for. */
const MAX_ATTEMPTS = 8;
/** Longer objects are not parsed only to see where they begin. */
const MAX_ATTEMPT_BYTES = 16 * 1024 * 1024;
/** Longer lines without JSON are no event of a text format either. */
const MAX_TEXT_BYTES = 64 * 1024;

/** The first four bytes of the keys an audit event, an EventList or a known wrapper begins with. */
const KNOWN_KEYS = new Set(
  ["kind", "apiVersion", "level", "auditID", "stage", "metadata", "requestURI", "verb", "user", "annotations"].map(
    (key) => Buffer.from(key.padEnd(4)).readUInt32LE(0),
  ),
);

/**
 * Lines with something in front of the event: a container runtime's `TIME stdout F `, syslog, a journal, a host name.
 * The event begins at the first `{"` that can begin one.
 */
export class PrefixedLines {
  readonly #open: Unwrapper;
  readonly #container: ContainerLines;
  readonly #prefixes = new Prefixes();
  /** Keys that complete objects behind a prefix were seen to begin with. */
  readonly #heads = new Set(KNOWN_KEYS);

  /** `isStart`: what comes is the beginning of an input, and may begin in the middle of a line. */
  constructor(open: Unwrapper, isStart: boolean) {
    this.#open = open;
    this.#container = new ContainerLines(open, isStart);
  }

  /** Where the first line lies whose rest is still to come. */
  get pendingOffset(): number | undefined {
    return this.#container.pendingOffset;
  }

  /**
   * bytes[start, end) is a line without its newline that does not begin with an object; `offset` is that of start. False
   * when it is nothing that is known: nothing was counted then.
   */
  line(bytes: Buffer, start: number, end: number, offset: number): boolean {
    if (this.#container.line(bytes, start, end, offset)) return true;
    let jsonEnd = end;
    while (jsonEnd > start && (bytes[jsonEnd - 1] as number) <= SPACE) jsonEnd -= 1;
    const size = jsonEnd - start;
    if (isQuoted(bytes, start, jsonEnd)) return this.#open.record(bytes, start, jsonEnd, offset, size, BARE);
    if (size <= MAX_TEXT_BYTES && mayBeTextLine(bytes, start, jsonEnd)) {
      if (this.#open.line(bytes.toString("utf8", start, jsonEnd), offset, size, BARE)) return true;
    }
    const brace = this.#findEvent(bytes, start, jsonEnd);
    if (brace >= 0) {
      const around = this.#prefixes.around(bytes, start, brace);
      this.#open.record(bytes, brace, jsonEnd, offset + (brace - start), jsonEnd - brace, around);
      return true;
    }
    if (!looksLikeLogLine(bytes.toString("latin1", start, Math.min(jsonEnd, start + 64)))) return false;
    this.#open.reject("foreign", offset, size, "a log line, not an event", sampleText(bytes, start, jsonEnd));
    return true;
  }

  end(): void {
    this.#container.end();
  }

  #findEvent(bytes: Buffer, start: number, end: number): number {
    let first = -1;
    let attempts = 0;
    const limit = Math.min(end - 1, start + MAX_PREFIX_BYTES);
    for (let i = start; i < limit && attempts < MAX_ATTEMPTS; i += 1) {
      if (bytes[i] !== BRACE) continue;
      const quote = bytes[i + 1] === SPACE ? i + 2 : i + 1;
      if (bytes[quote] !== QUOTE || quote + 5 > end) continue;
      const head = bytes.readUInt32LE(quote + 1);
      if (this.#heads.has(head)) return i;
      if (isJsonObject(bytes, i, end)) {
        this.#heads.add(head);
        return i;
      }
      if (first < 0) first = i;
      attempts += 1;
    }
    return first;
  }
}

/** A line that is a string of JSON itself, with an object in it: `"{\"kind\":…}"`. */
function isQuoted(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < 3 || bytes[start] !== QUOTE || bytes[end - 1] !== QUOTE) return false;
  return (bytes[start + 1] === BRACE && bytes[start + 2] === BACKSLASH) || bytes[start + 1] === BACKSLASH;
}

function isJsonObject(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > MAX_ATTEMPT_BYTES) return false;
  try {
    parseJson(bytes.toString("utf8", start, end));
    return true;
  } catch {
    return false;
  }
}
