const KEYS = [
  Buffer.from('"stageTimestamp":"'),
  Buffer.from('"requestReceivedTimestamp":"'),
  Buffer.from('"timestamp":"'),
];

/**
 * When an event's line was written, µs since the epoch; NaN when it does not tell. Good for finding a place in a file,
 * not for facts: it takes the last timestamp key in the line without looking at its depth.
 */
export function lineTimeUs(line: Uint8Array): number {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  for (const key of KEYS) {
    const at = bytes.lastIndexOf(key);
    if (at < 0) continue;
    const from = at + key.length;
    const end = bytes.indexOf(0x22, from);
    if (end < 0 || end - from > 40) continue;
    const ms = Date.parse(bytes.toString("latin1", from, end));
    if (!Number.isNaN(ms)) return ms * 1_000;
  }
  return Number.NaN;
}
