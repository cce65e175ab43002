import { isoTime } from "../../events/time.ts";

/** Times and counts of a record. */
export function tallied({
  requests,
  firstUs,
  lastUs,
}: {
  readonly requests: number;
  readonly firstUs: number;
  readonly lastUs: number;
}): { readonly requests: number; readonly firstSeen: string | null; readonly lastSeen: string | null } {
  return { requests, firstSeen: isoTime(firstUs), lastSeen: isoTime(lastUs) };
}
