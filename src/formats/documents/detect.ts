import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";

export function detect(head: Head): Detection | null {
  if (head.firstByte !== 0x7b || head.outline.eventPath !== "") return null;
  const { lines, documents } = head;
  if (documents.events > lines.events || lines.runOn > 0) {
    return { confidence: 0.9, why: "audit events follow each other, not one a line" };
  }
  if (lines.events === 0 && head.hasWholeLine) {
    return { confidence: 0.7, why: "an audit event begins the input and goes on over several lines" };
  }
  return null;
}
