import type { Format, Opened } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

function* results(list: readonly unknown[]): Iterable<Opened> {
  for (const result of list) if (isObject(result)) yield { value: result };
}

function serverOf(value: JsonObject): string | undefined {
  return serverName(value["host"]);
}

export const splunk: Format = {
  id: "splunk",
  title: "Splunk",
  docs: "Splunk's exports with the event in _raw (JSON, CSV), and HTTP Event Collector entries with it in event.",
  columns: [["_raw"]],
  open(value) {
    const raw = value["_raw"];
    if (typeof raw === "string") return { text: raw, apiserver: serverOf(value) };
    const { result, results: list, event } = value;
    if (isObject(result) && typeof result["_raw"] === "string") return { value: result };
    if (Array.isArray(list) && list.some((entry) => isObject(entry) && typeof entry["_raw"] === "string"))
      return { many: results(list) };
    const isCollected = ["sourcetype", "index", "source", "host", "time"].some((key) =>
      /^(?:string|number)$/.test(typeof value[key]),
    );
    if (!isCollected) return null;
    if (typeof event === "string") return { text: event, apiserver: serverOf(value) };
    return isObject(event) ? { path: ["event"], apiserver: serverOf(value) } : null;
  },
  samples: () => {
    const collected = (event: string): string =>
      `{"time":1795183331.1,"host":"cp1","sourcetype":"kube:apiserver:audit","event":${event}}`;
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    return [
      {
        name: "HTTP Event Collector",
        text: `${collected(V1_LIST)}${collected(JSON.stringify(V1_CREATE))}`,
        events: 2,
        apiservers: ["cp1"],
      },
      {
        name: "search export",
        text: `${JSON.stringify({ preview: false, result: { _raw: V1_LIST, _time: "t", host: "cp1" } })}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
      {
        name: "search results",
        text: JSON.stringify({ preview: false, results: [{ _raw: V1_LIST }, { _raw: V1_CREATE }] }),
        events: 2,
      },
      {
        name: "CSV",
        text: `"_time","host","_raw"\n"t","cp1",${cell(V1_LIST)}\n"t","cp2",${cell(V1_CREATE)}\n`,
        events: 2,
        apiservers: ["cp1", "cp2"],
      },
    ];
  },
};
