import { parseJson } from "../../events/json.ts";
import type { JsonValue } from "../json.ts";
import { HASH_KEY, HASH_START, hashStep, ObjectShape, sameBytes, type Latin1Bytes, type Shape } from "./shape.ts";
import { StringCache } from "./string-cache.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** What is written otherwise than the API server writes it: the caller parses the whole value instead. */
export class UnexpectedJson extends Error {}

type Draft = Record<string, JsonValue>;

/**
 * Reads only the wanted parts of compact JSON (no spaces outside strings), as the API server writes it. About 1 ns a byte
 * passed over. Anything unexpected throws UnexpectedJson: it never guesses.
 */
export class PrunedReader {
  private bytes = Buffer.alloc(0) as Latin1Bytes;
  private at = 0;
  private end = 0;
  /** The rest of the value at hand holds nothing wanted and was not looked at. */
  private stopped = false;
  private readonly strings = new StringCache();

  /** Position after what was read last. */
  get position(): number {
    return this.at;
  }

  read(bytes: Buffer, start: number, end: number, shape: Shape): JsonValue {
    this.bytes = bytes as Latin1Bytes;
    this.at = start;
    this.end = end;
    this.stopped = false;
    return this.value(shape);
  }

  /** Position after the value at `start`. */
  skip(bytes: Buffer, start: number, end: number): number {
    this.bytes = bytes as Latin1Bytes;
    this.at = start;
    this.end = end;
    this.skipValue();
    return this.at;
  }

  private value(shape: Shape): JsonValue {
    const byte = this.bytes[this.at];
    if (shape === true) return this.whole(byte);
    if (shape instanceof ObjectShape) {
      if (byte === OPEN_OBJECT) return this.object(shape);
    } else if (byte === OPEN_LIST) {
      return this.list(shape.each);
    }
    this.skipValue();
    return null;
  }

  private object(shape: ObjectShape): JsonValue {
    const { bytes } = this;
    const draft: Draft = {};
    const from = this.at;
    this.at += 1;
    if (bytes[this.at] === CLOSE_OBJECT) {
      this.at += 1;
      return draft;
    }
    for (;;) {
      if (bytes[this.at] !== QUOTE) throw new UnexpectedJson();
      const start = this.at + 1;
      let close = start;
      for (; close < this.end; close += 1) {
        const byte = bytes[close] as number;
        if (byte === QUOTE) break;
        if (byte === BACKSLASH) throw new UnexpectedJson();
      }
      if (bytes[close + 1] !== COLON) throw new UnexpectedJson();
      if (shape.last !== null && sameBytes(shape.last, bytes, start, close)) {
        this.leave(shape);
        return draft;
      }
      this.at = close + 2;
      const key = shape.find(bytes, start, close);
      if (key === null) this.skipValue();
      else {
        draft[key.name] = this.value(key.shape);
        if (key.name === shape.final) this.stopped = true;
        if (this.stopped) return draft;
      }
      const byte = bytes[this.at];
      this.at += 1;
      if (byte === COMMA) continue;
      if (byte !== CLOSE_OBJECT) throw new UnexpectedJson();
      if (shape.hashed) draft[HASH_KEY] = this.fingerprint(from);
      return draft;
    }
  }

  /** Goes on where the holder of this object does, or stops altogether. */
  private leave(shape: ObjectShape): void {
    const next = shape.resume === null ? -1 : this.bytes.indexOf(shape.resume, this.at);
    if (next < 0 || next >= this.end) {
      this.stopped = true;
      return;
    }
    // `resume` begins with what closes this object: `}`.
    this.at = this.bytes.indexOf(CLOSE_OBJECT, next) + 1;
  }

  private list(each: ObjectShape): JsonValue {
    const { bytes } = this;
    const found: JsonValue[] = [];
    this.at += 1;
    if (bytes[this.at] === CLOSE_LIST) {
      this.at += 1;
      return found;
    }
    for (;;) {
      if (bytes[this.at] === OPEN_OBJECT) found.push(this.object(each));
      else this.skipValue();
      if (this.stopped) return found;
      const byte = bytes[this.at];
      this.at += 1;
      if (byte === COMMA) continue;
      if (byte !== CLOSE_LIST) throw new UnexpectedJson();
      return found;
    }
  }

  private whole(byte: number | undefined): JsonValue {
    const start = this.at;
    if (byte === QUOTE) return this.string(start + 1);
    this.skipValue();
    if (byte === 0x74) return true;
    if (byte === 0x66) return false;
    if (byte === 0x6e) return null;
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      return parseJson(this.bytes.toString("utf8", start, this.at)) as JsonValue;
    }
    return this.plainNumber(start);
  }

  private string(start: number): string {
    const { bytes, end } = this;
    let at = start;
    let seen = 0;
    let plain = true;
    for (;;) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) break;
      seen |= byte;
      if (byte === BACKSLASH) {
        plain = false;
        at += 1;
      }
      at += 1;
      if (at >= end) throw new UnexpectedJson();
    }
    this.at = at + 1;
    return this.strings.take(bytes, start, at, plain && seen < 0x80);
  }

  private plainNumber(start: number): number {
    let value = 0;
    for (let at = start; at < this.at; at += 1) {
      const digit = (this.bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9 || at - start > 14) return Number(this.bytes.toString("latin1", start, this.at));
      value = value * 10 + digit;
    }
    return value;
  }

  private skipValue(): void {
    const { bytes, end } = this;
    let { at } = this;
    let depth = 0;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        at += 1;
        for (;;) {
          const inner = bytes[at] as number;
          if (inner === QUOTE) break;
          at += inner === BACKSLASH ? 2 : 1;
          if (at >= end) throw new UnexpectedJson();
        }
        at += 1;
        if (depth === 0) break;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
        at += 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth === 0) break;
        depth -= 1;
        at += 1;
        if (depth === 0) break;
      } else if (depth === 0 && byte === COMMA) {
        break;
      } else {
        at += 1;
      }
    }
    if (at >= end || at === this.at) throw new UnexpectedJson();
    this.at = at;
  }

  private fingerprint(from: number): string {
    let hash = HASH_START;
    for (let at = from; at < this.at; at += 1) hash = hashStep(hash, this.bytes[at] as number);
    return `b${(hash >>> 0).toString(36)}`;
  }
}
