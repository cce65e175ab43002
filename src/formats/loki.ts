import type { Format, Opened } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Labels that agents give to a control plane's logs, the most telling first. */
function serverOf(labels: unknown): string | undefined {
  if (!isObject(labels)) return undefined;
  const { cluster } = labels;
  return serverName(
    cluster,
    labels["node"] ??
      labels["node_name"] ??
      labels["hostname"] ??
      labels["host"] ??
      labels["pod"] ??
      labels["instance"],
  );
}

/** Streams of the query API: `{"stream":{…},"values":[["ns","line"],…]}`. */
function* linesOf(streams: readonly unknown[]): Iterable<Opened> {
  for (const stream of streams) {
    if (!isObject(stream) || !Array.isArray(stream["values"])) continue;
    const apiserver = serverOf(stream["stream"]);
    for (const value of stream["values"] as readonly unknown[]) {
      const line: unknown = Array.isArray(value) ? value[1] : undefined;
      if (typeof line === "string") yield { text: line, apiserver };
    }
  }
}

function streamsOf(value: JsonObject): readonly unknown[] | null {
  if (isObject(value["stream"]) && Array.isArray(value["values"])) return [value];
  const { data, streams } = value;
  if (Array.isArray(streams)) return streams;
  return isObject(data) && data["resultType"] === "streams" && Array.isArray(data["result"]) ? data["result"] : null;
}

export const loki: Format = {
  id: "loki",
  title: "Loki",
  docs: "Log lines from Loki: logcli -o jsonl and default, the query and tail API, Grafana's downloads (JSON, CSV).",
  columns: [
    ["line", "time"],
    ["line", "timestamp"],
    ["line", "tsns"],
  ],
  prefixes: [{ pattern: /^\d{4}-\d\d-\d\dT\S+ \{[^{}]*\} $/ }],
  open(value) {
    const streams = streamsOf(value);
    if (streams !== null) return { many: linesOf(streams) };
    const line = value["line"] ?? value["Line"];
    if (typeof line !== "string") return null;
    const labels = value["labels"] ?? value["fields"];
    const isEntry = isObject(labels) || ["timestamp", "Time", "tsNs", "time"].some((key) => value[key] !== undefined);
    return isEntry ? { text: line, apiserver: serverOf(labels) } : null;
  },
  samples: () => {
    const [line, other] = [JSON.stringify(V1_LIST), JSON.stringify(V1_CREATE)];
    const time = "2026-11-20T14:02:11Z";
    return [
      {
        name: "logcli -o jsonl",
        text: `{"labels":{"job":"audit","node":"cp1"},"line":${line},"timestamp":"${time}"}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
      { name: "logcli -o default", text: `${time} {instance="cp1", job="audit"} ${V1_LIST}\n`, events: 1 },
      {
        name: "query API",
        text: `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"cluster":"shop","node":"cp1"},"values":[["1795183331000000000",${line}],["1795183331000000001",${other}]]}],"stats":{}}}`,
        events: 2,
        apiservers: ["shop/cp1"],
      },
      {
        name: "tail API",
        text: `{"streams":[{"stream":{"host":"cp1"},"values":[["1",${line}]]}]}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
      {
        name: "Grafana's JSON download",
        text: `[{"line":${line},"timestamp":"1795183331000000000","date":"${time}","fields":{"node":"cp1"}}]`,
        events: 1,
        apiservers: ["cp1"],
      },
      {
        name: "Grafana's CSV download",
        text: `"Time","Line","tsNs","id"\n1795183331000,"${V1_LIST.replaceAll('"', '""')}",1795183331000000000,x\n`,
        events: 1,
      },
    ];
  },
};
