import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";
import { EVENT_KEYS } from "./envelope.ts";

export function detect(head: Head): Detection | null {
  const path = head.outline.eventPath;
  if (!head.isJson || path === null) return null;
  const [, list = "", key = ""] = /^(?:(.*\[\])\.)?([^[\]]+)$/.exec(path) ?? [];
  if (!/^(?:\.?(?:items|records|events|logEvents)?(?:\[\])+)*$/.test(list)) return null;
  const member = key.split(".").at(-1) ?? "";
  if (!EVENT_KEYS.includes(member)) return null;
  return { confidence: 0.8, why: `JSON log entries hold audit events in ${path}` };
}
