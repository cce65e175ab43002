import { MAX_RECORD_BYTES } from "../contract.ts";
import { sampleText } from "../shape/sample-text.ts";

/** A line put together again, and the span of the records it was in. */
export interface Whole {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Streams whose lines are put together at one time; more are no container's. */
const MAX_STREAMS = 256;

/** Lines that a container runtime cut into several records (Docker: after 16 KiB), stream by stream. */
export class Parts {
  private readonly pending = new Map<string, PendingLine>();
  private readonly lost: (start: number, end: number, sample: string) => void;

  /** `lost` hears of lines whose rest did not come. */
  constructor(lost: (start: number, end: number, sample: string) => void) {
    this.lost = lost;
  }

  get pendingOffset(): number | undefined {
    let first: number | undefined;
    for (const { start } of this.pending.values()) if (first === undefined || start < first) first = start;
    return first;
  }

  /**
   * The line that `text` ends, or is; null while its rest is to come. A line that ends in a newline is whole, and so is
   * JSON that is balanced, since some shippers take the newline away. `isLast` when the records themselves tell.
   */
  add(stream: string, text: string, isLast: boolean | undefined, start: number, end: number): Whole | null {
    const before = this.pending.get(stream);
    const isWhole = isLast === true || (isLast === undefined && /[\r\n]$/.test(text));
    const own = new PendingLine(text, start, end);
    if (before === undefined || (own.beginsAsObject && (own.isBalanced || isWhole))) {
      // What is whole by itself is not the rest of another.
      if (before !== undefined) this.drop(stream, before);
      if (isWhole || own.isBalanced || this.pending.size >= MAX_STREAMS) return own;
      this.pending.set(stream, own);
      return null;
    }
    before.append(text, end);
    if (!isWhole && !before.isBalanced && before.length < MAX_RECORD_BYTES / 2) return null;
    this.pending.delete(stream);
    return before;
  }

  end(): void {
    for (const [stream, pending] of this.pending) this.drop(stream, pending);
  }

  private drop(stream: string, { first, start, end }: PendingLine): void {
    this.pending.delete(stream);
    const head = Buffer.from(first.slice(0, 400));
    this.lost(start, end, sampleText(head, 0, head.length));
  }
}

/** A line that grows, and whether the JSON it begins with has ended. What begins with no bracket is whole at once. */
class PendingLine implements Whole {
  readonly first: string;
  readonly start: number;
  end: number;
  length = 0;
  readonly beginsAsObject: boolean;
  isBalanced: boolean;
  private readonly pieces: string[] = [];
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  constructor(text: string, start: number, end: number) {
    this.first = text;
    this.start = start;
    this.end = end;
    this.beginsAsObject = /^\s*\{/.test(text);
    this.isBalanced = !/^\s*[{[]/.test(text);
    this.append(text, end);
  }

  get text(): string {
    return this.pieces.length === 1 ? this.first : this.pieces.join("");
  }

  append(text: string, end: number): void {
    this.pieces.push(text);
    this.end = end;
    this.length += text.length;
    if (!this.isBalanced) this.isBalanced = this.closes(text);
  }

  private closes(text: string): boolean {
    let { depth, isInString, isEscaped } = this;
    for (let at = 0; at < text.length; at += 1) {
      const c = text.charCodeAt(at);
      if (isEscaped) isEscaped = false;
      else if (c === 0x5c) isEscaped = isInString;
      else if (c === 0x22) isInString = !isInString;
      else if (isInString) continue;
      else if (c === 0x7b || c === 0x5b) depth += 1;
      else if ((c === 0x7d || c === 0x5d) && --depth <= 0) return true;
    }
    this.depth = depth;
    this.isInString = isInString;
    this.isEscaped = isEscaped;
    return false;
  }
}
