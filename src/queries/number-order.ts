const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const TWO_32 = 0x1_0000_0000;

/**
 * Positions [0, n) ordered by their numbers, equal ones as they stand; NaN last. Radix sort: comparing would cost several
 * times as much. `numbers`: whole ones less than 2^53 apart.
 */
export function orderByNumber(numbers: Float64Array): Uint32Array {
  const n = numbers.length;
  const order = new Uint32Array(n);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let previous = Number.NEGATIVE_INFINITY;
  let isOrdered = true;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const number = numbers[i] as number;
    if (number !== number) continue;
    if (number < low) low = number;
    if (number > high) high = number;
    if (number < previous) isOrdered = false;
    previous = number;
    order[count++] = i;
  }
  for (let i = 0, at = count; at < n; i++) if (numbers[i] !== numbers[i]) order[at++] = i;
  return isOrdered ? order : sorted(order, count, numbers, low, high - low);
}

function sorted(
  order: Uint32Array<ArrayBuffer>,
  count: number,
  numbers: Float64Array,
  low: number,
  span: number,
): Uint32Array {
  const highs = new Uint32Array(numbers.length);
  const lows = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const relative = (numbers[i] as number) - low;
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
      scatter(from, to, count, keys, shift);
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
