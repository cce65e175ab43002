import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const prefixed: Format = {
  id: "prefixed",
  title: "Events behind a prefix",
  docs: "One event a line with anything else before it: a time, a file's name, a label.",
  samples: () => {
    const time = "2026-11-20T14:02:11.8443515Z";
    return [
      { name: "a time", text: `${time} ${V1_LIST}\n${time} ${V1_CREATE}\n`, events: 2 },
      { name: "grep in several files", text: `cp1/audit.log:${V1_LIST}\ncp2/audit.log:${V1_CREATE}\n`, events: 2 },
      { name: "docker compose logs", text: `apiserver-1  | ${V1_LIST}\napiserver-1  | ${V1_CREATE}\n`, events: 2 },
      { name: "Grafana's text download", text: `2026-11-20 14:02:11.123\t${V1_LIST}\n`, events: 1 },
    ];
  },
};
