import type { Format } from "./contract.ts";
import type { JsonObject } from "./shape/audit-event.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Text that is no UTF-8 or has control bytes comes as numbers; of a field given twice the last counts. */
function messageOf(value: JsonObject): string | null {
  const { MESSAGE: message } = value;
  if (typeof message === "string") return message;
  if (!Array.isArray(message)) return null;
  const last: unknown = message.at(-1);
  if (typeof last === "string") return last;
  return Buffer.from((Array.isArray(last) ? last : message) as readonly number[]).toString("utf8");
}

export const journal: Format = {
  id: "journal",
  title: "Journal entries",
  docs: "Entries of systemd's journal with the event in MESSAGE: journalctl -o json, json-pretty, json-seq and export.",
  framing: "journal",
  open(value) {
    if (value["MESSAGE"] === undefined) return null;
    const isEntry = ["__CURSOR", "__REALTIME_TIMESTAMP", "_HOSTNAME", "_PID"].some((key) => value[key] !== undefined);
    if (!isEntry) return null;
    const text = messageOf(value);
    if (text === null) return { foreign: "a journal entry whose message was left out (it needs journalctl --all)" };
    const isPart = value["CONTAINER_PARTIAL_MESSAGE"] === "true";
    return {
      text: isPart ? text : `${text}\n`,
      part: String(value["CONTAINER_ID"] ?? value["_PID"] ?? ""),
      apiserver: serverName(value["_HOSTNAME"]),
    };
  },
  samples: () => {
    const entry = (message: unknown): string =>
      JSON.stringify({
        __CURSOR: "s=1",
        __REALTIME_TIMESTAMP: "1795183331000000",
        MESSAGE: message,
        _HOSTNAME: "cp1",
        _PID: "812",
      });
    const size = Buffer.alloc(8);
    size.writeUInt32LE(V1_CREATE.length + 1);
    return [
      {
        name: "-o json",
        text: `${entry(V1_LIST)}\n${entry([...Buffer.from(V1_CREATE)])}\n${entry(null)}\n${entry("hello")}\n`,
        events: 2,
        apiservers: ["cp1"],
      },
      { name: "-o json-seq", text: `\x1e${entry(V1_LIST)}\n\x1e${entry(V1_CREATE)}\n`, events: 2, apiservers: ["cp1"] },
      {
        name: "-o json-pretty",
        text: `${JSON.stringify(JSON.parse(entry(V1_LIST)), null, "\t")}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
      {
        name: "-o export",
        text: Buffer.concat([
          Buffer.from(`__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\n_HOSTNAME=cp1\nMESSAGE=${V1_LIST}\n\n`),
          Buffer.from(`__CURSOR=s=2\n_HOSTNAME=cp2\nMESSAGE\n`),
          size,
          Buffer.from(`${V1_CREATE}\n\n_PID=1\n\n`),
        ]),
        events: 2,
        apiservers: ["cp1", "cp2"],
      },
    ];
  },
};
