import { totalmem } from "node:os";
import type { EngineOptions } from "./contract.ts";

const MIB = 2 ** 20;
/** The runtime, the program, its screen, and what is being read: 200 MiB measured, garbage included. */
const OWN_BYTES = 208 * MIB;
const SPARE_BYTES = 64 * MIB;
/** A request whose every name is new, and what questions work out about it. */
const BYTES_A_REQUEST = 768;
const LEAST_RING_BYTES = 16 * MIB;
const MOST_RAW_BYTES = 256 * MIB;

/** What the process may take where nobody says: what `capacity` requests need, at most half of the machine's or the cgroup's. */
export function defaultMemory(capacity: number): number {
  const limit = process.constrainedMemory();
  const machine = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(OWN_BYTES + SPARE_BYTES + capacity * BYTES_A_REQUEST, machine / 2);
}

/**
 * Shares out what the process may take, in bytes. A ring that evicts is renumbered now and then, when its tables are there
 * twice; one that keeps everything has its growing arrays twice for a moment.
 */
export function planMemory(
  total: number,
  capacity: number,
): Pick<EngineOptions, "ringBytes" | "dictionaryBytes" | "rawBytes"> {
  const left = Math.max(0, total - OWN_BYTES);
  const rawBytes = Math.min(MOST_RAW_BYTES, left / 4);
  const share = Number.isFinite(capacity) ? (left - rawBytes) / 2 : left / 2;
  const ringBytes = Math.max(LEAST_RING_BYTES, share);
  // One kind of name that strangers make up is not to crowd out the others.
  return { ringBytes, dictionaryBytes: ringBytes / 4, rawBytes };
}
