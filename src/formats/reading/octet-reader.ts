import { QueuedStretch } from "./queued-stretch.ts";

const SPACE = 0x20;
const NEWLINE = 0x0a;
const LESS = 0x3c;
/** Larger messages are no syslog. */
const MAX_DIGITS = 8;

/** How a frame begins: its length, and the priority of a syslog message. */
export function beginsFrame(bytes: Buffer, start: number, end: number): boolean {
  return frameStart(bytes, start, end) > 0;
}

/** Syslog messages behind their length in bytes (RFC 6587), with or without newlines between them. */
export class OctetReader extends QueuedStretch {
  private readonly line: (bytes: Buffer, start: number, end: number, offset: number) => void;

  /** `line` is given each message. */
  constructor(offset: number, line: (bytes: Buffer, start: number, end: number, offset: number) => void) {
    super(offset);
    this.line = line;
  }

  protected next(isLast: boolean): boolean {
    const { queue } = this;
    if (queue.bytes[queue.start] === NEWLINE || queue.bytes[queue.start] === 0) {
      queue.take(1);
      return true;
    }
    const start = frameStart(queue.bytes, queue.start, queue.end);
    if (start <= 0) {
      if (start === 0 && !isLast) return false;
      this.isDone = true;
      return false;
    }
    const length = Number(queue.bytes.toString("latin1", queue.start, start - 1));
    const end = start + length;
    if (end >= queue.end && !isLast) return false;
    const after = queue.bytes[end];
    const isWhole = end <= queue.end && (end === queue.end || isBetween(after as number));
    if (!isWhole) {
      // The number in front was no length.
      this.isDone = true;
      return false;
    }
    this.line(queue.bytes, start, end, queue.offset + (start - queue.start));
    queue.take(end - queue.start);
    return true;
  }
}

function isBetween(byte: number): boolean {
  return byte === NEWLINE || byte === 0 || (byte >= 0x31 && byte <= 0x39);
}

/** Index of the message behind `123 <`; −1 when it does not begin so, 0 while that can not be told. */
function frameStart(bytes: Buffer, start: number, end: number): number {
  let i = start;
  while (i < end && i - start <= MAX_DIGITS && (bytes[i] as number) >= 0x30 && (bytes[i] as number) <= 0x39) i += 1;
  if (i === start || bytes[start] === 0x30) return i === end ? 0 : -1;
  if (i + 1 >= end) return i - start > MAX_DIGITS || (i < end && bytes[i] !== SPACE) ? -1 : 0;
  return bytes[i] === SPACE && bytes[i + 1] === LESS ? i + 1 : -1;
}
