import type { Format, Opened } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { eventOfColumns } from "./shape/columns.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** `aws logs get-query-results`: each row a list of `{"field":…,"value":…}`. */
function* rowsOf(results: readonly unknown[]): Iterable<Opened> {
  for (const result of results) {
    if (!Array.isArray(result)) continue;
    const row: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const cell of result as readonly unknown[]) {
      if (isObject(cell) && typeof cell["field"] === "string") row[cell["field"]] = cell["value"];
    }
    yield { value: row };
  }
}

function serverOf(row: JsonObject): string | undefined {
  return serverName(row["@logStream"] ?? row["@log"]);
}

export const logsInsights: Format = {
  id: "logs-insights",
  title: "CloudWatch Logs Insights",
  docs: "Query results of CloudWatch Logs Insights over EKS logs, as CSV or JSON: with @message, or with the event's members as columns.",
  columns: [["@message"], ["@timestamp", "verb"], ["verb", "user.username", "requesturi"]],
  open(value, { place }) {
    const { results } = value;
    if (Array.isArray(results) && results.some((result) => Array.isArray(result))) return { many: rowsOf(results) };
    const message = value["@message"];
    if (typeof message === "string") return { text: message, apiserver: serverOf(value) };
    const isRow = value["@ptr"] !== undefined || value["@timestamp"] !== undefined || value["auditID"] === undefined;
    if (!isRow || value["verb"] === undefined || value["user.username"] === undefined) return null;
    const event = eventOfColumns(value, place);
    return event === null ? null : { value: event, apiserver: serverOf(value) };
  },
  samples: () => {
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const field = (name: string, value: string): object => ({ field: name, value });
    const stream = "kube-apiserver-audit-71976";
    return [
      {
        name: "CSV with @message",
        text: `@logStream,@timestamp,@message\n${stream},2026-11-20 14:02:11.095,${cell(V1_LIST)}\n${stream},2026-11-20 14:02:12.047,${cell(V1_CREATE)}\n`,
        events: 2,
        apiservers: [stream],
      },
      {
        name: "CSV with columns",
        text: "@timestamp,requestURI,verb,user.username,responseStatus.code,sourceIPs.0\n2026-11-20 14:02:11.095,/api/v1/namespaces/shop/pods?limit=500,list,ada,200,192.0.2.7\n2026-11-20 14:02:11.095,/api/v1/namespaces/shop/pods?limit=500,list,ada,200,192.0.2.7\n",
        events: 2,
      },
      {
        name: "get-query-results",
        text: JSON.stringify({
          results: [[field("@logStream", stream), field("@message", V1_LIST), field("@ptr", "Cl0")]],
          status: "Complete",
        }),
        events: 1,
        apiservers: [stream],
      },
    ];
  },
};
