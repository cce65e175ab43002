import type { Format } from "./contract.ts";
import { CREATE_ITEM, LIST_ITEM, pretty } from "./shape/sample-events.ts";

export const eventlist: Format = {
  id: "eventlist",
  title: "EventList",
  docs: "What the API server posts to an audit webhook: EventList objects, one a line or one a file.",
  framing: "documents",
  samples: () => {
    const body = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${LIST_ITEM},${CREATE_ITEM}]}`;
    return [
      { name: "one webhook body a line", text: `${body}\n${body}\n`, events: 4 },
      { name: "bodies without newlines", text: `${body}${body}`, events: 4 },
      { name: "one body, pretty-printed", text: `${pretty(body)}\n`, events: 2 },
      {
        name: "kind after the items",
        text: `{"apiVersion":"audit.k8s.io/v1","items":[${LIST_ITEM}],"kind":"EventList"}`,
        events: 1,
      },
    ];
  },
};
