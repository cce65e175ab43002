import type { Format } from "./contract.ts";
import { CREATE_ITEM, LIST_ITEM, pretty, V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const list: Format = {
  id: "list",
  title: "kubectl List",
  docs: "A List of events or of EventLists, as kubectl prints several objects.",
  framing: "documents",
  samples: () => {
    const body = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${LIST_ITEM},${CREATE_ITEM}]}`;
    const events = `{"kind":"List","apiVersion":"v1","items":[${V1_LIST},\n${V1_CREATE}]}\n`;
    return [
      { name: "of events", text: events, events: 2 },
      { name: "of events, pretty-printed", text: pretty(events), events: 2 },
      { name: "of EventLists", text: `{"kind":"List","apiVersion":"v1","items":[${body}]}`, events: 2 },
    ];
  },
};
