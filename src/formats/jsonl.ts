import type { Format } from "./contract.ts";
import { LIST_ITEM, V1_CREATE, V1_LIST, V1ALPHA1, V1BETA1 } from "./shape/sample-events.ts";

export const jsonl: Format = {
  id: "jsonl",
  title: "One event a line",
  docs: "What the API server writes with --audit-log-path: one JSON event (v1, v1beta1, v1alpha1) a line.",
  samples: () => [
    { name: "audit.k8s.io/v1", text: `${V1_LIST}\n${V1_CREATE}\n`, events: 2 },
    { name: "v1beta1 and v1alpha1", text: `${V1BETA1}\n${V1ALPHA1}\n`, events: 2 },
    { name: "byte order mark and CRLF", text: `\ufeff${V1_LIST}\r\n\r\n${V1_CREATE}\r\n`, events: 2 },
    { name: "no newline at the end", text: `${V1_LIST}\n${V1_CREATE}`, events: 2 },
    { name: "a half-written last line", text: `${V1_LIST}\n${V1_CREATE.slice(0, 300)}`, events: 1 },
    { name: "padding after a crash", text: `${V1_LIST}\n\0\0\0\0\0\0\0\0\0\0\0\0${V1_CREATE}\n\0\0\0`, events: 2 },
    {
      name: "a line cut by a crash, padding, and on",
      text: `${V1_LIST}\n${V1_CREATE.slice(0, 300)}${"\0".repeat(4096)}${V1_CREATE}\n`,
      events: 2,
    },
    { name: "a start in the middle of a line", text: `${V1_CREATE.slice(300)}\n${V1_LIST}\n${V1_CREATE}\n`, events: 2 },
    {
      name: "keys in any order, without kind",
      text: `${JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(LIST_ITEM) as object).reverse()))}\n`,
      events: 1,
    },
    {
      name: "each line a string of JSON",
      text: `${JSON.stringify(V1_LIST)}\n${JSON.stringify(JSON.stringify(V1_CREATE))}`,
      events: 2,
    },
    { name: "other lines between events", text: `oops\n${V1_LIST}\n{"kind":"Pod","apiVersion":"v1"}\n`, events: 1 },
  ],
};
