import type { FormatSample } from "../contract.ts";
import { pretty, V1_CREATE, V1_LIST } from "../sample-events.ts";

export const samples: readonly FormatSample[] = [
  { name: "pretty-printed", text: `${pretty(V1_LIST)}\n${pretty(V1_CREATE)}\n`, events: 2 },
  { name: "one pretty-printed event", text: `\ufeff${pretty(V1_LIST)}`, events: 1 },
  { name: "several on one line", text: `${V1_LIST}${V1_CREATE} ${V1_LIST}\n`, events: 3 },
  { name: "a broken one between", text: `${pretty(V1_LIST)}\n{\n  "kind": "Eve\n${pretty(V1_CREATE)}\n`, events: 2 },
  {
    name: "cut short at the end",
    text: `${pretty(V1_LIST)}\n${pretty(V1_CREATE).slice(0, 200)}`,
    events: 1,
  },
];
