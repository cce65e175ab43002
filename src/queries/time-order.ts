const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Positions [0, n) ordered by time, equal times as they stand; NaN last. Radix sort: the log is nearly in order already,
 * and comparing would cost ten times as much at 1 M rows.
 */
export function orderByTime(times: Float64Array): Uint32Array {
  const n = times.length;
  let order = new Uint32Array(n);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let isOrdered = true;
  let previous = Number.NEGATIVE_INFINITY;
  let timed = 0;
  for (let i = 0; i < n; i++) {
    const time = times[i] as number;
    if (time !== time) continue;
    if (time < low) low = time;
    if (time > high) high = time;
    if (time < previous || timed !== i) isOrdered = false;
    previous = time;
    order[timed++] = i;
  }
  for (let i = 0, at = timed; i < n && at < n; i++) if (times[i] !== times[i]) order[at++] = i;
  if (isOrdered || timed < 2) return order;
  let spare = order.slice();
  for (let unit = 1; unit <= high - low; unit *= DIGITS) {
    const ends = new Uint32Array(DIGITS + 1);
    const digitOf = (position: number): number => Math.floor(((times[position] as number) - low) / unit) % DIGITS;
    for (let i = 0; i < timed; i++) {
      const digit = digitOf(order[i] as number);
      ends[digit + 1] = (ends[digit + 1] as number) + 1;
    }
    for (let digit = 1; digit < DIGITS; digit++) ends[digit] = (ends[digit] as number) + (ends[digit - 1] as number);
    for (let i = 0; i < timed; i++) {
      const position = order[i] as number;
      const digit = digitOf(position);
      const at = ends[digit] as number;
      spare[at] = position;
      ends[digit] = at + 1;
    }
    [order, spare] = [spare, order];
  }
  return order;
}
