import type { Format } from "./contract.ts";
import { isAuditEvent, isMerged, isObject, type JsonObject } from "./shape/audit-event.ts";
import { eventMembers, serverName, textAt } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Members that Fluent Bit and Fluentd add beside the line or the event they carry. */
const MARKS = ["date", "@timestamp", "tag", "time", "kubernetes", "hostname", "container_name", "ident"];

function serverOf(value: JsonObject): string | undefined {
  const { kubernetes } = value;
  const node = textAt(kubernetes, "host") || textAt(kubernetes, "pod_name");
  const host = value["hostname"] ?? value["host"] ?? value["node"];
  return serverName(value["cluster"] ?? value["cluster_name"], typeof host === "string" ? host : node);
}

export const fluent: Format = {
  id: "fluent",
  title: "Fluent Bit, Fluentd",
  docs: "Records of Fluent Bit and Fluentd, as text in log or message, or with the event's members beside their own.",
  open(value) {
    if (isAuditEvent(value)) return isMerged(value) ? { value: eventMembers(value), apiserver: serverOf(value) } : null;
    if (!MARKS.some((key) => value[key] !== undefined)) return null;
    for (const key of ["log", "message", "log_processed", "audit"]) {
      const member = value[key];
      if (typeof member === "string") {
        const { stream, partial_id: id, partial_last: last } = value;
        const apiserver = serverOf(value);
        if (typeof id === "string") return { text: member, apiserver, part: id, isLast: last === "true" };
        if (typeof stream === "string") return { text: member, apiserver, part: stream };
        if (/^\s*(?:[{[]|\d{4}-\d\d-\d\dT\S+ std(?:out|err) F)/.test(member)) return { text: member, apiserver };
      }
      if (isObject(member) && (isAuditEvent(member) || key === "log_processed"))
        return { path: [key], apiserver: serverOf(value) };
    }
    return null;
  },
  samples: () => {
    const line = (record: object): string => `${JSON.stringify(record)}\n`;
    const event = JSON.parse(V1_LIST) as object;
    const kubernetes = { host: "cp1", pod_name: "kube-apiserver-cp1", container_name: "kube-apiserver" };
    return [
      {
        name: "Fluent Bit, the line in log",
        text:
          line({ date: 1_795_183_331.1, log: V1_LIST, stream: "stdout", kubernetes }) +
          line({ date: 1.5, log: V1_CREATE, kubernetes }),
        events: 2,
        apiservers: ["cp1"],
      },
      {
        name: "members beside the event's",
        text: line({
          "@timestamp": "2026-11-20T14:02:11Z",
          tag: "kube.audit",
          cluster: "shop",
          hostname: "cp1",
          ...event,
        }),
        events: 1,
        apiservers: ["shop/cp1"],
      },
      {
        name: "Fluentd, the line in message",
        text: line({ message: V1_LIST, hostname: "cp1" }),
        events: 1,
        apiservers: ["cp1"],
      },
      {
        name: "Fluent Bit in front of container output",
        text: line({ date: 1.5, log: `2026-11-20T14:02:11.1Z stdout F ${V1_CREATE}`, kubernetes }),
        events: 1,
        apiservers: ["cp1"],
      },
      {
        name: "a line split by Docker",
        text:
          line({
            date: 1.5,
            log: V1_CREATE.slice(0, 300),
            partial_message: "true",
            partial_id: "x",
            partial_last: "false",
          }) +
          line({
            date: 1.6,
            log: V1_CREATE.slice(300),
            partial_message: "true",
            partial_id: "x",
            partial_last: "true",
          }),
        events: 1,
      },
    ];
  },
};
