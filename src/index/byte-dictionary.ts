import { hashBytes, sameBytes } from "./byte-hash.ts";
import type { DictionaryView } from "./contract.ts";
import { ABSENT, OVERFLOW } from "./contract.ts";

/** Shown instead of values that did not fit under the byte cap any more. */
export const OVERFLOW_TEXT = "…overflow…";

/** Texts decoded so far are kept for this many codes; later ones are decoded each time (~0.1 µs). */
const CACHED_TEXTS = 65_536;
const FIRST_SLOTS = 16;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Strings by code, kept as UTF-8 in one arena and found by open addressing: no JS string per entry until somebody asks
 * for its text. Codes are dense and grow; 0 is "" and 1 is OVERFLOW.
 */
export class ByteDictionary implements DictionaryView {
  size = 2;
  private arena = new Uint8Array(256);
  private arenaView = new DataView(this.arena.buffer);
  private used = 0;
  /** Entry i is arena[starts[i], starts[i + 1]). */
  private starts = new Uint32Array(FIRST_SLOTS);
  /** Pairs of hash and code; code 0 is free. Together, so that a look-up misses the processor's cache once. */
  private slots = new Int32Array(FIRST_SLOTS * 2);
  /** A slot is found by the upper bits of the hash: growing then moves entries in order, from front to back. */
  private shift = 32 - Math.log2(FIRST_SLOTS);
  private texts: (string | undefined)[] = [];
  private readonly maxBytes: number;

  /** `maxBytes` bounds the text bytes kept; what comes later gets the code OVERFLOW. */
  constructor(maxBytes: number = Number.POSITIVE_INFINITY) {
    this.maxBytes = Math.min(maxBytes, 0xffff_0000);
  }

  /** Bytes of memory held, cached texts aside. */
  get memoryBytes(): number {
    return this.arena.length + (this.starts.length + this.slots.length) * 4;
  }

  /** Bytes of text held. */
  get textBytes(): number {
    return this.used;
  }

  text(code: number): string {
    if (code === ABSENT || code >= this.size) return "";
    if (code === OVERFLOW) return OVERFLOW_TEXT;
    const cached = this.texts[code];
    if (cached !== undefined) return cached;
    const text = decoder.decode(this.arena.subarray(this.starts[code] as number, this.starts[code + 1] as number));
    if (code < CACHED_TEXTS) {
      while (this.texts.length < code) this.texts.push(undefined);
      this.texts[code] = text;
    }
    return text;
  }

  start(code: number): number {
    return this.starts[code] as number;
  }

  end(code: number): number {
    return this.starts[code + 1] as number;
  }

  /** The arena's bytes; valid until the next intern. */
  get bytes(): Uint8Array {
    return this.arena;
  }

  get dataView(): DataView {
    return this.arenaView;
  }

  /** Empties the dictionary but keeps its memory for what comes next. */
  clear(): void {
    this.size = 2;
    this.used = 0;
    this.slots.fill(0);
    this.texts = [];
  }

  internText(text: string): number {
    if (text === "") return ABSENT;
    const bytes = encoder.encode(text);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.intern(view, bytes, 0, bytes.length, hashBytes(view, bytes, 0, bytes.length));
  }

  /** Code of a text that is already here, or −1. */
  find(text: string): number {
    if (text === "") return ABSENT;
    const bytes = encoder.encode(text);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const hash = hashBytes(view, bytes, 0, bytes.length);
    const { slots } = this;
    const last = slots.length - 2;
    for (let slot = (hash >>> this.shift) << 1; ; slot = (slot + 2) & last) {
      const code = slots[slot + 1] as number;
      if (code === 0) return -1;
      if (slots[slot] === hash && this.equals(code, view, bytes, 0, bytes.length)) return code;
    }
  }

  /** Begins to fetch what intern() will need for this hash; several at once take no longer than one. */
  touch(hash: number): number {
    return this.slots[(hash >>> this.shift) << 1] as number;
  }

  /** Code of bytes[start, end), which must be UTF-8; `hash` is hashBytes over the same span. */
  intern(view: DataView, bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (start === end) return ABSENT;
    const { slots } = this;
    const last = slots.length - 2;
    for (let slot = (hash >>> this.shift) << 1; ; slot = (slot + 2) & last) {
      const code = slots[slot + 1] as number;
      if (code === 0) return this.add(view, bytes, start, end, hash, slot);
      if (slots[slot] === hash && this.equals(code, view, bytes, start, end - start)) return code;
    }
  }

  /**
   * Takes over the entries of `other` whose codes are marked in `live`, in their order, into this empty dictionary. Returns
   * the new code of each old one (0 for those left behind). Neither hashes nor compares texts.
   */
  takeLive(other: ByteDictionary, live: Uint8Array): Uint32Array {
    const codes = new Uint32Array(other.size);
    codes[OVERFLOW] = OVERFLOW;
    for (let code = 2; code < other.size; code++) {
      if (live[code] === 0) continue;
      const [start, end] = [other.starts[code] as number, other.starts[code + 1] as number];
      this.reserve(end - start);
      this.arena.set(other.arena.subarray(start, end), this.used);
      codes[code] = this.size;
      this.starts[this.size] = this.used;
      this.used += end - start;
      this.starts[++this.size] = this.used;
    }
    let slots = FIRST_SLOTS;
    while (this.size * 3 > slots * 2) slots *= 2;
    this.slots = new Int32Array(slots * 2);
    this.shift = 32 - Math.log2(slots);
    for (let i = 0; i < other.slots.length; i += 2) {
      const code = codes[other.slots[i + 1] as number] as number;
      if (code !== 0) this.place(other.slots[i] as number, code);
    }
    return codes;
  }

  private place(hash: number, code: number): void {
    const { slots } = this;
    const last = slots.length - 2;
    let slot = (hash >>> this.shift) << 1;
    while (slots[slot + 1] !== 0) slot = (slot + 2) & last;
    slots[slot] = hash;
    slots[slot + 1] = code;
  }

  private equals(code: number, view: DataView, bytes: Uint8Array, start: number, length: number): boolean {
    const from = this.starts[code] as number;
    if ((this.starts[code + 1] as number) - from !== length) return false;
    return sameBytes(this.arenaView, this.arena, from, view, bytes, start, length);
  }

  private add(view: DataView, bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const length = end - start;
    if (this.used + length > this.maxBytes) return OVERFLOW;
    this.reserve(length);
    const code = this.size++;
    if (length < 256) this.copyShort(view, start, length);
    else this.arena.set(bytes.subarray(start, end), this.used);
    this.used += length;
    this.starts[code] = this.used - length;
    this.starts[code + 1] = this.used;
    this.slots[slot] = hash;
    this.slots[slot + 1] = code;
    if (this.size * 3 > this.slots.length) this.rehash();
    return code;
  }

  /** Cheaper than set() with its view of the source; the arena has room for the up to 3 bytes too many. */
  private copyShort(view: DataView, start: number, length: number): void {
    const { arenaView, used } = this;
    const available = view.byteLength - start;
    let i = 0;
    for (; i < length && i + 4 <= available; i += 4) arenaView.setInt32(used + i, view.getInt32(start + i, true), true);
    for (; i < length; i++) arenaView.setUint8(used + i, view.getUint8(start + i));
  }

  private reserve(length: number): void {
    if (this.used + length + 4 > this.arena.length) {
      const grown = new Uint8Array(Math.max(this.used + length + 4, this.arena.length * 2));
      grown.set(this.arena.subarray(0, this.used));
      this.arena = grown;
      this.arenaView = new DataView(grown.buffer);
    }
    if (this.size + 1 >= this.starts.length) {
      const entries = this.starts.length * 2;
      const starts = new Uint32Array(entries);
      starts.set(this.starts);
      this.starts = starts;
    }
  }

  private rehash(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.shift--;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] !== 0) this.place(old[i] as number, old[i + 1] as number);
    }
  }
}
