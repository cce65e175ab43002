import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const ovh: Format = {
  id: "ovh",
  title: "OVHcloud Logs Data Platform",
  docs: "Frames of OVHcloud's log tail (ldp-tail, WebSocket): GELF as text in message.",
  open(value) {
    const { message } = value;
    if (typeof message !== "string" || Object.keys(value).length !== 1) return null;
    return /^\s*\{/.test(message) && message.includes('"short_message"') ? { text: message } : null;
  },
  samples: () => {
    const frame = (event: string): string =>
      `${JSON.stringify({ message: JSON.stringify({ _appID: "x", host: "cp1", short_message: event }) })}\n`;
    return [{ name: "frames", text: `${frame(V1_LIST)}${frame(V1_CREATE)}`, events: 2, apiservers: ["cp1"] }];
  },
};
