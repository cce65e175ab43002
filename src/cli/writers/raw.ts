import { escapeControl } from "./control-text.ts";
import type { Writer } from "./contract.ts";

const NEWLINE = Buffer.from("\n");

export const raw: Writer = {
  id: "raw",
  about: "the original events, byte for byte, one a line; on a terminal control bytes are shown, not sent",
  async write(answer, sink) {
    const decoder = new TextDecoder("utf-8");
    for await (const next of answer.raw ?? []) {
      const batch = next instanceof Uint8Array ? [next] : next;
      if (sink.isTerminal) await sink.write(batch.map((event) => `${escapeControl(decoder.decode(event))}\n`).join(""));
      else await sink.write(Buffer.concat(batch.flatMap((event) => [event, NEWLINE])));
    }
  },
};
