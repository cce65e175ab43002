// node:assert as signal-exit uses it: the real one brings an error formatter along.
export function equal(actual, expected, message) {
  if (actual !== expected) throw new TypeError(message);
}
