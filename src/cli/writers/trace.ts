import type { Writer } from "./contract.ts";
import { jsonText } from "./json-text.ts";

export const trace: Writer = {
  id: "trace",
  about: "Trace Event format: opens in Perfetto and chrome://tracing, lanes as threads",
  async write(answer, sink) {
    await sink.write('{"displayTimeUnit":"ms","traceEvents":[');
    let separator = "\n";
    for (const event of answer.trace ?? []) {
      await sink.write(separator + jsonText(event));
      separator = ",\n";
    }
    await sink.write("\n]}\n");
  },
};
