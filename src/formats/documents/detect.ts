import type { Detection } from "../contract.ts";
import type { Head } from "../head.ts";

export function detect(head: Head): Detection | null {
  if (head.firstByte !== 0x7b) return null;
  const { lines, documents, outline } = head;
  // What the outline could not see behind something broken, the reader may have found.
  const isUnseen = outline.eventPath === null && outline.isBroken && lines.events === 0;
  if (outline.eventPath !== "" && !isUnseen) return null;
  if (documents.events > lines.events || lines.runOn > 0) {
    return { confidence: 0.9, why: "audit events follow each other, not one a line" };
  }
  if (lines.events === 0 && head.hasWholeLine && documents.rejects.foreign + documents.rejects.bad === 0) {
    return { confidence: 0.7, why: "an audit event begins the input and goes on over several lines" };
  }
  return null;
}
