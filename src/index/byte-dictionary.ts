import { hashBytes, sameBytes } from "./byte-hash.ts";
import type { DictionaryView } from "./contract.ts";
import { ABSENT, OVERFLOW } from "./contract.ts";
import { letGo } from "./let-go.ts";
import { MemoryBudget } from "./memory-budget.ts";

/** Shown instead of values that did not fit in memory any more. */
export const OVERFLOW_TEXT = "(other)";

/** Texts decoded so far are kept for this many codes, when they are short; others are decoded each time (~0.1 µs). */
const CACHED_TEXTS = 16_384;
const CACHED_BYTES = 256;
/** However full the memory is: what has few values (verbs, resources, reasons) is always told. */
const LEAST_BYTES = 256 * 1024;
/** Larger arenas grow by a quarter: half of a doubled one would be empty. */
const DOUBLED_BELOW = 8 * 1024 * 1024;
const FIRST_SLOTS = 16;
/** So few are looked up as before when nothing is read any more. */
const RESTS_FROM = 16_384;
/** Decoded at once, for codes that follow each other so closely. */
const PAGE_BYTES = 16_384;
const PASSED_AHEAD = 16;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
/** Where texts are encoded that are not longer: what is allocated anew for each costs as much as all else. */
const SCRATCH_BYTES = 4096;
const scratch = new Uint8Array(SCRATCH_BYTES);
const scratchView = new DataView(scratch.buffer);

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
  /** The code last asked for in passing; ASCII of the arena from `pageStart` on. */
  private passed = 0;
  private page = "";
  private pageStart = 0;
  /** Up to here something else than ASCII was found: characters of several bytes would move all behind them. */
  private otherUntil = 0;
  private readonly maxBytes: number;
  private readonly budget: MemoryBudget;
  private charged = 0;
  /** There are no slots for what is here: see rest(). */
  private isAtRest = false;
  /** A value did not fit. */
  hasRefused = false;

  /** `maxBytes` bounds the text bytes kept, `budget` what all its holders keep; what comes later gets the code OVERFLOW. */
  constructor(maxBytes: number = Number.POSITIVE_INFINITY, budget = new MemoryBudget()) {
    this.maxBytes = Math.min(maxBytes, 0xffff_0000);
    this.budget = budget;
    this.charge();
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
    if (code < CACHED_TEXTS && text.length <= CACHED_BYTES) {
      while (this.texts.length < code) this.texts.push(undefined);
      this.texts[code] = text;
    }
    return text;
  }

  passing(code: number): string {
    const start = this.starts[code] as number;
    const end = this.starts[code + 1] as number;
    const isNext = code > this.passed && code <= this.passed + PASSED_AHEAD;
    this.passed = code;
    if (code <= OVERFLOW || code >= this.size || code < CACHED_TEXTS) return this.text(code);
    const { page, pageStart } = this;
    if (start >= pageStart && end <= pageStart + page.length) return page.slice(start - pageStart, end - pageStart);
    if (!isNext || start < this.otherUntil) return this.text(code);
    const length = Math.min(PAGE_BYTES, this.used - start);
    const decoded = decoder.decode(this.arena.subarray(start, start + length));
    if (decoded.length !== length || end - start > length) {
      this.otherUntil = start + length;
      return this.text(code);
    }
    this.page = decoded;
    this.pageStart = start;
    return decoded.slice(0, end - start);
  }

  copy(code: number, into: Uint8Array, at: number): number {
    if (code === ABSENT || code >= this.size) return at;
    if (code === OVERFLOW) return at + encoder.encodeInto(OVERFLOW_TEXT, into.subarray(at)).written;
    const { arena } = this;
    const from = this.starts[code] as number;
    const length = Math.min((this.starts[code + 1] as number) - from, into.length - at);
    for (let i = 0; i < length; i++) into[at + i] = arena[from + i] as number;
    return at + length;
  }

  /** Lets go what new texts are looked up by, up to a third of the memory. The next new text has it made anew. */
  rest(): void {
    if (this.size < RESTS_FROM) return;
    this.isAtRest = true;
    this.makeSlots(0);
    this.charge();
  }

  private wake(): void {
    if (!this.isAtRest) return;
    this.isAtRest = false;
    this.makeSlots(this.size);
    const { arena, arenaView, starts } = this;
    for (let code = 2; code < this.size; code++) {
      this.place(hashBytes(arenaView, arena, starts[code] as number, starts[code + 1] as number), code);
    }
    this.charge();
  }

  /** Empties the dictionary but keeps its memory for what comes next. */
  clear(): void {
    this.size = 2;
    this.used = 0;
    this.slots.fill(0);
    this.isAtRest = false;
    this.texts = [];
    this.page = "";
    this.otherUntil = 0;
  }

  internText(text: string): number {
    if (text.length * 3 <= SCRATCH_BYTES) {
      const { written } = encoder.encodeInto(text, scratch);
      return this.intern(scratchView, scratch, 0, written, hashBytes(scratchView, scratch, 0, written));
    }
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
    if (this.isAtRest) {
      for (let code = 2; code < this.size; code++) if (this.equals(code, view, bytes, 0, bytes.length)) return code;
      return -1;
    }
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
      if (code === 0) return this.add(view, bytes, start, end, hash);
      if (slots[slot] === hash && this.equals(code, view, bytes, start, end - start)) return code;
    }
  }

  /**
   * Takes over the entries of `other` whose codes are marked in `live`, in their order, into this empty dictionary. Returns
   * the new code of each old one (0 for those left behind). Neither hashes nor compares texts.
   */
  takeLive(other: ByteDictionary, live: Uint8Array): Uint32Array {
    other.wake();
    const codes = new Uint32Array(other.size);
    codes[OVERFLOW] = OVERFLOW;
    for (let code = 2; code < other.size; code++) {
      if (live[code] === 0) continue;
      const [start, end] = [other.starts[code] as number, other.starts[code + 1] as number];
      this.growArena(end - start);
      this.growStarts();
      this.arena.set(other.arena.subarray(start, end), this.used);
      codes[code] = this.size;
      this.starts[this.size] = this.used;
      this.used += end - start;
      this.starts[++this.size] = this.used;
    }
    this.makeSlots(this.size);
    for (let i = 0; i < other.slots.length; i += 2) {
      const code = codes[other.slots[i + 1] as number] as number;
      if (code !== 0) this.place(other.slots[i] as number, code);
    }
    this.charge();
    return codes;
  }

  private makeSlots(texts: number): void {
    let slots = FIRST_SLOTS;
    while (texts * 3 > slots * 2) slots *= 2;
    letGo(this.slots);
    this.slots = new Int32Array(slots * 2);
    this.shift = 32 - Math.log2(slots);
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

  private add(view: DataView, bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (this.isAtRest) {
      this.wake();
      return this.intern(view, bytes, start, end, hash);
    }
    const length = end - start;
    if (this.used + length > this.maxBytes || !this.reserve(length)) {
      this.hasRefused = true;
      return OVERFLOW;
    }
    const code = this.size++;
    if (length < 256) this.copyShort(view, start, length);
    else this.arena.set(bytes.subarray(start, end), this.used);
    this.used += length;
    this.starts[code] = this.used - length;
    this.starts[code + 1] = this.used;
    this.place(hash, code);
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

  /** Room for one more text; false when what it takes does not fit. */
  private reserve(length: number): boolean {
    const arena = this.used + length + 4 > this.arena.length;
    const starts = this.size + 1 >= this.starts.length;
    const slots = (this.size + 1) * 3 > this.slots.length;
    if (!arena && !starts && !slots) return true;
    const more =
      (arena ? this.nextArena(length) - this.arena.length : 0) +
      (starts ? this.starts.length * 4 : 0) +
      (slots ? this.slots.length * 4 : 0);
    if (!this.budget.admits(more) && this.memoryBytes + more > LEAST_BYTES) return false;
    if (arena) this.growArena(length);
    if (starts) this.growStarts();
    if (slots) this.rehash();
    this.charge();
    return true;
  }

  private nextArena(length: number): number {
    const grown = this.arena.length * (this.arena.length < DOUBLED_BELOW ? 2 : 1.25);
    return Math.max(this.used + length + 4, Math.ceil(grown));
  }

  private growArena(length: number): void {
    if (this.used + length + 4 <= this.arena.length) return;
    const grown = new Uint8Array(this.nextArena(length));
    grown.set(this.arena.subarray(0, this.used));
    letGo(this.arena);
    this.arena = grown;
    this.arenaView = new DataView(grown.buffer);
  }

  private growStarts(): void {
    if (this.size + 1 < this.starts.length) return;
    const starts = new Uint32Array(this.starts.length * 2);
    starts.set(this.starts);
    letGo(this.starts);
    this.starts = starts;
  }

  private charge(): void {
    const { memoryBytes } = this;
    this.budget.used += memoryBytes - this.charged;
    this.charged = memoryBytes;
  }

  private rehash(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.shift--;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] !== 0) this.place(old[i] as number, old[i + 1] as number);
    }
    letGo(old);
  }
}
