import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";

export function detect(head: Head): Detection | null {
  if (head.firstByte !== 0x5b || head.outline.isEventText) return null;
  if (!/^(\[\])+(\.items(\[\])+)*$/.test(head.outline.eventPath ?? "")) return null;
  return { confidence: 0.9, why: "audit events are the elements of an array" };
}
