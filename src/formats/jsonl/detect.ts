import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";

export function detect(head: Head): Detection | null {
  const { lines } = head;
  if (lines.atLineStart > 0 && lines.atLineStart >= lines.prefixed) {
    if (lines.runOn > 0 || (head.isJson && (head.outline.eventPath ?? "") !== "")) return null;
    // Lines that are no JSON by themselves may be lines of pretty-printed documents.
    if (lines.rejects.bad + lines.rejects.truncated > 0 && head.documents.events > lines.events) return null;
    return { confidence: 0.9, why: "lines are audit events" };
  }
  const isOneLine = head.isWhole ? lines.rejects.truncated > 0 && !head.hasWholeLine : !head.hasWholeLine;
  if (lines.events === 0 && isOneLine && head.isJson && head.outline.eventPath === "") {
    return { confidence: 0.7, why: "an audit event begins the first line, which does not end yet" };
  }
  return null;
}
