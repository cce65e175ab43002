import type { Format } from "./contract.ts";
import { isAuditEvent } from "./shape/audit-event.ts";
import { eventMembers, serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const gdc: Format = {
  id: "gdc",
  title: "Google Distributed Cloud",
  docs: "Audit logs of GDC air-gapped: the event's members beside hostname and _gdch_ ones.",
  open(value) {
    const { _gdch_cluster: cluster, _gdch_service_name: service } = value;
    if ((cluster === undefined && service === undefined) || !isAuditEvent(value)) return null;
    return { value: eventMembers(value), apiserver: serverName(cluster, value["hostname"]) };
  },
  samples: () => {
    const record = (event: string): string =>
      `${JSON.stringify({ _gdch_cluster: "org-1-admin", _gdch_fluentbit_pod: "x", _gdch_service_name: "apiserver", hostname: "cp1", ...(JSON.parse(event) as object) })}\n`;
    return [{ name: "records", text: record(V1_LIST) + record(V1_CREATE), events: 2, apiservers: ["org-1-admin/cp1"] }];
  },
};
