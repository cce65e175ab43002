import { isObject } from "../audit-event.ts";
import type { Envelope } from "../contract.ts";

/** Members in which log pipelines put the line they carry. */
export const EVENT_KEYS: readonly string[] = [
  "message",
  "log",
  "MESSAGE",
  "line",
  "_raw",
  "event",
  "result",
  "short_message",
  "msg",
];

/** A log entry with the event in one of the well-known members: the first that holds JSON. */
export const shipperEnvelope: Envelope = {
  open(value) {
    for (const key of EVENT_KEYS) {
      const member = value[key];
      if (typeof member === "string" && /^\s*\{/.test(member)) return { event: member };
      if (isObject(member)) return { path: [key] };
    }
    return null;
  },
};
