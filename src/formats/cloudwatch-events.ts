import type { Format } from "./contract.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const cloudwatchEvents: Format = {
  id: "cloudwatch-events",
  title: "CloudWatch log events",
  docs: "EKS control plane logs from aws logs filter-log-events and get-log-events.",
  open(value) {
    const { message, timestamp, ingestionTime } = value;
    if (typeof message !== "string" || typeof timestamp !== "number" || typeof ingestionTime !== "number") return null;
    return { text: message, apiserver: serverName(value["logStreamName"]) };
  },
  samples: () => {
    const entry = (stream: string, message: string): object => ({
      logStreamName: stream,
      timestamp: 1_795_183_331_095,
      message,
      ingestionTime: 1_795_183_335_000,
      eventId: "3631",
    });
    const answer = {
      events: [
        entry("kube-apiserver-audit-71976", V1_LIST),
        entry("kube-apiserver-audit-0a1b2", V1_CREATE),
        entry("kube-scheduler-71976", "I1120 14:02:11.1 1 x.go:1] hello"),
      ],
      searchedLogStreams: [],
    };
    const apiservers = ["kube-apiserver-audit-71976", "kube-apiserver-audit-0a1b2"];
    return [
      { name: "filter-log-events", text: JSON.stringify(answer), events: 2, apiservers },
      {
        name: "filter-log-events, pretty-printed",
        text: `${JSON.stringify(answer, null, 4)}\n`,
        events: 2,
        apiservers,
      },
      {
        name: "get-log-events",
        text: `{"events":[{"timestamp":1795183331095,"message":${JSON.stringify(V1_LIST)},"ingestionTime":1795183335000}],"nextForwardToken":"f/1"}`,
        events: 1,
      },
    ];
  },
};
