import type { Detection } from "../contract.ts";
import { Head } from "../head.ts";

/** How far into a line that does not end the event may begin. */
const MAX_PREFIX_BYTES = 1024;

export function detect(head: Head): Detection | null {
  if (head.isJson && !head.outline.isBroken) return null;
  const { lines } = head;
  const behind = lines.prefixed + lines.enveloped;
  if (behind > lines.atLineStart) return { confidence: 0.9, why: "lines hold an audit event behind a prefix" };
  if (lines.events > 0 || head.hasWholeLine) return null;
  const brace = head.bytes.subarray(0, MAX_PREFIX_BYTES).indexOf('{"');
  if (brace <= 0 || new Head(head.bytes.subarray(brace), false).outline.eventPath !== "") return null;
  return { confidence: 0.6, why: "an audit event begins behind a prefix in the first line, which does not end yet" };
}
