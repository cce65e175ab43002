import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { V1_CREATE, V1_LIST } from "../../src/formats/shape/sample-events.ts";
import { readAll } from "./collect.ts";

/** What the commands of docs/recipes.md print, in the shapes they are documented to have. */
const entry = (insertId: string, verb: string): object => ({
  insertId,
  logName: "projects/shop-1/logs/cloudaudit.googleapis.com%2Factivity",
  operation: { first: true, id: insertId, last: true, producer: "k8s.io" },
  protoPayload: {
    "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
    authenticationInfo: { principalEmail: "ada@example.com" },
    methodName: `io.k8s.core.v1.configmaps.${verb}`,
    requestMetadata: { callerIp: "192.0.2.7", callerSuppliedUserAgent: "kubectl/v1.36.2" },
    resourceName: "core/v1/namespaces/shop/configmaps/prices",
    serviceName: "k8s.io",
    status: {},
  },
  resource: { labels: { cluster_name: "shop", location: "europe-west1", project_id: "shop-1" }, type: "k8s_cluster" },
  timestamp: "2026-11-20T14:02:11.000001Z",
});

const KLOG = "I1120 14:02:11.000001       1 httplog.go:132] HTTP verb=GET";
const SERVER = "[pod/kube-apiserver-cp1/kube-apiserver] ";

const OUTPUTS: Readonly<Record<string, { readonly text: string; readonly events: number; readonly others?: number }>> =
  {
    // tail -F of two files, after a rotation.
    "tail -F": {
      text: `${V1_LIST}\n\n==> /var/log/kubernetes/audit/audit.log <==\n${V1_CREATE}\n`,
      events: 2,
      others: 1,
    },
    "kubectl logs": { text: `${SERVER}${KLOG}\n${SERVER}${V1_LIST}\n${SERVER}${V1_CREATE}\n`, events: 2, others: 1 },
    "oc adm node-logs": { text: `master-0 ${V1_LIST}\nmaster-1 ${V1_CREATE}\n`, events: 2 },
    "aws logs tail": {
      text: `2026-11-20T14:02:11.000000+00:00 kube-apiserver-audit-71976 ${V1_LIST}\n2026-11-20T14:02:12.000000+00:00 kube-apiserver-audit-0a1b2 ${V1_CREATE}\n`,
      events: 2,
    },
    "aws logs filter-log-events": {
      text: `${JSON.stringify({ events: [V1_LIST, V1_CREATE].map((message, at) => ({ logStreamName: "kube-apiserver-audit-71976", timestamp: at, message, ingestionTime: at, eventId: `${at}` })), searchedLogStreams: [] }, null, 4)}\n`,
      events: 2,
    },
    // One document an entry as they come.
    "gcloud beta logging tail": {
      text: `${JSON.stringify(entry("a", "create"), null, 2)}\n${JSON.stringify(entry("b", "delete"), null, 2)}\n`,
      events: 2,
    },
    "gcloud logging read": {
      text: `${JSON.stringify([entry("a", "create"), entry("b", "delete")], null, 2)}\n`,
      events: 2,
    },
    "az monitor log-analytics query": {
      text: JSON.stringify(
        [V1_LIST, V1_CREATE].map((line) => {
          const event = JSON.parse(line) as Record<string, unknown>;
          return {
            AuditId: event["auditID"],
            Level: event["level"],
            Stage: event["stage"],
            Verb: event["verb"],
            RequestUri: event["requestURI"],
            User: JSON.stringify(event["user"]),
            SourceIps: JSON.stringify(event["sourceIPs"]),
            ObjectRef: JSON.stringify(event["objectRef"]),
            ResponseStatus: JSON.stringify(event["responseStatus"]),
            RequestReceivedTime: event["requestReceivedTimestamp"],
            StageReceivedTime: event["stageTimestamp"],
            TableName: "PrimaryResult",
            TimeGenerated: "2026-11-20T14:02:11.1Z",
          };
        }),
        null,
        2,
      ),
      events: 2,
    },
    "logcli query": {
      text: [V1_LIST, V1_CREATE]
        .map(
          (line) =>
            `${JSON.stringify({ labels: { job: "audit", node: "cp1" }, line, timestamp: "2026-11-20T14:02:11Z" })}\n`,
        )
        .join(""),
      events: 2,
    },
    journalctl: {
      text: [V1_LIST, KLOG, V1_CREATE]
        .map(
          (MESSAGE) => `${JSON.stringify({ __CURSOR: "s=1", __REALTIME_TIMESTAMP: "1", MESSAGE, _HOSTNAME: "cp1" })}\n`,
        )
        .join(""),
      events: 2,
      others: 1,
    },
  };

describe("the recipes' output", () => {
  test.each(Object.entries(OUTPUTS))("%s", (_command, { text, events, others = 0 }) => {
    // It comes in pieces.
    for (const size of [64, text.length]) {
      const { records, rejects } = readAll("", Buffer.from(text), [size]);
      expect(records).toHaveLength(events);
      expect(rejects.filter(({ kind }) => kind !== "foreign" && kind !== "bad")).toEqual([]);
      expect(rejects).toHaveLength(others);
    }
  });

  test("is of every command in docs/recipes.md", () => {
    const docs = readFileSync(new URL("../../docs/recipes.md", import.meta.url), "utf8");
    for (const command of Object.keys(OUTPUTS)) expect(docs).toContain(command);
  });
});
