import { jsonText } from "./json-text.ts";
import type { Writer } from "./contract.ts";

export const json: Writer = {
  id: "json",
  about: "one JSON value, indented; `events` is an array of what jsonl prints line by line",
  async write(answer, sink) {
    if (answer.document !== undefined) {
      await sink.write(`${jsonText(answer.document, 2)}\n`);
      return;
    }
    let separator = "[\n";
    for await (const batch of answer.data.batches) {
      let text = "";
      for (const row of batch) {
        text += separator + jsonText(row.record);
        separator = ",\n";
      }
      await sink.write(text);
    }
    await sink.write(separator === "[\n" ? "[]\n" : "\n]\n");
  },
};
