import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";
import { EVENT_KEYS } from "./envelope.ts";

export function detect(head: Head): Detection | null {
  const path = head.outline.eventPath;
  if (!head.isJson || path === null) return null;
  // A list of entries or an entry, then only members that the envelope opens.
  const members = /^(?:(?:items|records|events|logEvents)?(?:\[\])+\.?)*(.+)$/.exec(path)?.[1];
  if (members === undefined || !members.split(".").every((member) => EVENT_KEYS.includes(member))) return null;
  return { confidence: 0.8, why: `JSON log entries hold audit events in ${path}` };
}
