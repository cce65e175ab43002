import { markdownText } from "../../models/markdown-text.ts";
import { markdown } from "../writers/markdown.ts";
import type { Report } from "./report-answer.ts";

/** As `-o md` prints each part, under headings; without the chart. */
export async function markdownReport({ title, about, parts }: Report): Promise<string> {
  const pieces: string[] = [`# ${markdownText(title)}\n\n${about.map(markdownText).join(" · ")}\n`];
  const sink = {
    isTerminal: false,
    write: async (chunk: string | Uint8Array): Promise<void> => {
      pieces.push(String(chunk));
    },
    flush: async (): Promise<void> => undefined,
  };
  for (const { title: part, command, sections } of parts) {
    pieces.push(`\n# ${markdownText(part)}\n\n`);
    const [first] = sections;
    if (first === undefined) continue;
    await markdown.write({ data: { ...first, fields: [], batches: [] }, people: sections }, sink, {
      width: null,
      tones: new Map(),
      ascii: false,
    });
    // A command line is to be copied: inside a fence nothing is escaped, so nothing in it may end the fence.
    pieces.push(`\n    ${command.replaceAll(/[\r\n]/g, " ")}\n`);
  }
  return pieces.join("");
}
