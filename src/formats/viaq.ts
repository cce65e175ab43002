import type { Format } from "./contract.ts";
import { isAuditEvent, isObject, type JsonObject } from "./shape/audit-event.ts";
import { eventMembers, serverName, textAt } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** The event's own level, which the pipeline's took the place of; undefined when it is lost. */
function levelOf(value: JsonObject): unknown {
  return value["k8s_audit_level"] ?? value["openshift_audit_level"];
}

function serverOf(value: JsonObject): string | undefined {
  const { openshift, log_source: component, hostname, kubernetes } = value;
  const host = typeof hostname === "string" ? hostname : textAt(kubernetes, "host");
  return serverName(textAt(openshift, "cluster_id"), component, host);
}

export const viaq: Format = {
  id: "viaq",
  title: "OpenShift Logging (ViaQ)",
  docs: "Audit records of OpenShift's cluster logging: the event's members beside the pipeline's, its level in k8s_audit_level.",
  open(value) {
    const isOwn = ["viaq_msg_id", "k8s_audit_level", "openshift_audit_level"].some((key) => value[key] !== undefined);
    const isAudit = value["log_type"] === "audit" && typeof value["log_source"] === "string";
    if (!isOwn && !isAudit) return null;
    const apiserver = serverOf(value);
    const { structured } = value;
    if (isObject(structured) && isAuditEvent(structured)) return { path: ["structured"], apiserver };
    if (isAuditEvent(value)) return { value: eventMembers({ ...value, level: levelOf(value) }), apiserver };
    const { message } = value;
    return typeof message === "string" ? { text: message, apiserver } : null;
  },
  samples: () => {
    const record = (event: string, more: object): string =>
      `${JSON.stringify({ ...(JSON.parse(event) as object), "@timestamp": "2026-11-20T14:02:11Z", level: "default", hostname: "cp1", log_type: "audit", log_source: "kubeAPI", openshift: { cluster_id: "c1", sequence: 1 }, viaq_msg_id: "x", ...more })}\n`;
    const apiservers = ["c1/kubeAPI/cp1"];
    return [
      {
        name: "records",
        text:
          record(V1_LIST, { k8s_audit_level: "Metadata" }) + record(V1_CREATE, { openshift_audit_level: "Request" }),
        events: 2,
        apiservers,
      },
      { name: "the event's level lost", text: record(V1_LIST, {}), events: 1, apiservers },
      {
        name: "structured",
        text: `${JSON.stringify({ "@timestamp": "t", log_type: "audit", log_source: "kubeAPI", hostname: "cp1", openshift: { cluster_id: "c1" }, structured: JSON.parse(V1_LIST) })}\n`,
        events: 1,
        apiservers,
      },
      {
        name: "message",
        text: `${JSON.stringify({ "@timestamp": "t", log_type: "audit", log_source: "kubeAPI", hostname: "cp1", openshift: { cluster_id: "c1" }, message: V1_LIST })}\n`,
        events: 1,
        apiservers,
      },
    ];
  },
};
