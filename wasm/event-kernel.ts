// AssemblyScript, built by scripts/build-kernel.mjs, which expands isAt(p, "text") to 8-byte comparisons.
//
// One event written as kube-apiserver writes it, read in one pass: where its strings are, their hashes, its times, and
// numbers for the long spans that come again and again. The twin in TypeScript is src/ingest/scanner/fast-event.ts: both
// take and refuse the same records.

const RESULT: usize = 1024;
const SPANS: usize = 4096;
const MAX_SPANS: u32 = 32768;
const SLOTS: usize = SPANS + (<usize>MAX_SPANS + 1) * 8;
const SLOT_MASK: u32 = 65535;
const ARENA: usize = SLOTS + 65536 * 16;
const ARENA_BYTES: u32 = 4 << 20;
const INPUT: usize = ARENA + ARENA_BYTES + 64;
const INPUT_BYTES: u32 = 1 << 19;
const MAX_SPAN_BYTES: usize = 65536;

// Fields of the result, in 4-byte words.
const MARKS: u32 = 0;
const ID_LOW: u32 = 1;
const ID_HIGH: u32 = 2;
const CODE: u32 = 3;
const WHO: u32 = 4;
const WHERE: u32 = 5;
const NOTES: u32 = 6;
const URI_SPAN: u32 = 7;
const SPAN_COUNT: u32 = 8;
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
const URI_AT: u32 = 43;
// two float64, at bytes 192 and 200
const RECEIVED: usize = 192;
const STAGED: usize = 200;

let hashStart: u32 = 1;
let wordFactor: u32 = 1;
let stateFactor: u32 = 1;
let lowStart: u32 = 1;
let highStart: u32 = 1;
let wordA: u32 = 1;
let wordB: u32 = 1;
let stateA: u32 = 1;
let stateB: u32 = 1;
let spanFactor: u64 = 1;

let limit: usize = 0;
let isPlain: bool = true;
let spans: u32 = 0;
let arenaUsed: u32 = 0;

export function inputAt(): usize {
  return INPUT;
}

export function inputBytes(): u32 {
  return INPUT_BYTES;
}

export function resultAt(): usize {
  return RESULT;
}

export function seedText(start: u32, word: u32, state: u32): void {
  hashStart = start;
  wordFactor = word;
  stateFactor = state;
  spanFactor = ((<u64>word) << 32) | (<u64>state) | 1;
}

export function seedIds(low: u32, high: u32, a: u32, b: u32, c: u32, d: u32): void {
  lowStart = low;
  highStart = high;
  wordA = a;
  wordB = b;
  stateA = c;
  stateB = d;
}

/** Forgets all spans; their numbers start afresh. */
export function clearSpans(): void {
  memory.fill(SLOTS, 0, 65536 * 16);
  spans = 0;
  arenaUsed = 0;
}

// @ts-ignore: decorator
@inline
function put(field: u32, value: u32): void {
  store<u32>(RESULT + (<usize>field << 2), value);
}

// @ts-ignore: decorator
@inline
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
  put(ID_LOW, low);
  put(ID_HIGH, high ^ (low >>> 16));
}

function isEscaped(quote: usize, from: usize): bool {
  let p = quote - 1;
  while (p >= from && load<u8>(p) == 0x5c) p--;
  return ((quote - 1 - p) & 1) == 1;
}

/** Position of the quote that closes the string whose content starts at `at`; 0 when there is none. Sets isPlain. */
function text(at: usize): usize {
  let unusual: u32 = 0;
  for (let p = at; p < limit; p += 16) {
    let v = v128.load(p);
    let stops = <u32>(
      i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.lt_u(v, i8x16.splat(0x20))))
    );
    let odd = <u32>(i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x5c)), v)));
    if (stops == 0) {
      unusual |= odd;
      continue;
    }
    let before = ctz<u32>(stops);
    let quote = p + before;
    unusual |= odd & ((1 << before) - 1);
    if (quote >= limit || load<u8>(quote) != 0x22) return 0;
    isPlain = unusual == 0;
    if (!isPlain && load<u8>(quote - 1) == 0x5c && isEscaped(quote, at)) {
      let close = skipText(at);
      return close == 0 ? 0 : close - 1;
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
    let stops = <u32>(
      i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))))
    );
    if (stops == 0) {
      p += 16;
      continue;
    }
    p += ctz<u32>(stops);
    if (load<u8>(p) == 0x22) return p < limit ? p + 1 : 0;
    p += 2;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
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
  if (first == 0x22) return skipText(at + 1);
  if (first != 0x7b && first != 0x5b) {
    let p = at;
    while (p < limit && first != 0x2c && first != 0x7d && first != 0x5d) first = load<u8>(++p);
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
    if (slashes == 0) {
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
    inString = <u64>((<i64>inside) >> 63);
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
    while (both != 0) {
      let bit = both & -both;
      if ((opens & bit) != 0) depth++;
      else if (--depth == 0) {
        let behind = p + <usize>ctz<u64>(bit) + 1;
        return behind <= limit ? behind : 0;
      }
      both ^= bit;
    }
  }
  return 0;
}

function sameBytes(a: usize, b: usize, bytes: usize): bool {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (; i < bytes; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** Number (from 1) of the bytes [start, end), the same whenever they come again; 0 when there is no room for more. */
function span(start: usize, end: usize): u32 {
  let bytes = end - start;
  let hash: u64 = spanFactor ^ bytes;
  let p = start;
  for (; p + 8 <= end; p += 8) hash = rotl<u64>((hash ^ load<u64>(p)) * spanFactor, 29);
  if (p < end) hash = rotl<u64>((hash ^ (load<u64>(p) & (((<u64>1) << ((end - p) << 3)) - 1))) * spanFactor, 29);
  hash = (hash ^ (hash >>> 32)) * spanFactor;
  hash ^= hash >>> 29;
  let slot = <u32>hash & SLOT_MASK;
  for (;;) {
    let at = SLOTS + (<usize>slot << 4);
    let found = load<u32>(at, 8);
    if (found == 0) break;
    if (load<u64>(at) == hash) {
      let known = SPANS + (<usize>found << 3);
      if (load<u32>(known, 4) == <u32>bytes && sameBytes(load<u32>(known), start, bytes)) return found;
    }
    slot = (slot + 1) & SLOT_MASK;
  }
  if (spans >= MAX_SPANS || arenaUsed + <u32>bytes > ARENA_BYTES) return 0;
  let number = ++spans;
  let kept = ARENA + arenaUsed;
  memory.copy(kept, start, bytes);
  arenaUsed += <u32>bytes;
  store<u32>(SPANS + (<usize>number << 3), <u32>kept);
  store<u32>(SPANS + (<usize>number << 3), <u32>bytes, 4);
  let at = SLOTS + (<usize>slot << 4);
  store<u64>(at, hash);
  store<u32>(at, number, 8);
  return number;
}

// @ts-ignore: decorator
@inline
function digit(at: usize): u32 {
  return <u32>load<u8>(at) - 0x30;
}

/** Two digits; beyond 99 when they are none. */
// @ts-ignore: decorator
@inline
function two(at: usize): u32 {
  let tens = digit(at);
  let units = digit(at + 1);
  return tens > 9 || units > 9 ? 1000 : tens * 10 + units;
}

/** µs since the epoch of "2026-11-21T00:02:26.760834Z"; NaN for any other form. */
function time(at: usize): f64 {
  if (load<u8>(at, 4) != 0x2d || load<u8>(at, 7) != 0x2d || load<u8>(at, 10) != 0x54) return NaN;
  if (load<u8>(at, 13) != 0x3a || load<u8>(at, 16) != 0x3a) return NaN;
  if (load<u8>(at, 19) != 0x2e || load<u8>(at, 26) != 0x5a) return NaN;
  let century = two(at);
  let ofCentury = two(at + 2);
  let month = two(at + 5);
  let day = two(at + 8);
  let hours = two(at + 11);
  let minutes = two(at + 14);
  let seconds = two(at + 17);
  let m0 = two(at + 20);
  let m1 = two(at + 22);
  let m2 = two(at + 24);
  if ((century | ofCentury | m0 | m1 | m2) > 127 || month - 1 > 11 || hours > 23 || minutes > 59 || seconds > 60) return NaN;
  let year = century * 100 + ofCentury;
  let isLeap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  let days: u32 = month == 2 ? (isLeap ? 29 : 28) : 30 + ((month + (month >>> 3)) & 1);
  if (day - 1 > days - 1) return NaN;
  // Days from civil, years starting in March.
  let y = <i32>year - (month <= 2 ? 1 : 0);
  let era = (y >= 0 ? y : y - 399) / 400;
  let yearOfEra = y - era * 400;
  let shifted = <i32>month + (month > 2 ? -3 : 9);
  let dayOfYear = (153 * shifted + 2) / 5 + <i32>day - 1;
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  let epochDays = era * 146097 + dayOfEra - 719468;
  let ofDay = hours * 3600 + minutes * 60 + seconds;
  return <f64>epochDays * 86400000000.0 + <f64>ofDay * 1000000.0 + <f64>(m0 * 10000 + m1 * 100 + m2);
}

// @ts-ignore: decorator
@inline
function putText(field: u32, start: usize, end: usize): void {
  put(field, <u32>start);
  put(field + 1, <u32>end);
  put(field + 2, hashText(start, end));
}

// @ts-ignore: decorator
@inline
function putNone(field: u32): void {
  put(field, 0);
  put(field + 1, 0);
}

/** The plain string content at `at` goes to the field; position of its closing quote, 0 when it has escapes or no end. */
function plainText(field: u32, at: usize): usize {
  let quote = text(at);
  if (quote == 0 || !isPlain) return 0;
  putText(field, at, quote);
  return quote;
}

function objectRef(at: usize): usize {
  if (!isAt(at, '"resource":"')) return 0;
  let p = plainText(PLURAL, at + 12);
  if (p == 0) return 0;
  if (isAt(p, '","namespace":"')) {
    if ((p = plainText(NAMESPACE, p + 15)) == 0) return 0;
  } else putNone(NAMESPACE);
  if (isAt(p, '","name":"')) {
    if ((p = plainText(NAME, p + 10)) == 0) return 0;
  } else putNone(NAME);
  if (isAt(p, '","uid":"')) {
    if ((p = plainText(UID, p + 9)) == 0) return 0;
  } else putNone(UID);
  if (isAt(p, '","apiGroup":"')) {
    if ((p = plainText(GROUP, p + 14)) == 0) return 0;
  } else putNone(GROUP);
  if (isAt(p, '","apiVersion":"')) {
    p = text(p + 16);
    if (p == 0 || !isPlain) return 0;
  }
  if (isAt(p, '","resourceVersion":"')) {
    p = text(p + 21);
    if (p == 0 || !isPlain) return 0;
  }
  if (isAt(p, '","subresource":"')) {
    if ((p = plainText(SUBRESOURCE, p + 17)) == 0) return 0;
  } else putNone(SUBRESOURCE);
  return load<u8>(p) == 0x22 && load<u8>(p, 1) == 0x7d ? p + 2 : 0;
}

function statusCode(at: usize): usize {
  let hundreds = digit(at);
  let rest = two(at + 1);
  if (hundreds - 1 > 8 || rest > 99) return 0;
  put(CODE, hundreds * 100 + rest);
  return load<u8>(at, 3) == 0x7d ? at + 4 : 0;
}

function responseStatus(at: usize): usize {
  putNone(REASON);
  if (isAt(at, '"metadata":{},"code":')) return statusCode(at + 21);
  if (!isAt(at, '"metadata":')) return 0;
  let p = value(at + 11);
  if (p == 0) return 0;
  if (isAt(p, ',"status":"') && (p = skipText(p + 11)) == 0) return 0;
  if (isAt(p, ',"message":"') && (p = skipText(p + 12)) == 0) return 0;
  if (isAt(p, ',"reason":"')) {
    if ((p = plainText(REASON, p + 11)) == 0) return 0;
    p++;
  }
  if (isAt(p, ',"details":{') && (p = value(p + 11)) == 0) return 0;
  if (isAt(p, ',"code":')) return statusCode(p + 8);
  put(CODE, 0);
  return load<u8>(p) == 0x7d ? p + 1 : 0;
}

/** Who (user … authenticationMetadata) and where from (sourceIPs, userAgent), as two numbered spans. */
function actor(at: usize): usize {
  let p = value(at);
  if (p == 0) return 0;
  if (isAt(p, ',"impersonatedUser":') && (p = value(p + 20)) == 0) return 0;
  if (isAt(p, ',"authenticationMetadata":') && (p = value(p + 26)) == 0) return 0;
  let middle = p;
  if (isAt(p, ',"sourceIPs":') && (p = value(p + 13)) == 0) return 0;
  if (isAt(p, ',"userAgent":') && (p = value(p + 13)) == 0) return 0;
  if (middle - at > MAX_SPAN_BYTES || p - middle > MAX_SPAN_BYTES) return 0;
  put(WHO_AT, <u32>at);
  put(WHO_AT + 1, <u32>middle);
  put(WHERE_AT, <u32>middle);
  put(WHERE_AT + 1, <u32>p);
  return p;
}

/** 1: read; 0: not written the usual way; 2: no room for another span — clearSpans() and read again. */
export function read(bytes: u32): u32 {
  let p: usize = INPUT;
  let end: usize = INPUT + bytes;
  limit = end;
  if (isAt(p, '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"')) p += 56;
  else if (isAt(p, '{"level":"')) p += 10;
  else return 0;

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
  } else return 0;
  let quote = text(p);
  if (quote == 0 || !isPlain) return 0;
  hashId(p, quote);
  p = quote;
  if (!isAt(p, '","stage":"')) return 0;
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
  } else return 0;
  let uri = p;
  quote = text(p);
  if (quote == 0) return 0;
  let uriEnd = quote;
  let uriIsPlain = isPlain;
  p = quote;
  if (!isAt(p, '","verb":"')) return 0;
  if ((p = plainText(VERB, p + 10)) == 0) return 0;
  if (!isAt(p, '","user":')) return 0;
  if ((p = actor(p + 9)) == 0) return 0;

  if (isAt(p, ',"objectRef":{')) {
    if ((p = objectRef(p + 14)) == 0) return 0;
  } else {
    putNone(PLURAL);
    putNone(GROUP);
    putNone(NAMESPACE);
    putNone(NAME);
    putNone(UID);
    putNone(SUBRESOURCE);
  }
  if (isAt(p, ',"responseStatus":{')) {
    if ((p = responseStatus(p + 19)) == 0) return 0;
  } else {
    putNone(REASON);
    put(CODE, 0);
  }
  let hasBody: u32 = 0;
  if (isAt(p, ',"requestObject":')) {
    p += 17;
    if (load<u8>(p) == 0x7b) hasBody = 1;
    if ((p = value(p)) == 0) return 0;
  }
  if (isAt(p, ',"responseObject":')) {
    p += 18;
    if (load<u8>(p) == 0x7b) hasBody = 1;
    if ((p = value(p)) == 0) return 0;
  }

  if (p + 105 > end || !isAt(p, ',"requestReceivedTimestamp":"')) return 0;
  let receivedUs = time(p + 29);
  p += 56;
  if (!isAt(p, '","stageTimestamp":"')) return 0;
  let stageUs = time(p + 20);
  p += 47;
  if (receivedUs != receivedUs || stageUs != stageUs || load<u8>(p) != 0x22) return 0;
  p++;
  store<f64>(RESULT + RECEIVED, receivedUs);
  store<f64>(RESULT + STAGED, stageUs);
  put(NOTES, 0);
  if (!(p + 1 == end && load<u8>(p) == 0x7d)) {
    if (!isAt(p, ',"annotations":{') || load<u8>(end - 1) != 0x7d) return 0;
    let notes = p + 15;
    if (end - 1 <= notes || end - 1 - notes > MAX_SPAN_BYTES) return 0;
    let number = span(notes, end - 1);
    if (number == 0) return 2;
    put(NOTES, number);
    put(NOTES_AT, <u32>notes);
    put(NOTES_AT + 1, <u32>(end - 1));
  }
  put(MARKS, stage | (level << 2) | (hasBody << 7));
  let who = span(load<u32>(RESULT + (<usize>WHO_AT << 2)), load<u32>(RESULT + (<usize>(WHO_AT + 1) << 2)));
  let whereStart = load<u32>(RESULT + (<usize>WHERE_AT << 2));
  let whereEnd = load<u32>(RESULT + (<usize>(WHERE_AT + 1) << 2));
  let where: u32 = 0;
  if (whereEnd > whereStart) {
    where = span(whereStart, whereEnd);
    if (where == 0) return 2;
  }
  if (who == 0) return 2;
  put(WHO, who);
  put(WHERE, where);
  put(URI_AT, <u32>uri);
  put(URI_AT + 1, <u32>uriEnd);
  if (uriIsPlain) {
    putText(URI, uri, uriEnd);
    put(URI_SPAN, 0);
  } else {
    let number = span(uri, uriEnd);
    if (number == 0) return 2;
    put(URI_SPAN, number);
  }
  put(SPAN_COUNT, spans);
  return 1;
}
