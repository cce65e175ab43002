const KEYS = [
  Buffer.from('"stageTimestamp":"'),
  Buffer.from('"requestReceivedTimestamp":"'),
  Buffer.from('"timestamp":"'),
];

const MOST_CHARACTERS = 40;

/**
 * When an event's line was written, µs since the epoch; NaN when it does not tell. Good for finding a place in a file,
 * not for facts: it takes the last timestamp key in the line without looking at its depth.
 */
export function lineTimeUs(line: Uint8Array): number {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  for (const key of KEYS) {
    const us = timeAt(bytes, bytes.lastIndexOf(key) + key.length, key.length);
    if (!Number.isNaN(us)) return us;
  }
  return Number.NaN;
}

/** When the first and the last event in these bytes were written, likewise: a watch was received long before. */
export function writtenTimesUs(events: Uint8Array): readonly [firstUs: number, lastUs: number] {
  const bytes = Buffer.from(events.buffer, events.byteOffset, events.byteLength);
  for (const key of KEYS) {
    const firstUs = timeAt(bytes, bytes.indexOf(key) + key.length, key.length);
    if (!Number.isNaN(firstUs)) return [firstUs, lineTimeUs(events)];
  }
  return [Number.NaN, Number.NaN];
}

/** The earliest of the first times of either kind in a log's beginning, likewise. */
export function firstTimeUs(head: Uint8Array): number {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  let earliest = Number.NaN;
  for (const key of KEYS) {
    const us = timeAt(bytes, bytes.indexOf(key) + key.length, key.length);
    if (!(us >= earliest) && !Number.isNaN(us)) earliest = us;
  }
  return earliest;
}

/** The time in quotes whose text begins at `from`; NaN when there is none, or `from` is before any text. */
function timeAt(bytes: Buffer, from: number, least: number): number {
  const end = from < least ? -1 : bytes.indexOf(0x22, from);
  if (end < 0 || end - from > MOST_CHARACTERS) return Number.NaN;
  return Date.parse(bytes.toString("latin1", from, end)) * 1_000;
}
