import type { FormatSample } from "../contract.ts";
import { V1_CREATE, V1_LIST } from "../sample-events.ts";

const TIME = "2026-11-20T14:02:11.8443515Z";
const KLOG = "I1120 14:02:11.123456       1 controller.go:126] OpenAPI AggregationController: action for item";

export const samples: readonly FormatSample[] = [
  { name: "container runtime (CRI)", text: `${TIME} stdout F ${V1_LIST}\n${TIME} stderr F ${KLOG}\n`, events: 1 },
  {
    name: "container runtime, a split line",
    text: [
      `${TIME} stdout P ${V1_CREATE.slice(0, 200)}`,
      `${TIME} stderr F ${KLOG}`,
      `${TIME} stdout P ${V1_CREATE.slice(200, 300)}`,
      `${TIME} stdout F ${V1_CREATE.slice(300)}`,
      `${TIME} stdout F ${V1_LIST}`,
      "",
    ].join("\n"),
    events: 2,
  },
  { name: "syslog RFC 3164", text: `<134>Nov 20 14:02:11 cp1 kube-apiserver[812]: ${V1_LIST}\n`, events: 1 },
  { name: "syslog RFC 5424", text: `<134>1 2026-11-20T14:02:11Z cp1 kube-apiserver 812 - - ${V1_LIST}\n`, events: 1 },
  { name: "journalctl -o short", text: `Nov 20 14:02:11 cp1 kube-apiserver[812]: ${V1_LIST}\n`, events: 1 },
  {
    name: "oc adm node-logs, several nodes",
    text: `ci-x7-master-0 ${V1_LIST}\nci-x7-master-1 ${V1_CREATE}\n`,
    events: 2,
  },
  { name: "a time", text: `${TIME} ${V1_LIST}\n${TIME} ${V1_CREATE}\n`, events: 2 },
  { name: "fluentd's time and tag", text: `2026-11-20T14:02:11+00:00\taudit\t${V1_LIST}\n`, events: 1 },
  { name: "logcli's labels", text: `${TIME} {instance="cp1", job="audit"} ${V1_LIST}\n`, events: 1 },
];
