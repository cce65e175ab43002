import { createHash } from "node:crypto";

export const HEAD_BYTES = 1_024;
/** An audit event's ID is within the first 300 bytes: fewer are those of many logs. */
const LEAST_BYTES = 300;

/**
 * What a log is known by again, wherever it lies, renamed or compressed: how many first bytes there were, and their hash. Safe
 * as a file's name. Null while there are too few.
 */
export function logFingerprint(head: Uint8Array, bytes = Math.min(head.length, HEAD_BYTES)): string | null {
  if (bytes < LEAST_BYTES || bytes > head.length) return null;
  return `${bytes}-${createHash("sha256").update(head.subarray(0, bytes)).digest("hex").slice(0, 32)}`;
}

/** Those of `known` that are fingerprints of one of the logs, from now or when it was shorter. */
export function knownFingerprints(heads: Iterable<Uint8Array>, known: readonly string[]): readonly string[] {
  const lengths = new Set(known.map((text) => Number(/^([1-9]\d{0,3})-/.exec(text)?.[1] ?? 0)));
  const own = new Set<string | null>();
  for (const head of heads) for (const bytes of lengths) own.add(logFingerprint(head, bytes));
  return known.filter((text) => own.has(text));
}
