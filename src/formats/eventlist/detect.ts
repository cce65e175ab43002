import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";

export function detect(head: Head): Detection | null {
  if (head.firstByte !== 0x7b || head.outline.isEventText) return null;
  if (!/^(items(\[\])+\.?)+$/.test(head.outline.eventPath ?? "")) return null;
  return {
    confidence: 0.9,
    why: `audit events are the items of ${head.outline.first.get("kind") ?? "a list"} objects`,
  };
}
