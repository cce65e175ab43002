import type { Format, Opened } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { eventOfColumns } from "./shape/columns.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Tables of the query API: `{"tables":[{"columns":[{"name":…}],"rows":[[…]]}]}`. */
function* rowsOf(tables: readonly unknown[]): Iterable<Opened> {
  for (const table of tables) {
    if (!isObject(table) || !Array.isArray(table["columns"]) || !Array.isArray(table["rows"])) continue;
    const names = (table["columns"] as readonly unknown[]).map((column) =>
      isObject(column) ? String(column["name"] ?? column["ColumnName"]) : String(column),
    );
    for (const cells of table["rows"] as readonly unknown[]) {
      if (!Array.isArray(cells)) continue;
      const row: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      for (const [index, name] of names.entries()) row[name] = (cells as readonly unknown[])[index];
      yield { value: row };
    }
  }
}

function serverOf(row: JsonObject): string | undefined {
  const resource = row["_ResourceId"] ?? row["ResourceId"];
  const cluster =
    typeof resource === "string"
      ? /\/(?:managedclusters|connectedclusters)\/([^/]+)/i.exec(resource)?.[1]?.toLowerCase()
      : "";
  return serverName(cluster, row["PodName"] ?? row["pod_s"]);
}

export const logAnalytics: Format = {
  id: "log-analytics",
  title: "Azure Log Analytics",
  docs: "Rows of AKSAudit, AKSAuditAdmin, ArcK8sAudit and AzureDiagnostics, as the query API, the az command and the portal give them (JSON, CSV).",
  columns: [["log_s"], ["auditid", "requesturi"], ["auditid", "objectref"]],
  open(value) {
    const { tables } = value;
    if (Array.isArray(tables)) return { many: rowsOf(tables) };
    const log = value["log_s"];
    if (typeof log === "string") return { text: log, apiserver: serverOf(value) };
    if (value["AuditId"] === undefined) return null;
    const event = eventOfColumns(value, null);
    return event === null ? null : { value: event, apiserver: serverOf(value) };
  },
  samples: () => {
    const resource = "/subscriptions/1/resourcegroups/g/providers/microsoft.containerservice/managedclusters/shop";
    const event = JSON.parse(V1_CREATE) as Record<string, unknown>;
    const text = (value: unknown): string => JSON.stringify(value);
    const columns: Record<string, string> = {
      TimeGenerated: "2026-11-20T14:02:12.1Z",
      AuditId: String(event["auditID"]),
      Level: "Request",
      Stage: "ResponseComplete",
      Verb: "create",
      RequestUri: String(event["requestURI"]),
      User: text(event["user"]),
      SourceIps: text(event["sourceIPs"]),
      UserAgent: "kubectl/v1.36.2",
      ObjectRef: text(event["objectRef"]),
      ResponseStatus: text(event["responseStatus"]),
      RequestObject: "skipped-too-big-size-object",
      ResponseObject: "",
      RequestReceivedTime: "2026-11-20T14:02:12.000001Z",
      StageReceivedTime: "2026-11-20T14:02:12.007001Z",
      Annotations: text(event["annotations"]),
      PodName: "kube-apiserver-0",
      _ResourceId: resource,
    };
    const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    const names = Object.keys(columns);
    const cells = Object.values(columns);
    const diagnostics = {
      TimeGenerated: "t",
      Category: "kube-audit",
      log_s: V1_LIST,
      pod_s: "kube-apiserver-0",
      ResourceId: resource.toUpperCase(),
    };
    const apiservers = ["shop/kube-apiserver-0"];
    return [
      { name: "AKSAudit, az monitor log-analytics query", text: text([columns]), events: 1, apiservers },
      {
        name: "AKSAudit, CSV from the portal",
        text: `\ufeff"TimeGenerated [UTC]",${names.slice(1).join(",")}\r\n${cells.map(cell).join(",")}\r\n`,
        events: 1,
        apiservers,
      },
      {
        name: "AKSAudit, dynamic columns as objects",
        text: `${text({ ...columns, User: event["user"], ObjectRef: event["objectRef"] })}\n`,
        events: 1,
        apiservers,
      },
      {
        name: "query API",
        text: text({
          tables: [{ name: "PrimaryResult", columns: names.map((name) => ({ name, type: "string" })), rows: [cells] }],
        }),
        events: 1,
        apiservers,
      },
      { name: "AzureDiagnostics", text: text([diagnostics]), events: 1, apiservers },
      {
        name: "AzureDiagnostics, CSV",
        text: `Category,log_s,pod_s\nkube-audit,${cell(V1_LIST)},kube-apiserver-0\n`,
        events: 1,
      },
    ];
  },
};
