import type { Format } from "./contract.ts";
import { isAuditEvent, isObject, type JsonObject } from "./shape/audit-event.ts";
import { serverName, textAt } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

function serverOf(value: JsonObject): string | undefined {
  const { kubernetes } = value;
  return serverName(
    value["cluster"],
    value["host"] ?? (textAt(kubernetes, "pod_node_name") || textAt(kubernetes, "pod_name")),
  );
}

export const vector: Format = {
  id: "vector",
  title: "Vector",
  docs: "Events of a Vector pipeline: the line in message, with the source_type it came from.",
  open(value) {
    if (typeof value["source_type"] !== "string") return null;
    const { message } = value;
    if (typeof message === "string") return { text: message, apiserver: serverOf(value) };
    return isObject(message) && isAuditEvent(message) ? { path: ["message"], apiserver: serverOf(value) } : null;
  },
  samples: () => {
    const record = (message: unknown): object => ({
      file: "/var/log/kube-apiserver/audit.log",
      host: "cp1",
      message,
      source_type: "file",
      timestamp: "2026-11-20T14:02:11Z",
    });
    return [
      {
        name: "lines",
        text: `${JSON.stringify(record(V1_LIST))}\n${JSON.stringify(record(V1_CREATE))}\n`,
        events: 2,
        apiservers: ["cp1"],
      },
      {
        name: "batches (HTTP sink)",
        text: `[${JSON.stringify(record(V1_LIST))},${JSON.stringify(record(JSON.parse(V1_CREATE)))}]`,
        events: 2,
        apiservers: ["cp1"],
      },
    ];
  },
};
