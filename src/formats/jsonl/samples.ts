import type { FormatSample } from "../contract.ts";
import { LIST_ITEM, V1_CREATE, V1_LIST, V1ALPHA1, V1BETA1 } from "../sample-events.ts";

export const samples: readonly FormatSample[] = [
  { name: "audit.k8s.io/v1", text: `${V1_LIST}\n${V1_CREATE}\n`, events: 2 },
  { name: "v1beta1 and v1alpha1", text: `${V1BETA1}\n${V1ALPHA1}\n`, events: 2 },
  { name: "byte order mark and CRLF", text: `\ufeff${V1_LIST}\r\n\r\n${V1_CREATE}\r\n`, events: 2 },
  { name: "no newline at the end", text: `${V1_LIST}\n${V1_CREATE}`, events: 2 },
  { name: "a half-written last line", text: `${V1_LIST}\n${V1_CREATE.slice(0, 300)}`, events: 1 },
  { name: "padding after a crash", text: `${V1_LIST}\n\0\0\0\0\0\0\0\0\0\0\0\0${V1_CREATE}\n\0\0\0`, events: 2 },
  {
    name: "keys in any order, without kind",
    text: `${JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(LIST_ITEM) as object).reverse()))}\n`,
    events: 1,
  },
  { name: "EventLists between events", text: `${V1_LIST}\n{"kind":"EventList","items":[${LIST_ITEM}]}\n`, events: 2 },
  { name: "other lines between events", text: `oops\n${V1_LIST}\n{"kind":"Pod","apiVersion":"v1"}\n`, events: 1 },
];
