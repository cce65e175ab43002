import { ByteDictionary } from "../../index/byte-dictionary.ts";
import { HASH_START, hashStep } from "../../index/byte-hash.ts";
import type { RecordBytes } from "./record-bytes.ts";

/** Guesses: sets × ways of spans seen lately. */
const SETS = 512;
const WAYS = 8;
/** Bytes a guess is looked up by. */
const KEY_BYTES = 48;
const MAX_SPANS = 100_000;

/**
 * Numbers known for byte spans seen before. A cache: clear it when it is full. A span is
 * found by its hash, or guessed: what stood here lately behind the same first bytes is compared, which needs neither the
 * span's end nor its hash.
 */
export class BlobMemo {
  /** Where the span found by guess() ends. */
  end = 0;
  private readonly dictionary = new ByteDictionary();
  private values: number[] = [0, 0];
  private readonly maxBytes: number;
  /** Key of the last get(), for put(). */
  private latest = 0;
  private readonly guessCode = new Uint32Array(SETS * WAYS);
  private readonly guessTail = new Float64Array(SETS * WAYS);
  private readonly nextWay = new Uint8Array(SETS);

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Whether it is time to clear() what was seen. */
  get isFull(): boolean {
    return this.dictionary.textBytes > this.maxBytes || this.dictionary.size > MAX_SPANS;
  }

  /** The number put for the bytes [start, end), whose hash is `record.hash`; −1 when there is none: put() it. */
  get(record: RecordBytes, start: number, end: number): number {
    const known = this.dictionary.size;
    const code = this.dictionary.intern(record.view, record.bytes, start, end, record.hash);
    if (code >= known) this.values.push(-1);
    this.latest = code;
    return this.values[code] as number;
  }

  /** Sets the number for the bytes of the last get(), which was −1. */
  put(value: number): void {
    this.values[this.latest] = value;
  }

  clear(): void {
    this.dictionary.clear();
    this.values = [0, 0];
    this.guessCode.fill(0);
  }

  /** Which guesses there are for the bytes at `at`, of which at least KEY_BYTES must exist. */
  keyAt(record: RecordBytes, at: number): number {
    const { view } = record;
    let state = HASH_START;
    for (let p = at; p < at + KEY_BYTES; p += 4) state = hashStep(state, view.getInt32(p, true));
    return (state ^ (state >>> 15)) & (SETS - 1);
  }

  /** As keyAt, for a span whose end is known. */
  keyBefore(record: RecordBytes, start: number, end: number): number {
    if (end - start < 16) return 0;
    let state = hashStep(end - start, record.view.getInt32(end - 16, true));
    state = hashStep(state, record.view.getInt32(end - 12, true));
    state = hashStep(state, record.view.getInt32(end - 8, true));
    return (state ^ (state >>> 15)) & (SETS - 1);
  }

  /** The number of a span seen before that stands at `at`; sets `end`. −1 when none of the key's does. */
  guess(record: RecordBytes, at: number, key: number): number {
    const { view, end } = record;
    const { dictionary } = this;
    const { dataView } = dictionary;
    for (let i = key * WAYS, last = i + WAYS; i < last; i++) {
      const code = this.guessCode[i] as number;
      if (code === 0) return -1;
      const start = dictionary.start(code);
      const length = dictionary.end(code) - start;
      if (at + length > end || view.getFloat64(at + length - 8, true) !== this.guessTail[i]) continue;
      if (sameEights(view, at, dataView, start, length)) {
        this.end = at + length;
        return this.values[code] as number;
      }
    }
    return -1;
  }

  /** Makes the span of the last get(), which ends at `end`, a guess for the key. */
  remember(record: RecordBytes, key: number, end: number): void {
    const code = this.latest;
    if (this.dictionary.end(code) - this.dictionary.start(code) < 8) return;
    const way = this.nextWay[key] as number;
    this.nextWay[key] = (way + 1) % WAYS;
    this.guessCode[key * WAYS + way] = code;
    this.guessTail[key * WAYS + way] = record.view.getFloat64(end - 8, true);
  }
}

/** Whether `length` ≥ 8 bytes agree whose last eight are known to. Non-ASCII bytes may count as different (NaN). */
function sameEights(a: DataView, aStart: number, b: DataView, bStart: number, length: number): boolean {
  for (let i = 0; i < length - 8; i += 8) {
    if (a.getFloat64(aStart + i, true) !== b.getFloat64(bStart + i, true)) return false;
  }
  return true;
}
