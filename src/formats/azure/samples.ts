import type { FormatSample } from "../contract.ts";
import { pretty, V1_CREATE, V1_LIST } from "../sample-events.ts";

function record(category: string, log: string): string {
  return JSON.stringify({
    operationName: "Microsoft.ContainerService/managedClusters/diagnosticLogs/Read",
    category,
    properties: { log, stream: "stdout", pod: "kube-apiserver-0" },
    time: "2026-11-20T14:02:11Z",
  });
}

const AUDIT = record("kube-audit", `${V1_LIST}\n`);
const ADMIN = record("kube-audit-admin", V1_CREATE);
const OTHER = record("kube-controller-manager", "I1120 14:02:11.1 1 x.go:1] hello");

export const samples: readonly FormatSample[] = [
  { name: "Event Hub", text: `\ufeff{"records":[${AUDIT},${OTHER},${ADMIN}]}`, events: 2 },
  { name: "a record a line", text: `${OTHER}\n${AUDIT}\n${ADMIN}\n`, events: 2 },
  { name: "one record, pretty-printed", text: pretty(AUDIT), events: 1 },
  { name: "log as an object", text: `{"category":"kube-audit","properties":{"log":${V1_LIST}}}\n`, events: 1 },
];
