import { safeText } from "./text-safety.ts";

/** Text of strangers inside Markdown: it stays text, on one line, and makes no link. */
export function markdownText(text: string): string {
  return safeText(text)
    .replaceAll("&", "&amp;")
    .replaceAll(/[\\`*_[\]<|~]/g, "\\$&")
    .replaceAll(/:(?=\/\/)|(?<=www)\./gi, "\\$&");
}
