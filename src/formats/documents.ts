import type { Format } from "./contract.ts";
import { pretty, V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const documents: Format = {
  id: "documents",
  title: "Pretty-printed events",
  docs: "JSON events one after the other, pretty-printed over several lines (jq .) or several on one line.",
  framing: "documents",
  samples: () => [
    { name: "pretty-printed", text: `${pretty(V1_LIST)}\n${pretty(V1_CREATE)}\n`, events: 2 },
    { name: "one pretty-printed event", text: `\ufeff${pretty(V1_LIST)}`, events: 1 },
    { name: "several on one line", text: `${V1_LIST}${V1_CREATE} ${V1_LIST}\n`, events: 3 },
    { name: "a broken one between", text: `${pretty(V1_LIST)}\n{\n  "kind": "Eve\n${pretty(V1_CREATE)}\n`, events: 2 },
    { name: "cut short at the end", text: `${pretty(V1_LIST)}\n${pretty(V1_CREATE).slice(0, 200)}`, events: 1 },
    { name: "a start in the middle", text: `${pretty(V1_LIST).slice(60)}\n${pretty(V1_CREATE)}\n`, events: 1 },
  ],
};
