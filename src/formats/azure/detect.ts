import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";

export function detect(head: Head): Detection | null {
  if (!head.isJson || !/(^|[.\]])properties\.log$/.test(head.outline.eventPath ?? "")) return null;
  return { confidence: 0.9, why: "Azure records hold audit events in properties.log" };
}
