import type { RejectKind } from "../../ingest/contract.ts";
import { MAX_RECORD_BYTES } from "../contract.ts";
import { sampleText } from "../shape/sample-text.ts";
import { Carry } from "./carry.ts";
import { BARE, type Around } from "./contract.ts";
import { isRest } from "./fragment.ts";
import type { Unwrapper } from "./unwrapper.ts";

const SPACE = 0x20;
const CARRIAGE_RETURN = 0x0d;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const CRI: Around = { ...BARE, format: "cri" };
const STDOUT = Buffer.from(" stdout ");
const STDERR = Buffer.from(" stderr ");
const FULL = 0x46;
const PARTIAL = 0x50;
/** `2019-04-30T02:12:41Z` is the shortest time stamp, nanoseconds with an offset the longest. */
const MIN_TIME_BYTES = 19;
const MAX_TIME_BYTES = 36;

/** The parts of one split line, of one stream. */
class PartialLine {
  readonly content = new Carry();
  /** Absolute offset of the first part's line; -1 when there is none. */
  start = -1;
}

/**
 * Lines as a container runtime (CRI: containerd, CRI-O) writes them: `TIME stdout F CONTENT`. Long output is split
 * every 16 KiB into `P` lines that end with an `F` one; the streams interleave.
 */
export class ContainerLines {
  readonly #open: Unwrapper;
  /** Whether the next line may be the rest of one that began before the input. */
  #mayBeRest: boolean;
  readonly #stdout = new PartialLine();
  readonly #stderr = new PartialLine();
  #lastEnd = 0;

  constructor(open: Unwrapper, isStart: boolean) {
    this.#open = open;
    this.#mayBeRest = isStart;
  }

  get pendingOffset(): number | undefined {
    const out = this.#stdout.start;
    const err = this.#stderr.start;
    if (out < 0 && err < 0) return undefined;
    return out < 0 || (err >= 0 && err < out) ? err : out;
  }

  /** Takes the line if it is one of a container runtime's. */
  line(bytes: Buffer, start: number, end: number, offset: number): boolean {
    const stream = streamAt(bytes, start, end);
    if (stream < 0) return false;
    const tag = stream + STDOUT.length;
    // More tags may follow the first, after colons.
    const space = bytes[tag + 1] === SPACE ? tag + 1 : bytes.subarray(tag, end).indexOf(SPACE) + tag;
    const kind = bytes[tag];
    if ((kind !== FULL && kind !== PARTIAL) || space < tag) return false;
    const partial = bytes[stream + 4] === 0x6f ? this.#stdout : this.#stderr; // stdOut, stdErr
    let contentEnd = end;
    while (contentEnd > space && bytes[contentEnd - 1] === CARRIAGE_RETURN) contentEnd -= 1;
    const content = space + 1;
    if (kind === PARTIAL) {
      if (partial.start < 0) partial.start = offset;
      partial.content.append(bytes, content, contentEnd);
    } else if (partial.start < 0) {
      this.#content(bytes, content, contentEnd, offset + (content - start), null);
    } else {
      partial.content.append(bytes, content, contentEnd);
      this.#joined(partial, offset + (end - start));
    }
    this.#lastEnd = offset + (end - start);
    return true;
  }

  end(): void {
    for (const partial of [this.#stdout, this.#stderr]) {
      if (partial.start < 0) continue;
      const { content, start } = partial;
      const sample = sampleText(content.bytes, 0, content.length);
      this.#reject("truncated", start, this.#lastEnd - start, "the rest of a split line is missing", sample);
      content.clear();
      partial.start = -1;
    }
  }

  #joined(partial: PartialLine, end: number): void {
    const { content, start } = partial;
    if (content.isOverlong) {
      const reason = `longer than ${MAX_RECORD_BYTES / 1024 / 1024} MiB`;
      this.#reject("bad", start, end - start, reason, sampleText(content.bytes, 0, content.length));
    } else {
      this.#content(content.bytes, 0, content.length, start, end - start);
    }
    content.clear();
    partial.start = -1;
  }

  /** `lines`: how many bytes the lines take that the content was put together from; null for one with bytes of its own. */
  #content(bytes: Buffer, from: number, to: number, offset: number, lines: number | null): void {
    let start = from;
    let end = to;
    while (start < end && (bytes[start] as number) <= SPACE) start += 1;
    while (end > start && (bytes[end - 1] as number) <= SPACE) end -= 1;
    if (start === end) return;
    const at = lines === null ? offset + (start - from) : offset;
    const size = lines ?? end - start;
    const mayBeRest = this.#mayBeRest;
    this.#mayBeRest = false;
    const first = bytes[start];
    const text = (): string => bytes.toString("utf8", start, end);
    if (mayBeRest && isRest(bytes, start, end)) {
      this.#reject("fragment", at, size, "the rest of a line that began before", sampleText(bytes, start, end));
    } else if (first === BRACE || first === BRACKET) {
      this.#open.record(bytes, start, end, at, size, CRI);
    } else if (!this.#open.line(text(), at, size, CRI)) {
      this.#reject("foreign", at, size, "a log line, not an event", sampleText(bytes, start, end));
    }
  }

  #reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string): void {
    this.#open.reject(kind, offset, bytes, reason, sample, CRI.format);
  }
}

/** Index of ` stdout ` or ` stderr ` behind the time stamp, or -1. */
function streamAt(bytes: Buffer, start: number, end: number): number {
  const limit = Math.min(end - STDOUT.length - 1, start + MAX_TIME_BYTES);
  for (let i = start + MIN_TIME_BYTES; i < limit; i += 1) {
    if (bytes[i] !== SPACE) continue;
    const isStream = bytes.compare(STDOUT, 0, 8, i, i + 8) === 0 || bytes.compare(STDERR, 0, 8, i, i + 8) === 0;
    return isStream ? i : -1;
  }
  return -1;
}
