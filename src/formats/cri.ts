import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** How its lines are read: reading/container-lines.ts. */
export const cri: Format = {
  id: "cri",
  title: "Container output (CRI)",
  docs: "Files of a container runtime (containerd, CRI-O) for an API server with --audit-log-path=-: time, stream and tag before each line.",
  samples: () => {
    const time = "2026-11-20T14:02:11.8443515Z";
    const klog = "I1120 14:02:11.123456       1 controller.go:126] OpenAPI AggregationController: action for item";
    return [
      { name: "whole lines", text: `${time} stdout F ${V1_LIST}\n${time} stderr F ${klog}\n`, events: 1 },
      {
        name: "a split line",
        text: [
          `${time} stdout P ${V1_CREATE.slice(0, 200)}`,
          `${time} stderr F ${klog}`,
          `${time} stdout P ${V1_CREATE.slice(200, 300)}`,
          `${time} stdout F ${V1_CREATE.slice(300)}`,
          `${time} stdout F ${V1_LIST}`,
          "",
        ].join("\n"),
        events: 2,
      },
      {
        name: "a start in the middle of a split line",
        text: `${time} stdout F ${V1_CREATE.slice(300)}\n${time} stdout F ${V1_LIST}\n`,
        events: 1,
      },
      {
        name: "legacy lines",
        text: `${time} stdout F 2026-11-20T14:02:11Z AUDIT: id="a" stage="ResponseComplete" ip="192.0.2.7" method="get" user="ada" groups="<none>" as="<self>" asgroups="<lookup>" user-agent="curl" namespace="<none>" uri="/healthz" response="200"\n`,
        events: 1,
      },
    ];
  },
};
