import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const fluentdFile: Format = {
  id: "fluentd-file",
  title: "Fluentd file",
  docs: "What Fluentd's file output writes: time, tag and the record, with tabs between them.",
  prefixes: [{ pattern: /^\d{4}-\d\d-\d\d[T ]\S+\t[^\t]+\t$/ }],
  samples: () => [
    {
      name: "the event as the record",
      text: `2026-11-20T14:02:11+00:00\tkube.audit\t${V1_LIST}\n2026-11-20T14:02:12+00:00\tkube.audit\t${V1_CREATE}\n`,
      events: 2,
    },
    {
      name: "the event as text in the record",
      text: `2026-11-20T14:02:11+00:00\tkube.audit\t{"message":${JSON.stringify(V1_LIST)}}\n`,
      events: 1,
    },
  ],
};
