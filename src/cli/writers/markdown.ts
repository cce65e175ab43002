import { markdownText } from "../../models/markdown-text.ts";
import type { Writer } from "./contract.ts";

/** GitHub-flavoured tables; what a stranger wrote cannot become markup. */
export const markdown: Writer = {
  id: "md",
  about: "Markdown tables for an issue or a chat",
  async write(answer, sink) {
    let first = true;
    for (const section of answer.people ?? [answer.data]) {
      if (!first) await sink.write("\n");
      first = false;
      if (section.title !== undefined) await sink.write(`## ${markdownText(section.title)}\n\n`);
      const { columns } = section;
      await sink.write(line(columns.map(({ title }) => markdownText(title))));
      await sink.write(line(columns.map(({ align }) => (align === "right" ? "--:" : "---"))));
      for await (const batch of section.batches) {
        await sink.write(batch.map((row) => line(row.cells().map(({ text }) => markdownText(text)))).join(""));
      }
    }
  },
};

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}
