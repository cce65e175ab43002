import type { Format } from "./contract.ts";
import { LIST_ITEM, pretty, V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const array: Format = {
  id: "array",
  title: "JSON array",
  docs: "A JSON array of events or EventLists, as jq -s and many exports write it.",
  framing: "documents",
  samples: () => [
    { name: "on one line", text: `[${V1_LIST},${V1_CREATE}]`, events: 2 },
    { name: "an element a line", text: `[\n${V1_LIST},\n${V1_CREATE}\n]\n`, events: 2 },
    { name: "commas first", text: `[${V1_LIST}\n,${V1_CREATE}\n]\n`, events: 2 },
    { name: "pretty-printed", text: pretty(`[${V1_LIST},${V1_CREATE}]`), events: 2 },
    { name: "EventLists in it", text: `[{"kind":"EventList","items":[${LIST_ITEM}]},${V1_CREATE}]`, events: 2 },
    { name: "other elements in it", text: `[null, 7, "text", {"kind":"Pod"}, ${V1_CREATE}]`, events: 1 },
    { name: "arrays one after the other", text: `[${V1_LIST}]\n[${V1_CREATE}]\n`, events: 2 },
  ],
};
