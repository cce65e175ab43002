import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

const KEYS = ["log", "stream", "time", "attrs"];

export const docker: Format = {
  id: "docker",
  title: "Docker json-file",
  docs: "Docker's json-file logs of an API server with --audit-log-path=-; lines over 16 KiB are put together again.",
  open(value) {
    const { log, stream, time } = value;
    if (typeof log !== "string" || typeof stream !== "string" || typeof time !== "string") return null;
    return Object.keys(value).every((key) => KEYS.includes(key)) ? { text: log, part: stream } : null;
  },
  samples: () => {
    const line = (log: string, stream = "stdout"): string =>
      `${JSON.stringify({ log, stream, time: "2026-11-20T14:02:11.111111111Z" })}\n`;
    return [
      {
        name: "lines",
        text: `${line(`${V1_CREATE}\n`)}${line(`${V1_LIST}\n`)}${line("I1120 hello\n", "stderr")}`,
        events: 2,
      },
      {
        name: "a split line, with another stream between",
        text: [
          line(V1_CREATE.slice(0, 300)),
          line("I1120 14:02:11.1 1 x.go:1] hello\n", "stderr"),
          line(V1_CREATE.slice(300, 400)),
          line(`${V1_CREATE.slice(400)}\n`),
          line(`${V1_LIST}\n`),
        ].join(""),
        events: 2,
      },
    ];
  },
};
