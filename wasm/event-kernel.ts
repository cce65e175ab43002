// AssemblyScript, built by scripts/build-kernel.mjs, which expands isAt(p, "text") to 8-byte comparisons and inlines what is marked so.
//
// Events written as kube-apiserver writes them, many lines a call: each line is read in one pass, and what was seen before
// (who, where from, target, outcome) is found by its bytes, so that only news has to be looked at outside.

const RESULT: usize = 1024;
const TABLES: usize = 2048;
const ACTORS: usize = 4096;
const ACTOR_MASK: u32 = 32767;
const OUTCOMES: usize = ACTORS + 32768 * 16;
const OUTCOME_MASK: u32 = 8191;
const ROWS: usize = OUTCOMES + 8192 * 16;
const MAX_ROWS: u32 = 1024;
const INPUT_BYTES: u32 = 1 << 19;

// What fingerprints are made with: a key for each 4 bytes of a block, and one for the second lane; masks of 0 to 15 bytes.
const KEYS: usize = ROWS + <usize>MAX_ROWS * 48;
const BLOCK_BYTES: usize = 1024;
const MASKS: usize = KEYS + BLOCK_BYTES + 16;
/** A URI without its escapes. */
const DECODED: usize = MASKS + 32;
const DECODED_BYTES: usize = 1 << 16;
/** An actor's addresses joined, or an annotation without its escapes. */
const MADE: usize = DECODED + DECODED_BYTES + 16;
const MADE_BYTES: usize = 4096;

// Two tables of spans. Texts: who, where from, annotations, verbs, reasons. Targets: URIs with their objectRef.
// A slot is {64 bits of the fingerprint (0: free), 32 more, value}: found, all is in one cache line. A table of n slots lies
// n slots behind its start, so that one twice as large has its place behind it.
const TEXTS: usize = TABLES;
/** Numbers of texts have 16 bits. */
const MAX_TEXTS: u32 = 65535;
const MAX_TEXT_SLOTS: u32 = 1 << 17;
const TARGETS: usize = TABLES + 64;
const MAX_TARGET_SLOTS: u32 = 1 << 19;
const FIRST_SLOTS: u32 = 1024;
// Fields of a table, in bytes.
const T_MASK: usize = 0;
const T_SLOTS: usize = 4;
const T_AREA: usize = 8;
const T_MOST: usize = 12;
const T_COUNT: usize = 16;

const TEXT_AREA: usize = MADE + MADE_BYTES;
const TARGET_AREA: usize = TEXT_AREA + <usize>MAX_TEXT_SLOTS * 32;
/** Lines come here, single records there, so that one can be read while the lines wait. */
const INPUT: usize = TARGET_AREA + <usize>MAX_TARGET_SLOTS * 32;
const RECORD: usize = INPUT + <usize>INPUT_BYTES + 64;

// Columns of the rows taken.
const ROW_RECEIVED: usize = ROWS;
const ROW_STAGED: usize = ROW_RECEIVED + <usize>MAX_ROWS * 8;
const ROW_ACTOR: usize = ROW_STAGED + <usize>MAX_ROWS * 8;
const ROW_TARGET: usize = ROW_ACTOR + <usize>MAX_ROWS * 4;
const ROW_OUTCOME: usize = ROW_TARGET + <usize>MAX_ROWS * 4;
const ROW_ID_LOW: usize = ROW_OUTCOME + <usize>MAX_ROWS * 4;
const ROW_ID_HIGH: usize = ROW_ID_LOW + <usize>MAX_ROWS * 4;
const ROW_START: usize = ROW_ID_HIGH + <usize>MAX_ROWS * 4;
const ROW_BYTES: usize = ROW_START + <usize>MAX_ROWS * 4;
const ROW_MARKS: usize = ROW_BYTES + <usize>MAX_ROWS * 4;

// Fields of the result, in 4-byte words.
const NEWS: u32 = 0;
const LINE: u32 = 1;
const MARKS: u32 = 3;
const CODE: u32 = 4;
const WHO: u32 = 5;
const WHERE: u32 = 6;
const NOTES: u32 = 7;
const IS_LEFT_OUT: u32 = 8;
// start, end, hash of each string
const URI: u32 = 10;
const VERB: u32 = 13;
const PLURAL: u32 = 16;
const GROUP: u32 = 19;
const NAMESPACE: u32 = 22;
const NAME: u32 = 25;
const UID: u32 = 28;
const SUBRESOURCE: u32 = 31;
const REASON: u32 = 34;
// start, end of the spans numbered
const WHO_AT: u32 = 37;
const WHERE_AT: u32 = 39;
const NOTES_AT: u32 = 41;
// start, end, hash of what readActor() and readNotes() find
const USER: u32 = 43;
const GROUPS: u32 = 46;
const ADDRESS: u32 = 49;
const ADDRESSES: u32 = 52;
const AGENT: u32 = 55;
const DECISION: u32 = 58;
const WHY: u32 = 61;
const ANNOTATIONS: u32 = 64;

// Bits of NEWS.
const NEW_ACTOR: u32 = 1;
const NEW_TARGET: u32 = 2;
const NEW_OUTCOME: u32 = 4;

// What next() and record() answer.
const DONE: u32 = 0;
const ROWS_FULL: u32 = 1;
/** The line is an event with something new; learn() completes it. */
const NEWS_FOUND: u32 = 2;
/** Not written the usual way. */
const OTHER: u32 = 3;
/** No room for another text: clear them, then read again. */
const TEXTS_FULL: u32 = 4;
const TAKEN: u32 = 5;

let hashStart: u32 = 1;
let wordFactor: u32 = 1;
let stateFactor: u32 = 1;
let lowStart: u32 = 1;
let highStart: u32 = 1;
let wordA: u32 = 1;
let wordB: u32 = 1;
let stateA: u32 = 1;
let stateB: u32 = 1;
let lowFactor: u64 = 1;
let highFactor: u64 = 1;
/** The fingerprint of the spans that addSpan() was given since begin. */
let low: u64 = 0;
let high: u64 = 0;

let limit: usize = 0;
let isPlain: bool = true;
/** The next line starts here; the input ends there. */
let position: usize = 0;
let inputEnd: usize = 0;
let rows: u32 = 0;
/** Slots that await what learn() brings. */
let actorSlot: usize = 0;
let actorKey: u64 = 0;
let targetSlot: usize = 0;
/** Keeps a look ahead from being optimised away. */
// oxlint-disable-next-line no-unused-vars
let touched: u32 = 0;
let outcomeSlot: usize = 0;
let outcomeKey: u64 = 0;
/** The minute read last: its 16 bytes and its µs since the epoch. */
let minuteLow: u64 = 0;
let minuteHigh: u64 = 0;
let minuteUs: f64 = 0;

export function inputAt(): usize {
  return INPUT;
}

export function recordAt(): usize {
  return RECORD;
}

export function inputBytes(): u32 {
  return INPUT_BYTES;
}

export function resultAt(): usize {
  return RESULT;
}

export function rowsAt(): usize {
  return ROWS;
}

export function maxRows(): u32 {
  return MAX_ROWS;
}

export function maxTexts(): u32 {
  return MAX_TEXTS;
}

export function seedText(start: u32, word: u32, state: u32): void {
  hashStart = start;
  wordFactor = word;
  stateFactor = state;
  lowFactor = ((<u64>word) << 32) | <u64>state | 1;
  highFactor = ((<u64>state) << 32) | <u64>(word ^ start) | 1;
  // splitmix64
  let seed = (((<u64>start) << 32) | <u64>word) ^ (<u64>state * 0x9e3779b97f4a7c15);
  for (let at = KEYS; at < MASKS; at += 8) {
    seed += 0x9e3779b97f4a7c15;
    let key = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9;
    key = (key ^ (key >>> 27)) * 0x94d049bb133111eb;
    store<u64>(at, key ^ (key >>> 31));
  }
  memory.fill(MASKS, 0xff, 16);
  memory.fill(MASKS + 16, 0, 16);
}

export function seedIds(low: u32, high: u32, a: u32, b: u32, c: u32, d: u32): void {
  lowStart = low;
  highStart = high;
  wordA = a;
  wordB = b;
  stateA = c;
  stateB = d;
}

/** Forgets who, where from, annotations, verbs and reasons, and with them the actors and outcomes they made. */
export function clearTexts(): void {
  clear(TEXTS, TEXT_AREA, MAX_TEXTS);
  memory.fill(ACTORS, 0, ROWS - ACTORS);
}

export function clearTargets(): void {
  clear(TARGETS, TARGET_AREA, (MAX_TARGET_SLOTS / 4) * 3);
}

function clear(table: usize, area: usize, most: u32): void {
  store<u32>(table + T_AREA, <u32>area);
  store<u32>(table + T_MOST, most);
  store<u32>(table + T_COUNT, 0);
  layOut(table, FIRST_SLOTS);
}

/** The table has so many free slots; whoever grows it puts the old ones in. */
function layOut(table: usize, slots: u32): void {
  let at = <usize>load<u32>(table, T_AREA) + ((<usize>slots) << 4);
  memory.fill(at, 0, (<usize>slots) << 4);
  store<u32>(table + T_MASK, slots - 1);
  store<u32>(table + T_SLOTS, <u32>at);
}

// inline
function put(field: u32, value: u32): void {
  store<u32>(RESULT + ((<usize>field) << 2), value);
}

// inline
function step(state: u32, word: u32): u32 {
  return rotl<u32>(state ^ (word * wordFactor), 15) * stateFactor;
}

/** hashBytes of src/index/byte-hash.ts. */
function hashText(start: usize, end: usize): u32 {
  let state = hashStart;
  let p = start;
  for (; p + 4 <= end; p += 4) state = step(state, load<u32>(p));
  if (p < end) state = step(state, load<u32>(p) & ((1 << ((<u32>(end - p)) << 3)) - 1));
  let hash = (state ^ <u32>(end - start) ^ (state >>> 16)) * 0x85ebca6b;
  return hash ^ (hash >>> 15);
}

/** AuditIdHasher of src/index/audit-id.ts. */
function hashId(start: usize, end: usize): void {
  let low = lowStart;
  let high = highStart;
  for (let p = start; p < end; p += 4) {
    let word = load<u32>(p);
    if (p + 4 > end) word &= (1 << ((<u32>(end - p)) << 3)) - 1;
    low = rotl<u32>(low ^ (word * wordA), 15) * stateA;
    high = rotl<u32>(high ^ (word * wordB), 13) * stateB;
  }
  let bytes = <u32>(end - start);
  low ^= bytes;
  high += bytes;
  low = (low ^ (low >>> 16)) * 0x85ebca6b;
  high = (high ^ (high >>> 15)) * 0xc2b2ae35;
  low ^= high >>> 13;
  let row = (<usize>rows) << 2;
  store<u32>(ROW_ID_LOW + row, low);
  store<u32>(ROW_ID_HIGH + row, high ^ (low >>> 16));
}

function isEscaped(quote: usize, from: usize): bool {
  let p = quote - 1;
  while (p >= from && load<u8>(p) === 0x5c) p--;
  return ((quote - 1 - p) & 1) === 1;
}

/** Position of the quote that closes the string whose content starts at `at`; 0 when there is none. Sets isPlain. */
function text(at: usize): usize {
  let unusual: u32 = 0;
  for (let p = at; p < limit; p += 16) {
    let v = v128.load(p);
    let stops = <u32>i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.lt_u(v, i8x16.splat(0x20))));
    let odd = <u32>i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x5c)), v));
    if (stops === 0) {
      unusual |= odd;
      continue;
    }
    let before = ctz<u32>(stops);
    let quote = p + before;
    unusual |= odd & ((1 << before) - 1);
    if (quote >= limit || load<u8>(quote) !== 0x22) return 0;
    isPlain = unusual === 0;
    if (!isPlain && load<u8>(quote - 1) === 0x5c && isEscaped(quote, at)) {
      let close = skipText(at);
      return close === 0 ? 0 : close - 1;
    }
    return quote;
  }
  return 0;
}

/** Position behind the closing quote of the string whose content starts at `at`; 0 when there is none. */
function skipText(at: usize): usize {
  let p = at;
  while (p < limit) {
    let v = v128.load(p);
    let stops = <u32>i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))));
    if (stops === 0) {
      p += 16;
      continue;
    }
    p += ctz<u32>(stops);
    if (load<u8>(p) === 0x22) return p < limit ? p + 1 : 0;
    p += 2;
  }
  return 0;
}

// inline
function bits(a: v128, b: v128, c: v128, d: v128, byte: i8): u64 {
  let v = i8x16.splat(byte);
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(a, v))) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(b, v)))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(c, v)))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(d, v)))) << 48)
  );
}

/**
 * Position behind the JSON value at `at`, 0 when it does not end in the record. Objects and arrays go 64 bytes at a time:
 * bit masks of quotes (less the escaped ones), of what lies inside strings (prefix xor) and of brackets outside.
 */
function value(at: usize): usize {
  let first = load<u8>(at);
  if (first === 0x22) return skipText(at + 1);
  if (first !== 0x7b && first !== 0x5b) {
    let p = at;
    while (p < limit && first !== 0x2c && first !== 0x7d && first !== 0x5d) first = load<u8>(++p);
    return p < limit && p > at ? p : 0;
  }
  let depth: i32 = 1;
  let inString: u64 = 0;
  let escape: u64 = 0;
  let lower = i8x16.splat(0x20);
  for (let p = at + 1; p < limit; p += 64) {
    let a = v128.load(p);
    let b = v128.load(p, 16);
    let c = v128.load(p, 32);
    let d = v128.load(p, 48);
    let quotes = bits(a, b, c, d, 0x22);
    let slashes = bits(a, b, c, d, 0x5c);
    let escaped = escape;
    if (slashes === 0) {
      escape = 0;
    } else {
      slashes &= ~escape;
      let follows = (slashes << 1) | escape;
      let oddStarts = slashes & ~0x5555555555555555 & ~follows;
      let evens = oddStarts + slashes;
      escape = evens < slashes ? 1 : 0;
      escaped = (0x5555555555555555 ^ (evens << 1)) & follows;
    }
    quotes &= ~escaped;
    let inside = quotes;
    inside ^= inside << 1;
    inside ^= inside << 2;
    inside ^= inside << 4;
    inside ^= inside << 8;
    inside ^= inside << 16;
    inside ^= inside << 32;
    inside ^= inString;
    inString = <u64>(<i64>inside >> 63);
    // "{[" and "}]" differ by one bit only.
    a = v128.or(a, lower);
    b = v128.or(b, lower);
    c = v128.or(c, lower);
    d = v128.or(d, lower);
    let opens = bits(a, b, c, d, 0x7b) & ~inside;
    let closes = bits(a, b, c, d, 0x7d) & ~inside;
    let closing = <i32>popcnt<u64>(closes);
    if (depth > closing) {
      depth += <i32>popcnt<u64>(opens) - closing;
      continue;
    }
    let both = opens | closes;
    while (both !== 0) {
      let bit = both & -both;
      if ((opens & bit) !== 0) depth++;
      else if (--depth === 0) {
        let behind = p + <usize>ctz<u64>(bit) + 1;
        return behind <= limit ? behind : 0;
      }
      both ^= bit;
    }
  }
  return 0;
}

/**
 * Adds a span to the fingerprint, 128 bits that stand for the bytes: whoever chooses those does not know the keys, and what
 * differs agrees once in 2⁶⁴ (NH of UMAC, in two lanes).
 */
function addSpan(start: usize, end: usize): void {
  let a = i64x2.splat(0);
  let b = i64x2.splat(0);
  let key = KEYS;
  for (let p = start; p < end; p += 16) {
    let words = v128.load(p);
    if (p + 16 > end) words = v128.and(words, v128.load(MASKS + 16 - (end - p)));
    let first = i32x4.add(words, v128.load(key));
    let second = i32x4.add(words, v128.load(key, 16));
    a = i64x2.add(a, i64x2.extmul_low_i32x4_u(first, v128.shuffle<i64>(first, first, 1, 1)));
    b = i64x2.add(b, i64x2.extmul_low_i32x4_u(second, v128.shuffle<i64>(second, second, 1, 1)));
    key += 16;
    if (key === KEYS + BLOCK_BYTES) {
      key = KEYS;
      low = rotl<u64>((low + i64x2.extract_lane(a, 0) + i64x2.extract_lane(a, 1)) * lowFactor, 29);
      high = rotl<u64>((high + i64x2.extract_lane(b, 0) + i64x2.extract_lane(b, 1)) * highFactor, 31);
    }
  }
  let bytes = <u64>(end - start);
  low = (low + i64x2.extract_lane(a, 0) + i64x2.extract_lane(a, 1) + bytes * highFactor) * lowFactor;
  high = (high + i64x2.extract_lane(b, 0) + i64x2.extract_lane(b, 1) + bytes * lowFactor) * highFactor;
  low ^= low >>> 29;
  high ^= high >>> 31;
}

// inline
function home(table: usize): usize {
  return <usize>load<u32>(table, T_SLOTS) + ((<usize>(<u32>(low >>> 32) & load<u32>(table, T_MASK))) << 4);
}

/** The slot of what was added to the fingerprint; 0 when there is no room for more. */
function slotOf(table: usize): usize {
  let tag = <u32>(low >>> 32);
  high |= 1;
  let slot = find(table, tag, high);
  if (load<u64>(slot) !== 0) return slot;
  let count = load<u32>(table, T_COUNT);
  if (count === load<u32>(table, T_MOST)) return 0;
  store<u32>(table + T_COUNT, count + 1);
  let slots = load<u32>(table, T_MASK) + 1;
  if (count * 4 >= slots * 3) {
    let old = <usize>load<u32>(table, T_SLOTS);
    layOut(table, slots * 2);
    for (let from = old; from < old + ((<usize>slots) << 4); from += 16) {
      if (load<u64>(from) !== 0) v128.store(find(table, load<u32>(from, 8), load<u64>(from)), v128.load(from));
    }
    slot = find(table, tag, high);
  }
  store<u64>(slot, high);
  store<u32>(slot, tag, 8);
  store<u32>(slot, 0, 12);
  return slot;
}

/** Where that fingerprint is, or the free slot for it. */
function find(table: usize, tag: u32, upper: u64): usize {
  let mask = load<u32>(table, T_MASK);
  let slots = <usize>load<u32>(table, T_SLOTS);
  let slot = slots + ((<usize>(tag & mask)) << 4);
  while (load<u64>(slot) !== 0 && (load<u64>(slot) !== upper || load<u32>(slot, 8) !== tag)) {
    slot = slots + ((<usize>((<u32>((slot - slots) >> 4) + 1) & mask)) << 4);
  }
  return slot;
}

/** Number (from 1) of the bytes [start, end), the same whenever they come again; 0 when there is no room for more. */
function textNumber(start: usize, end: usize): u32 {
  low = high = 0;
  addSpan(start, end);
  return numberOfAdded();
}

/** As textNumber, of what was added to the fingerprint. */
function numberOfAdded(): u32 {
  let slot = slotOf(TEXTS);
  if (slot === 0) return 0;
  if (load<u32>(slot, 12) === 0) store<u32>(slot, load<u32>(TEXTS, T_COUNT), 12);
  return load<u32>(slot, 12);
}

// inline
function digit(at: usize): u32 {
  return <u32>load<u8>(at) - 0x30;
}

/** Two digits; beyond 99 when they are none. */
// inline
function two(at: usize): u32 {
  let tens = digit(at);
  let units = digit(at + 1);
  return tens > 9 || units > 9 ? 1000 : tens * 10 + units;
}

/** µs since the epoch of "2026-11-21T00:02:26.760834Z"; NaN for any other form. */
function time(at: usize): f64 {
  if (load<u8>(at, 16) !== 0x3a || load<u8>(at, 19) !== 0x2e || load<u8>(at, 26) !== 0x5a) return NaN;
  let seconds = two(at + 17);
  let m0 = two(at + 20);
  let m1 = two(at + 22);
  let m2 = two(at + 24);
  if ((m0 | m1 | m2) > 127 || seconds > 60) return NaN;
  if (load<u64>(at) !== minuteLow || load<u64>(at, 8) !== minuteHigh) {
    let us = minute(at);
    if (us !== us) return NaN;
    minuteLow = load<u64>(at);
    minuteHigh = load<u64>(at, 8);
    minuteUs = us;
  }
  return minuteUs + <f64>seconds * 1000000.0 + <f64>(m0 * 10000 + m1 * 100 + m2);
}

/** µs since the epoch of "2026-11-21T00:02"; NaN for any other form. */
function minute(at: usize): f64 {
  if (load<u8>(at, 4) !== 0x2d || load<u8>(at, 7) !== 0x2d || load<u8>(at, 10) !== 0x54) return NaN;
  if (load<u8>(at, 13) !== 0x3a) return NaN;
  let century = two(at);
  let ofCentury = two(at + 2);
  let month = two(at + 5);
  let day = two(at + 8);
  let hours = two(at + 11);
  let minutes = two(at + 14);
  if ((century | ofCentury) > 127 || month - 1 > 11 || hours > 23 || minutes > 59) return NaN;
  let year = century * 100 + ofCentury;
  let isLeap = (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0);
  let days: u32 = month === 2 ? (isLeap ? 29 : 28) : 30 + ((month + (month >>> 3)) & 1);
  if (day - 1 > days - 1) return NaN;
  // Days from civil, years starting in March.
  let y = <i32>year - (month <= 2 ? 1 : 0);
  let era = (y >= 0 ? y : y - 399) / 400;
  let yearOfEra = y - era * 400;
  let shifted = <i32>month + (month > 2 ? -3 : 9);
  let dayOfYear = (153 * shifted + 2) / 5 + <i32>day - 1;
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  let epochDays = era * 146097 + dayOfEra - 719468;
  return <f64>epochDays * 86400000000.0 + <f64>(hours * 60 + minutes) * 60000000.0;
}

// inline
function putNone(field: u32): void {
  put(field, 0);
  put(field + 1, 0);
}

// inline
function putSpan(field: u32, start: usize, end: usize): void {
  put(field, <u32>start);
  put(field + 1, <u32>end);
}

// inline
function got(field: u32): usize {
  return <usize>load<u32>(RESULT + ((<usize>field) << 2));
}

/** The plain string content at `at` goes to the field; position of its closing quote, 0 when it has escapes or no end. */
function plainText(field: u32, at: usize): usize {
  let quote = text(at);
  if (quote === 0 || !isPlain) return 0;
  put(field, <u32>at);
  put(field + 1, <u32>quote);
  return quote;
}

let versionStart: usize = 0;
let versionEnd: usize = 0;
let nameStart: usize = 0;
let uidStart: usize = 0;
let uidEnd: usize = 0;

/**
 * Position behind the objectRef whose first key is at `at`; its resourceVersion is [versionStart, versionEnd), its name
 * [nameStart, uidStart) and its UID [uidStart, uidEnd), each with its key.
 */
function objectRef(at: usize): usize {
  versionStart = 0;
  if (!isAt(at, '"resource":"')) return 0;
  let p = plainText(PLURAL, at + 12);
  if (p === 0) return 0;
  if (isAt(p, '","namespace":"')) {
    if ((p = plainText(NAMESPACE, p + 15)) === 0) return 0;
  } else putNone(NAMESPACE);
  nameStart = p;
  if (isAt(p, '","name":"')) {
    if ((p = plainText(NAME, p + 10)) === 0) return 0;
  } else putNone(NAME);
  uidStart = p;
  if (isAt(p, '","uid":"')) {
    if ((p = plainText(UID, p + 9)) === 0) return 0;
  } else putNone(UID);
  uidEnd = p;
  if (isAt(p, '","apiGroup":"')) {
    if ((p = plainText(GROUP, p + 14)) === 0) return 0;
  } else putNone(GROUP);
  if (isAt(p, '","apiVersion":"')) {
    p = text(p + 16);
    if (p === 0 || !isPlain) return 0;
  }
  if (isAt(p, '","resourceVersion":"')) {
    versionStart = p;
    p = text(p + 21);
    if (p === 0 || !isPlain) return 0;
    versionEnd = p;
  }
  if (isAt(p, '","subresource":"')) {
    if ((p = plainText(SUBRESOURCE, p + 17)) === 0) return 0;
  } else putNone(SUBRESOURCE);
  return load<u8>(p) === 0x22 && load<u8>(p, 1) === 0x7d ? p + 2 : 0;
}

function statusCode(at: usize): usize {
  let hundreds = digit(at);
  let rest = two(at + 1);
  if (hundreds - 1 > 8 || rest > 99) return 0;
  put(CODE, hundreds * 100 + rest);
  return load<u8>(at, 3) === 0x7d ? at + 4 : 0;
}

function responseStatus(at: usize): usize {
  putNone(REASON);
  if (isAt(at, '"metadata":{},"code":')) return statusCode(at + 21);
  if (!isAt(at, '"metadata":')) return 0;
  let p = value(at + 11);
  if (p === 0) return 0;
  if (isAt(p, ',"status":"') && (p = skipText(p + 11)) === 0) return 0;
  if (isAt(p, ',"message":"') && (p = skipText(p + 12)) === 0) return 0;
  if (isAt(p, ',"reason":"')) {
    if ((p = plainText(REASON, p + 11)) === 0) return 0;
    p++;
  }
  if (isAt(p, ',"details":{') && (p = value(p + 11)) === 0) return 0;
  if (isAt(p, ',"code":')) return statusCode(p + 8);
  put(CODE, 0);
  return load<u8>(p) === 0x7d ? p + 1 : 0;
}

/** The user's extra with its key; 0: it belongs to what the user is found by. */
let extraStart: usize = 0;
let extraEnd: usize = 0;
/** Nobody asks where from, and it was checked. */
let isWhereLeftOut: bool = false;

/**
 * Finds the extra of the user [at, end). No fact is made of it, and it is new with every token, session or pod: lists of texts
 * are checked and passed over.
 */
function findExtra(at: usize, end: usize): void {
  extraStart = 0;
  // What ends otherwise has none.
  if (load<u32>(end - 4) >>> 8 !== 0x7d7d5d || !isAt(at, '{"username":"')) return;
  let p = skipText(at + 13);
  if (p !== 0 && isAt(p, ',"uid":"')) p = skipText(p + 8);
  if (p !== 0 && isAt(p, ',"groups":[')) p = value(p + 10);
  if (p === 0 || !isAt(p, ',"extra":{') || validLists(p + 9) !== end - 1) return;
  extraStart = p;
  extraEnd = end - 1;
}

/** Position behind sourceIPs and userAgent at `at` when they are texts; otherwise 0. */
function validWhere(at: usize): usize {
  let p = at;
  if (isAt(p, ',"sourceIPs":[') && (p = validList(p + 13)) === 0) return 0;
  if (isAt(p, ',"userAgent":"')) {
    if ((p = validText(p + 14)) === 0) return 0;
    p++;
  }
  return p;
}

/** Who (user … authenticationMetadata) and where from (sourceIPs, userAgent), as two numbered spans. */
function actor(at: usize): usize {
  let p = value(at);
  if (p === 0) return 0;
  findExtra(at, p);
  if (isAt(p, ',"impersonatedUser":') && (p = value(p + 20)) === 0) return 0;
  if (isAt(p, ',"authenticationMetadata":') && (p = value(p + 26)) === 0) return 0;
  let middle = p;
  let whereEnd = omitsWhere ? validWhere(p) : 0;
  isWhereLeftOut = whereEnd !== 0;
  if (isWhereLeftOut) {
    p = whereEnd;
  } else {
    if (isAt(p, ',"sourceIPs":') && (p = value(p + 13)) === 0) return 0;
    if (isAt(p, ',"userAgent":') && (p = value(p + 13)) === 0) return 0;
  }
  put(WHO_AT, <u32>at);
  put(WHO_AT + 1, <u32>middle);
  put(WHERE_AT, <u32>middle);
  put(WHERE_AT + 1, <u32>p);
  return p;
}

/** Reads [start, end) as one event into the next row: TAKEN, NEWS_FOUND, OTHER, or which table is full. */
function event(start: usize, end: usize): u32 {
  let p = start;
  limit = end;
  if (isAt(p, '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"')) p += 56;
  else if (isAt(p, '{"level":"')) p += 10;
  else return OTHER;

  let level: u32;
  if (isAt(p, 'Metadata","auditID":"')) {
    level = 1;
    p += 21;
  } else if (isAt(p, 'RequestResponse","auditID":"')) {
    level = 3;
    p += 28;
  } else if (isAt(p, 'Request","auditID":"')) {
    level = 2;
    p += 20;
  } else if (isAt(p, 'None","auditID":"')) {
    level = 0;
    p += 17;
  } else return OTHER;
  let quote = text(p);
  if (quote === 0 || !isPlain) return OTHER;
  hashId(p, quote);
  p = quote;
  if (!isAt(p, '","stage":"')) return OTHER;
  p += 11;
  let stage: u32;
  if (isAt(p, 'ResponseComplete","requestURI":"')) {
    stage = 2;
    p += 32;
  } else if (isAt(p, 'ResponseStarted","requestURI":"')) {
    stage = 1;
    p += 31;
  } else if (isAt(p, 'RequestReceived","requestURI":"')) {
    stage = 0;
    p += 31;
  } else if (isAt(p, 'Panic","requestURI":"')) {
    stage = 3;
    p += 21;
  } else return OTHER;
  let uri = p;
  quote = text(p);
  if (quote === 0) return OTHER;
  let uriEnd = quote;
  let uriIsPlain = isPlain;
  p = quote;
  if (!isAt(p, '","verb":"')) return OTHER;
  if ((p = plainText(VERB, p + 10)) === 0) return OTHER;
  if (!isAt(p, '","user":')) return OTHER;
  if ((p = actor(p + 9)) === 0) return OTHER;

  let ref: usize = 0;
  let refEnd: usize = 0;
  versionStart = 0;
  if (isAt(p, ',"objectRef":{')) {
    ref = p + 14;
    if ((p = objectRef(ref)) === 0) return OTHER;
    refEnd = p;
  } else {
    putNone(PLURAL);
    putNone(GROUP);
    putNone(NAMESPACE);
    putNone(NAME);
    putNone(UID);
    putNone(SUBRESOURCE);
  }
  if (isAt(p, ',"responseStatus":{')) {
    if ((p = responseStatus(p + 19)) === 0) return OTHER;
  } else {
    putNone(REASON);
    put(CODE, 0);
  }
  let hasBody: u32 = 0;
  if (isAt(p, ',"requestObject":')) {
    p += 17;
    if (load<u8>(p) === 0x7b) hasBody = 1;
    if ((p = value(p)) === 0) return OTHER;
  }
  if (isAt(p, ',"responseObject":')) {
    p += 18;
    if (load<u8>(p) === 0x7b) hasBody = 1;
    if ((p = value(p)) === 0) return OTHER;
  }

  if (p + 105 > end || !isAt(p, ',"requestReceivedTimestamp":"')) return OTHER;
  let receivedUs = time(p + 29);
  p += 56;
  if (!isAt(p, '","stageTimestamp":"')) return OTHER;
  let stageUs = time(p + 20);
  p += 47;
  if (receivedUs !== receivedUs || stageUs !== stageUs || load<u8>(p) !== 0x22) return OTHER;
  p++;
  let notes: u32 = 0;
  if (!(p + 1 === end && load<u8>(p) === 0x7d)) {
    if (!isAt(p, ',"annotations":{') || load<u8>(end - 1) !== 0x7d) return OTHER;
    let from = p + 15;
    if (end - 1 <= from) return OTHER;
    notes = textNumber(from, end - 1);
    if (notes === 0) return TEXTS_FULL;
    put(NOTES_AT, <u32>from);
    put(NOTES_AT + 1, <u32>(end - 1));
  }
  // What a target is found by: its URI and reference, or the reference without the texts that nobody asks for; never by its
  // resourceVersion.
  let isLeftOut = omits !== OMITS_NONE && ref !== 0 && !isToldByUri();
  if (isLeftOut && !uriIsPlain && decode(uri, uriEnd) === 0) return OTHER;
  let refMiddle = versionStart === 0 ? refEnd : versionStart;
  low = high = 0;
  if (isLeftOut) {
    addSpan(ref, omits === OMITS_NAME ? nameStart : uidStart);
    addSpan(uidEnd, refMiddle);
  } else {
    addSpan(uri, uriEnd);
    addSpan(ref, refMiddle);
  }
  if (versionStart !== 0) addSpan(versionEnd, refEnd);
  let targetLow = low;
  let targetHigh = high;
  // Larger than the processor's caches: fetched while the rest is looked up.
  touched = load<u32>(home(TARGETS));
  let row = (<usize>rows) << 2;
  store<f64>(ROW_RECEIVED + (row << 1), receivedUs);
  store<f64>(ROW_STAGED + (row << 1), stageUs);
  store<u32>(ROW_START + row, <u32>(start - INPUT));
  store<u32>(ROW_BYTES + row, <u32>(end - start));
  let news = findActor(row);
  if (news > NEW_ACTOR) return TEXTS_FULL;
  let marks = stage | (level << 2) | (hasBody << 7);
  let kind = findOutcome(row, marks, notes);
  if (kind > NEW_OUTCOME) return TEXTS_FULL;
  news |= kind;
  low = targetLow;
  high = targetHigh;
  targetSlot = slotOf(TARGETS);
  if (targetSlot === 0) {
    clearTargets();
    targetSlot = slotOf(TARGETS);
  }
  let target = load<u32>(targetSlot, 12);
  if (target === 0) {
    news |= NEW_TARGET;
    put(IS_LEFT_OUT, isLeftOut ? 1 : 0);
    if (!isLeftOut && !uriIsPlain) {
      uriEnd = decode(uri, uriEnd);
      if (uriEnd === 0) return OTHER;
      uri = DECODED;
    }
    put(URI, <u32>uri);
    put(URI + 1, <u32>uriEnd);
    for (let field = URI; field <= SUBRESOURCE; field += 3) if (field !== VERB) putHash(field);
  } else {
    store<u32>(ROW_TARGET + row, target - 1);
  }
  if (news === 0) return TAKEN;
  put(NEWS, news);
  put(LINE, <u32>start);
  put(LINE + 1, <u32>end);
  return NEWS_FOUND;
}

/** Where the key is, or else the first free of four places, or the first: of a cache of 16-byte slots, the key in front. */
function cacheSlot(cache: usize, mask: u32, key: u64): usize {
  let place = <u32>((key * 0x9e3779b97f4a7c15) >>> 40) & mask;
  let first = cache + ((<usize>place) << 4);
  for (let way: u32 = 0; way < 4; way++) {
    let slot = cache + ((<usize>((place + way) & mask)) << 4);
    let found = load<u64>(slot);
    if (found === key || found === 0) return slot;
  }
  return first;
}

/** 0: the row's actor is known; NEW_ACTOR: learn() will tell; more: no room. */
function findActor(row: usize): u32 {
  let whoEnd = got(WHO_AT + 1);
  low = high = 0;
  addSpan(got(WHO_AT), extraStart === 0 ? whoEnd : extraStart);
  if (extraStart !== 0) addSpan(extraEnd, whoEnd);
  let who = numberOfAdded();
  let whereStart = got(WHERE_AT);
  let whereEnd = got(WHERE_AT + 1);
  let where: u32 = 0;
  if (!isWhereLeftOut && whereEnd > whereStart && (where = textNumber(whereStart, whereEnd)) === 0)
    return NEW_ACTOR + 1;
  if (who === 0) return NEW_ACTOR + 1;
  actorKey = ((<u64>who) << 32) | where;
  actorSlot = cacheSlot(ACTORS, ACTOR_MASK, actorKey);
  if (load<u64>(actorSlot) === actorKey) {
    store<u32>(ROW_ACTOR + row, load<u32>(actorSlot, 8));
    return 0;
  }
  put(WHO, who);
  put(WHERE, where);
  return NEW_ACTOR;
}

/** As findActor, for the outcome, which also brings the verb's marks. */
function findOutcome(row: usize, marks: u32, notes: u32): u32 {
  let verbStart = load<u32>(RESULT + ((<usize>VERB) << 2));
  let verbEnd = load<u32>(RESULT + ((<usize>(VERB + 1)) << 2));
  let verb: u32 = 0;
  if (verbEnd > verbStart && (verb = textNumber(verbStart, verbEnd)) === 0) return NEW_OUTCOME + 1;
  let reasonStart = load<u32>(RESULT + ((<usize>REASON) << 2));
  let reasonEnd = load<u32>(RESULT + ((<usize>(REASON + 1)) << 2));
  let reason: u32 = 0;
  if (reasonEnd > reasonStart && (reason = textNumber(reasonStart, reasonEnd)) === 0) return NEW_OUTCOME + 1;
  let code = load<u32>(RESULT + ((<usize>CODE) << 2));
  // Numbers of texts have 16 bits, codes 10, stage and level 4; the highest bit makes the key other than 0.
  outcomeKey =
    ((<u64>1) << 63) |
    ((<u64>(marks & 15)) << 58) |
    ((<u64>code) << 48) |
    ((<u64>verb) << 32) |
    ((<u64>reason) << 16) |
    <u64>notes;
  outcomeSlot = cacheSlot(OUTCOMES, OUTCOME_MASK, outcomeKey);
  if (load<u64>(outcomeSlot) === outcomeKey) {
    store<u32>(ROW_OUTCOME + row, load<u32>(outcomeSlot, 8));
    store<u8>(ROW_MARKS + (row >> 2), marks | load<u32>(outcomeSlot, 12));
    return 0;
  }
  put(MARKS, marks);
  put(NOTES, notes);
  putHash(VERB);
  putHash(REASON);
  return NEW_OUTCOME;
}

/** Undoes the escapes of a URI in ASCII, as Go writes them; returns where it ends at DECODED, 0 for any other. */
function decode(at: usize, end: usize): usize {
  if (end - at > DECODED_BYTES) return 0;
  let to = DECODED;
  let p = at;
  while (p < end) {
    let v = v128.load(p);
    v128.store(to, v);
    let odd = <u32>i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x5c)), v));
    let plain = odd === 0 ? 16 : ctz<u32>(odd);
    p += plain;
    to += plain;
    if (odd === 0 || p >= end) continue;
    // \u00xy below 0x80
    let high = hexDigit(load<u8>(p, 4));
    let low = hexDigit(load<u8>(p, 5));
    if (load<u32>(p) !== 0x3030755c || high > 7 || low > 15) return 0;
    store<u8>(to, (high << 4) | low);
    p += 6;
    to++;
  }
  return to - (p - end);
}

/** More than 15 for what is none. */
// inline
function hexDigit(byte: u8): u32 {
  let digit = <u32>byte - 0x30;
  if (digit < 10) return digit;
  let letter = (<u32>byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 16;
}

/** What a request without a resource is for, and whether a log is followed. */
function isToldByUri(): bool {
  let plural = RESULT + ((<usize>PLURAL) << 2);
  if (load<u32>(plural) === load<u32>(plural, 4)) return true;
  let subresource = RESULT + ((<usize>SUBRESOURCE) << 2);
  let at = load<u32>(subresource);
  if (load<u32>(subresource, 4) - at !== 3) return false;
  return load<u8>(at) === 0x6c && load<u8>(at, 1) === 0x6f && load<u8>(at, 2) === 0x67;
}

function putHash(field: u32): void {
  let at = RESULT + ((<usize>field) << 2);
  store<u32>(at, hashText(load<u32>(at), load<u32>(at, 4)), 8);
}

const OMITS_NONE: u32 = 0;
const OMITS_NAME: u32 = 2;
let omits: u32 = OMITS_NONE;
let omitsWhere: bool = false;

/**
 * 0: targets are told apart by all that is in them; 1: not by UID and URI; 2: not by the name either. `where`: actors are told
 * apart by who they are alone. Before any text is seen.
 */
export function omitTexts(which: u32, where: bool): void {
  omits = which;
  omitsWhere = where;
}

/** Position of the quote that closes the valid string whose content starts at `at`; 0 for any other. */
function validText(at: usize): usize {
  let quote = text(at);
  if (isPlain || quote === 0) return quote;
  for (let p = at; p < quote; p++) {
    if (load<u8>(p) !== 0x5c) continue;
    let escape = load<u8>(++p);
    if (escape === 0x75) {
      for (let digits = p + 4; p < digits; p++) if (hexDigit(load<u8>(p, 1)) > 15) return 0;
    } else if (
      escape !== 0x22 &&
      escape !== 0x5c &&
      escape !== 0x2f &&
      escape !== 0x62 &&
      escape !== 0x66 &&
      escape !== 0x6e &&
      escape !== 0x72 &&
      escape !== 0x74
    ) {
      return 0;
    }
  }
  return quote;
}

/** Position behind the list at `at` of valid strings, at least one; 0 for anything else. */
function validList(at: usize): usize {
  let p = at;
  do {
    if (load<u8>(p, 1) !== 0x22) return 0;
    if ((p = validText(p + 2)) === 0) return 0;
    p++;
  } while (load<u8>(p) === 0x2c);
  return load<u8>(p) === 0x5d ? p + 1 : 0;
}

/** As validList, for an object of such lists. */
function validLists(at: usize): usize {
  let p = at;
  do {
    if (load<u8>(p, 1) !== 0x22) return 0;
    p = validText(p + 2);
    if (p === 0 || load<u8>(p, 1) !== 0x3a || load<u8>(p, 2) !== 0x5b) return 0;
    if ((p = validList(p + 2)) === 0) return 0;
  } while (load<u8>(p) === 0x2c);
  return load<u8>(p) === 0x7d ? p + 1 : 0;
}

/** As validList, without escapes and in ASCII. */
function plainList(at: usize): usize {
  let p = at;
  do {
    if (load<u8>(p, 1) !== 0x22) return 0;
    p = text(p + 2);
    if (p === 0 || !isPlain) return 0;
    p++;
  } while (load<u8>(p) === 0x2c);
  return load<u8>(p) === 0x5d ? p + 1 : 0;
}

/** Less than 0, 0 or more: how two spans are ordered, by bytes. */
function compare(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  let aBytes = aEnd - a;
  let bBytes = bEnd - b;
  let order = memory.compare(a, b, aBytes < bBytes ? aBytes : bBytes);
  return order !== 0 ? order : <i32>aBytes - <i32>bBytes;
}

const MOST_COMPARED: u32 = 64;

/** Whether the plain list [at, end) names something twice, or too much to find out. */
function namesTwice(at: usize, end: usize): bool {
  let count: u32 = 0;
  for (let a = at + 2; a < end;) {
    let aEnd = text(a);
    if (++count > MOST_COMPARED) return true;
    for (let b = aEnd + 3; b < end;) {
      let bEnd = text(b);
      if (compare(a, aEnd, b, bEnd) === 0) return true;
      b = bEnd + 3;
    }
    a = aEnd + 3;
  }
  return false;
}

/** Puts the strings of the plain list [at, end), with commas between them, and the last one; false when they are too long. */
function putAddresses(at: usize, end: usize): bool {
  let first = text(at + 2);
  if (first + 2 === end) {
    putSpan(ADDRESS, at + 2, first);
    putSpan(ADDRESSES, at + 2, first);
    return true;
  }
  if (end - at > MADE_BYTES) return false;
  let to = MADE;
  let last = to;
  for (let p = at + 2; p < end;) {
    let quote = text(p);
    if (p > at + 2) store<u8>(to++, 0x2c);
    last = to;
    memory.copy(to, p, quote - p);
    to += quote - p;
    p = quote + 3;
  }
  putSpan(ADDRESS, last, to);
  putSpan(ADDRESSES, MADE, to);
  return true;
}

/**
 * Finds the texts of the actor that NEWS_FOUND was answered for; but for the user's name only on request. False when it is
 * not written as the API server writes those that impersonate nobody, in ASCII without escapes.
 */
export function readActor(isWhole: bool): bool {
  putNone(USER);
  putNone(GROUPS);
  putNone(ADDRESS);
  putNone(ADDRESSES);
  putNone(AGENT);
  let p = got(WHO_AT);
  if (!isAt(p, '{"username":"')) return false;
  if ((p = plainText(USER, p + 13)) === 0) return false;
  p++;
  if (isAt(p, ',"uid":"')) {
    p = text(p + 8);
    if (p === 0 || !isPlain) return false;
    p++;
  }
  if (isAt(p, ',"groups":[')) {
    let list = p + 10;
    if ((p = plainList(list)) === 0) return false;
    if (isWhole && namesTwice(list, p)) return false;
    putSpan(GROUPS, list, p);
  }
  if (isAt(p, ',"extra":{') && (p = validLists(p + 9)) === 0) return false;
  if (load<u8>(p) !== 0x7d || p + 1 !== got(WHO_AT + 1)) return false;
  if (isWhereLeftOut) {
    putHash(USER);
    return true;
  }
  p++;
  if (isAt(p, ',"sourceIPs":[')) {
    let list = p + 13;
    if ((p = plainList(list)) === 0) return false;
    if (isWhole && !putAddresses(list, p)) return false;
  }
  if (isAt(p, ',"userAgent":"')) {
    if ((p = plainText(AGENT, p + 14)) === 0) return false;
    p++;
  }
  if (p !== got(WHERE_AT + 1)) return false;
  putHash(USER);
  if (isWhole) for (let field = GROUPS; field <= AGENT; field += 3) putHash(field);
  return true;
}

/** Whether all escapes in [at, end) are those that JSON.stringify writes, too, and all else is ASCII. */
function isStringified(at: usize, end: usize): bool {
  for (let p = at; p < end; p++) {
    let byte = load<u8>(p);
    if (byte < 0x20 || byte >= 0x80) return false;
    if (byte !== 0x5c) continue;
    byte = load<u8>(++p);
    if (byte !== 0x22 && byte !== 0x5c && byte !== 0x6e && byte !== 0x74 && byte !== 0x72) return false;
  }
  return true;
}

/** Puts [at, end) without the backslashes before quotes and backslashes; false for other escapes, and when it is too long. */
function putUnescaped(field: u32, at: usize, end: usize): bool {
  if (end - at > MADE_BYTES) return false;
  let to = MADE;
  for (let p = at; p < end; p++) {
    let byte = load<u8>(p);
    if (byte === 0x5c) {
      byte = load<u8>(++p);
      if (byte !== 0x22 && byte !== 0x5c) return false;
    }
    store<u8>(to++, byte);
  }
  putSpan(field, MADE, to);
  return true;
}

/**
 * Finds the texts of the annotations of the event that NEWS_FOUND was answered for; but for the decision only on request.
 * False when they are not written as JSON.stringify would write them after JSON.parse: keys in order, strings in ASCII.
 */
export function readNotes(isWhole: bool): bool {
  putNone(DECISION);
  putNone(WHY);
  let p = got(NOTES_AT);
  let end = got(NOTES_AT + 1);
  putSpan(ANNOTATIONS, p, end);
  let before: usize = 0;
  let beforeEnd: usize = 0;
  do {
    if (load<u8>(p, 1) !== 0x22) return false;
    let quote = p + 1;
    let key = p + 2;
    let keyEnd = text(key);
    // Keys that are numbers come first in an object of JavaScript.
    if (keyEnd === 0 || !isPlain || digit(key) <= 9) return false;
    if (before !== 0 && compare(before, beforeEnd, key, keyEnd) >= 0) return false;
    before = key;
    beforeEnd = keyEnd;
    if (load<u8>(keyEnd, 1) !== 0x3a || load<u8>(keyEnd, 2) !== 0x22) return false;
    let from = keyEnd + 3;
    p = text(from);
    if (p === 0) return false;
    let valueIsPlain = isPlain;
    if (!valueIsPlain && !isStringified(from, p)) return false;
    if (isAt(quote, '"authorization.k8s.io/decision"')) {
      if (!valueIsPlain) return false;
      putSpan(DECISION, from, p);
    } else if (isWhole && isAt(quote, '"authorization.k8s.io/reason"')) {
      if (valueIsPlain) putSpan(WHY, from, p);
      else if (!putUnescaped(WHY, from, p)) return false;
    }
    p++;
  } while (load<u8>(p) === 0x2c);
  if (load<u8>(p) !== 0x7d || p + 1 !== end) return false;
  putHash(DECISION);
  if (isWhole) {
    putHash(WHY);
    putHash(ANNOTATIONS);
  }
  return true;
}

/** Completes the row that NEWS_FOUND was answered for; of what was known already the arguments are not looked at. */
export function learn(actor: u32, target: u32, outcome: u32, verbMarks: u32): void {
  let news = load<u32>(RESULT + ((<usize>NEWS) << 2));
  let row = (<usize>rows) << 2;
  if ((news & NEW_ACTOR) !== 0) {
    store<u64>(actorSlot, actorKey);
    store<u32>(actorSlot, actor, 8);
    store<u32>(ROW_ACTOR + row, actor);
  }
  if ((news & NEW_OUTCOME) !== 0) {
    store<u64>(outcomeSlot, outcomeKey);
    store<u32>(outcomeSlot, outcome, 8);
    store<u32>(outcomeSlot, verbMarks, 12);
    store<u32>(ROW_OUTCOME + row, outcome);
    store<u8>(ROW_MARKS + (row >> 2), load<u32>(RESULT + ((<usize>MARKS) << 2)) | verbMarks);
  }
  if ((news & NEW_TARGET) !== 0) {
    store<u32>(targetSlot, target + 1, 12);
    store<u32>(ROW_TARGET + row, target);
  }
  rows++;
}

/** The input has `bytes` bytes of lines; rows start afresh. */
export function begin(bytes: u32): void {
  position = INPUT;
  inputEnd = INPUT + bytes;
  rows = 0;
}

/** Rows taken since begin() or the last call. */
export function takeRows(): u32 {
  let count = rows;
  rows = 0;
  return count;
}

/** How much of the input was dealt with: all lines that have an end. */
export function dealtWith(): u32 {
  return <u32>(position - INPUT);
}

/** Reads lines until there is something to do outside. A line that is OTHER has been passed. */
export function next(): u32 {
  while (rows < MAX_ROWS) {
    let newline = lineEnd(position);
    if (newline === 0) return DONE;
    let start = position;
    let end = newline;
    // White space, the CR of CRLF, and the NULs a crash leaves behind.
    while (end > start && load<u8>(end - 1) <= 0x20) end--;
    while (start < end && load<u8>(start) <= 0x20) start++;
    if (start < end) {
      let answer = event(start, end);
      if (answer === TEXTS_FULL) return answer;
      if (answer === OTHER) {
        put(LINE, <u32>position);
        put(LINE + 1, <u32>newline);
      }
      position = newline + 1;
      if (answer !== TAKEN) return answer;
      rows++;
    } else {
      position = newline + 1;
    }
  }
  return ROWS_FULL;
}

/** Reads a record, behind which stands a newline, as one event: DONE when it is the next row. */
export function record(bytes: u32): u32 {
  let answer = event(RECORD, RECORD + bytes);
  if (answer !== TAKEN) return answer;
  rows++;
  return DONE;
}

/** Position of the first newline from `at` on; 0 when there is none in the input. */
function lineEnd(at: usize): usize {
  let newline = i8x16.splat(0x0a);
  for (let p = at; p < inputEnd; p += 64) {
    let a = i8x16.eq(v128.load(p), newline);
    let b = i8x16.eq(v128.load(p, 16), newline);
    let c = i8x16.eq(v128.load(p, 32), newline);
    let d = i8x16.eq(v128.load(p, 48), newline);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    let found =
      <u64>(<u32>i8x16.bitmask(a)) |
      ((<u64>(<u32>i8x16.bitmask(b))) << 16) |
      ((<u64>(<u32>i8x16.bitmask(c))) << 32) |
      ((<u64>(<u32>i8x16.bitmask(d))) << 48);
    let end = p + <usize>ctz<u64>(found);
    return end < inputEnd ? end : 0;
  }
  return 0;
}
