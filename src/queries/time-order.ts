const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const TWO_32 = 0x1_0000_0000;

/**
 * Positions [0, n) ordered by time, equal times as they stand; NaN last. Radix sort: comparing would cost several times as
 * much at 1 M rows. `times`: µs, whole numbers less than 2^53 apart.
 */
export function orderByTime(times: Float64Array): Uint32Array {
  const n = times.length;
  const order = new Uint32Array(n);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let previous = Number.NEGATIVE_INFINITY;
  let isOrdered = true;
  let timed = 0;
  for (let i = 0; i < n; i++) {
    const time = times[i] as number;
    if (time !== time) continue;
    if (time < low) low = time;
    if (time > high) high = time;
    if (time < previous) isOrdered = false;
    previous = time;
    order[timed++] = i;
  }
  for (let i = 0, at = timed; at < n; i++) if (times[i] !== times[i]) order[at++] = i;
  return isOrdered ? order : sorted(order, timed, times, low, high - low);
}

function sorted(
  order: Uint32Array<ArrayBuffer>,
  timed: number,
  times: Float64Array,
  low: number,
  span: number,
): Uint32Array {
  const highs = new Uint32Array(times.length);
  const lows = new Uint32Array(times.length);
  for (let i = 0; i < times.length; i++) {
    const relative = (times[i] as number) - low;
    highs[i] = relative / TWO_32;
    lows[i] = relative % TWO_32;
  }
  let from = order;
  let to = order.slice();
  for (const [keys, bits] of [
    [lows, Math.min(32, bitsOf(span))],
    [highs, bitsOf(span / TWO_32)],
  ] as const) {
    for (let shift = 0; shift < bits; shift += DIGIT_BITS) {
      scatter(from, to, timed, keys, shift);
      [from, to] = [to, from];
    }
  }
  return from;
}

function bitsOf(value: number): number {
  return value < 1 ? 0 : Math.floor(Math.log2(value)) + 1;
}

function scatter(from: Uint32Array, to: Uint32Array, n: number, keys: Uint32Array, shift: number): void {
  const starts = new Uint32Array(DIGITS + 1);
  for (let i = 0; i < n; i++) {
    const digit = ((keys[from[i] as number] as number) >>> shift) & (DIGITS - 1);
    starts[digit + 1] = (starts[digit + 1] as number) + 1;
  }
  for (let digit = 1; digit < DIGITS; digit++)
    starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
  for (let i = 0; i < n; i++) {
    const position = from[i] as number;
    const digit = ((keys[position] as number) >>> shift) & (DIGITS - 1);
    const at = starts[digit] as number;
    to[at] = position;
    starts[digit] = at + 1;
  }
}
