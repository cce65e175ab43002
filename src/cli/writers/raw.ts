import { escapeControl } from "./control-text.ts";
import type { Writer } from "./contract.ts";

export const raw: Writer = {
  id: "raw",
  about: "the original events, byte for byte, one a line; on a terminal control bytes are shown, not sent",
  async write(answer, sink) {
    const decoder = new TextDecoder("utf-8");
    for await (const event of answer.raw ?? []) {
      await sink.write(sink.isTerminal ? escapeControl(decoder.decode(event)) : event);
      await sink.write("\n");
    }
  },
};
