import type { Format } from "./contract.ts";
import { isAuditEvent } from "./shape/audit-event.ts";
import { eventOfColumns } from "./shape/columns.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE } from "./shape/sample-events.ts";

export const flat: Format = {
  id: "flat",
  title: "Rows of a log store",
  docs: "Events as rows whose objects are JSON in text, or whose members are columns of their own: Alibaba SLS, Tencent CLS, Huawei LTS, Athena, ClickHouse.",
  columns: [
    ["auditid", "verb"],
    ["auditid", "requesturi"],
  ],
  open(value) {
    const id = Object.keys(value).find((key) => /^auditid$/i.test(key));
    if (id === undefined || id === "AuditId" || typeof value[id] !== "string" || isAuditEvent(value)) return null;
    const event = eventOfColumns(value, null);
    if (event === null) return null;
    return {
      value: event,
      apiserver: serverName(value["cluster_id"] ?? value["__tag__:__cluster_id__"], value["__tag__:__hostname__"]),
    };
  },
  samples: () => {
    const event = JSON.parse(V1_CREATE) as Record<string, unknown>;
    const row = Object.fromEntries(
      Object.entries(event).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
    const cell = (text: unknown): string => `"${String(text).replaceAll('"', '""')}"`;
    const dotted = {
      auditID: event["auditID"],
      stage: "ResponseComplete",
      verb: "create",
      requestURI: event["requestURI"],
      "user.username": "ada",
      "objectRef.resource": "configmaps",
      "objectRef.namespace": "shop",
      "responseStatus.code": "201",
      requestReceivedTimestamp: event["requestReceivedTimestamp"],
    };
    const lower = Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
    const joined = Object.fromEntries(Object.entries(dotted).map(([key, value]) => [key.replace(".", "_"), value]));
    return [
      {
        name: "objects as text",
        text: `${JSON.stringify({ __time__: "1795183331", "__tag__:__hostname__": "cp1", ...row })}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
      { name: "names with dots", text: `${JSON.stringify(dotted)}\n`, events: 1 },
      { name: "names with underscores", text: `${JSON.stringify(joined)}\n`, events: 1 },
      { name: "names in lower case", text: `[${JSON.stringify(lower)}]`, events: 1 },
      { name: "CSV", text: `${Object.keys(row).join(",")}\n${Object.values(row).map(cell).join(",")}\n`, events: 1 },
    ];
  },
};
