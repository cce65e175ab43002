import type { Format } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { pretty, V1_CREATE, V1_LIST } from "./shape/sample-events.ts";
import { escapeControls } from "./shape/sample-text.ts";

/** The cluster of a resource's path: `/subscriptions/…/managedClusters/NAME`. */
function clusterOf(value: JsonObject): string | undefined {
  const { resourceId } = value;
  return typeof resourceId === "string"
    ? /\/managedclusters\/([^/]+)/i.exec(resourceId)?.[1]?.toLowerCase()
    : undefined;
}

export const azure: Format = {
  id: "azure",
  title: "Azure diagnostic records",
  docs: "AKS logs from Azure diagnostic settings: Event Hub or Storage records with the event in properties.log.",
  open(value) {
    const { properties, category } = value;
    if (!isObject(properties) || typeof category !== "string") return null;
    if (category !== "kube-audit" && category !== "kube-audit-admin") {
      return { foreign: `an Azure record of category ${escapeControls(category.slice(0, 40))}` };
    }
    const apiserver = serverName(clusterOf(value), properties["pod"]);
    const { log } = properties;
    if (typeof log === "string") return { text: log, apiserver };
    return isObject(log)
      ? { path: ["properties", "log"], apiserver }
      : { foreign: "an Azure record without properties.log" };
  },
  samples: () => {
    const record = (category: string, log: unknown): string =>
      JSON.stringify({
        operationName: "Microsoft.ContainerService/managedClusters/diagnosticLogs/Read",
        category,
        resourceId: "/SUBSCRIPTIONS/1/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/SHOP",
        properties: { log, stream: "stdout", pod: "kube-apiserver-0" },
        time: "2026-11-20T14:02:11Z",
      });
    const audit = record("kube-audit", `${V1_LIST}\n`);
    const admin = record("kube-audit-admin", V1_CREATE);
    const other = record("kube-controller-manager", "I1120 14:02:11.1 1 x.go:1] hello");
    const apiservers = ["shop/kube-apiserver-0"];
    return [
      { name: "Event Hub", text: `\ufeff{"records":[${audit},${other},${admin}]}`, events: 2, apiservers },
      { name: "Storage (PT1H.json)", text: `${other}\n${audit}\n${admin}\n`, events: 2, apiservers },
      { name: "one record, pretty-printed", text: pretty(audit), events: 1, apiservers },
      { name: "log as an object", text: `${record("kube-audit", JSON.parse(V1_LIST))}\n`, events: 1, apiservers },
    ];
  },
};
