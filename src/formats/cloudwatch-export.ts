import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const cloudwatchExport: Format = {
  id: "cloudwatch-export",
  title: "CloudWatch export",
  docs: "What a CloudWatch export task writes to S3: a time with milliseconds before each event.",
  prefixes: [{ pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z $/ }],
  samples: () => [
    {
      name: "lines",
      text: `2026-11-20T14:02:11.678Z ${V1_LIST}\n2026-11-20T14:02:12.100Z ${V1_CREATE}\n`,
      events: 2,
    },
    {
      name: "beside other streams",
      text: `2026-11-20T14:02:11.000Z I1120 14:02:11.123456 1 x.go:1] hello\n2026-11-20T14:02:12.100Z ${V1_CREATE}\n`,
      events: 1,
    },
  ],
};
