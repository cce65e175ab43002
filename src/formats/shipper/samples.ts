import type { FormatSample } from "../contract.ts";
import { V1_CREATE, V1_LIST } from "../sample-events.ts";

const LIST_TEXT = JSON.stringify(V1_LIST);
const CREATE_TEXT = JSON.stringify(`${V1_CREATE}\n`);
const STREAM = "kube-apiserver-audit-71976";

export const samples: readonly FormatSample[] = [
  {
    name: "docker json-file",
    text: `{"log":${CREATE_TEXT},"stream":"stdout","time":"2026-11-20T14:02:11Z"}\n`,
    events: 1,
  },
  { name: "journalctl -o json", text: `{"__CURSOR":"s=1","MESSAGE":${LIST_TEXT},"_PID":"812"}\n`, events: 1 },
  { name: "Fluent Bit, Vector", text: `{"host":"cp1","message":${LIST_TEXT},"source_type":"file"}\n`, events: 1 },
  {
    name: "aws logs filter-log-events",
    text: `{"events":[{"logStreamName":"${STREAM}","message":${LIST_TEXT}},{"message":${CREATE_TEXT}}],"searchedLogStreams":[]}`,
    events: 2,
  },
  {
    name: "CloudWatch subscription",
    text: `{"messageType":"DATA_MESSAGE","logStream":"${STREAM}","logEvents":[{"id":"1","message":${LIST_TEXT}}]}`,
    events: 1,
  },
  { name: "logcli -o jsonl", text: `{"labels":{"job":"audit"},"line":${LIST_TEXT},"timestamp":"t"}\n`, events: 1 },
  { name: "Splunk HEC", text: `{"time":1,"event":${V1_LIST}}\n{"time":2,"event":${V1_CREATE}}\n`, events: 2 },
];
