import { jsonText } from "./json-text.ts";
import type { Writer } from "./contract.ts";

export const sarif: Writer = {
  id: "sarif",
  about: "SARIF 2.1.0, for code scanning and other tools that collect findings",
  async write(answer, sink) {
    await sink.write(`${jsonText(answer.sarif?.() ?? null, 2)}\n`);
  },
};
