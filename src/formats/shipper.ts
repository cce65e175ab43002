import type { Format } from "./contract.ts";
import { isObject } from "./shape/audit-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Members in which log pipelines put the line they carry. */
const EVENT_KEYS = [
  "message",
  "log",
  "line",
  "event",
  "result",
  "msg",
  "raw",
  "content",
  "body",
  "payload",
  "audit",
  "Message",
  "data",
] as const;

export const shipper: Format = {
  id: "shipper",
  title: "Log entries",
  docs: "Any other JSON entries of a log pipeline with the event, as text or as an object, in message, log, event and the like.",
  columns: [["message"], ["content"], ["raw"]],
  open(value) {
    for (const key of EVENT_KEYS) {
      const member = value[key];
      if (typeof member === "string" && /^\s*[{[]/.test(member)) return { text: member };
      if (isObject(member)) return { path: [key] };
    }
    return null;
  },
  samples: () => {
    const line = (member: string, text: unknown): string => `${JSON.stringify({ severity: "info", [member]: text })}\n`;
    return [
      { name: "text in message", text: line("message", V1_LIST) + line("message", V1_CREATE), events: 2 },
      { name: "an object in event", text: line("event", JSON.parse(V1_LIST)), events: 1 },
      { name: "a program's own lines (zap)", text: line("msg", V1_LIST), events: 1 },
    ];
  },
};
