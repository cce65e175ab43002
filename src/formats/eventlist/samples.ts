import type { FormatSample } from "../contract.ts";
import { CREATE_ITEM, LIST_ITEM, pretty, V1_CREATE, V1_LIST } from "../sample-events.ts";

const BODY = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${LIST_ITEM},${CREATE_ITEM}]}`;

export const samples: readonly FormatSample[] = [
  { name: "one webhook body a line", text: `${BODY}\n${BODY}\n`, events: 4 },
  { name: "one body, pretty-printed", text: `${pretty(BODY)}\n`, events: 2 },
  {
    name: "kind after the items",
    text: `{"apiVersion":"audit.k8s.io/v1","items":[${LIST_ITEM}],"kind":"EventList"}`,
    events: 1,
  },
  {
    name: "a kubectl List",
    text: `{"kind":"List","apiVersion":"v1","items":[${V1_LIST},\n${V1_CREATE}]}\n`,
    events: 2,
  },
  { name: "a List of EventLists", text: `{"kind":"List","apiVersion":"v1","items":[${BODY}]}`, events: 2 },
];
