import type { Format } from "./contract.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const gelf: Format = {
  id: "gelf",
  title: "GELF (Graylog)",
  docs: "GELF messages with the event in short_message or full_message, as Graylog takes and exports them.",
  open(value) {
    const text = [value["full_message"], value["short_message"]].find(
      (member) => typeof member === "string" && /^\s*[{[]/.test(member),
    );
    if (typeof text !== "string") return null;
    return { text, apiserver: serverName(value["host"] ?? value["source"]) };
  },
  samples: () => {
    const message = (more: object): string =>
      JSON.stringify({ version: "1.1", host: "cp1", level: 6, _appID: "x", ...more });
    return [
      {
        name: "messages",
        text: `${message({ short_message: V1_LIST })}\n${message({ short_message: "audit", full_message: V1_CREATE })}\n`,
        events: 2,
        apiservers: ["cp1"],
      },
      {
        name: "messages that end in NUL (TCP)",
        text: `${message({ short_message: V1_LIST })}\0${message({ short_message: V1_CREATE })}\0`,
        events: 2,
      },
    ];
  },
};
