import { outline, type Outline } from "./outline.ts";
import { tryReading, type Trial } from "./trial.ts";

/** The beginning of an input, and what reading makes of it: worked out when first asked for, then kept. */
export class Head {
  /** Without the byte order mark. */
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** First byte that is neither white space nor padding; -1 when there is none. */
  readonly firstByte: number;
  #trial: Trial | undefined;
  #outline: Outline | undefined;
  #text: string | undefined;

  constructor(head: Uint8Array, isWhole: boolean) {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.bytes = hasMark ? bytes.subarray(3) : bytes;
    this.isWhole = isWhole;
    this.firstByte = this.bytes.find((byte) => byte > 0x20) ?? -1;
  }

  get trial(): Trial {
    return (this.#trial ??= tryReading(this.bytes, this.isWhole));
  }

  /** The structure of a head in which no record ends. */
  get outline(): Outline {
    return (this.#outline ??= outline(this.text));
  }

  /** Whether the first line ends in this head. */
  get hasWholeLine(): boolean {
    const start = this.bytes.findIndex((byte) => byte > 0x20);
    return start >= 0 && this.bytes.indexOf(0x0a, start) >= 0;
  }

  /** Whether JSON seems to begin the input: everything else is text. */
  get isJson(): boolean {
    return this.firstByte === 0x7b || this.firstByte === 0x5b;
  }

  get text(): string {
    return (this.#text ??= this.bytes.toString("utf8").replaceAll("\0", " "));
  }
}
