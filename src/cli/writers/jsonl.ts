import { jsonText } from "./json-text.ts";
import type { Writer } from "./contract.ts";

export const jsonl: Writer = {
  id: "jsonl",
  about: "one JSON object a line: requests, groups, points, inputs or steps",
  async write(answer, sink) {
    for await (const batch of answer.data.batches) {
      let text = "";
      for (const row of batch) text += `${jsonText(row.record)}\n`;
      await sink.write(text);
    }
  },
};
