import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const awsLogsTail: Format = {
  id: "aws-logs-tail",
  title: "CloudWatch log lines",
  docs: "EKS control plane logs as aws logs tail (and awslogs get) prints them: time and log stream before each event.",
  prefixes: [
    { pattern: /^\d{4}-\d\d-\d\dT\S+ (kube-apiserver-audit-\S+) $/ },
    // awslogs: group and stream.
    { pattern: /^\/aws\/eks\/\S+ (kube-apiserver-audit-\S+) $/ },
  ],
  samples: () => [
    {
      name: "aws logs tail",
      text: `2026-11-20T14:02:11.678000+00:00 kube-apiserver-audit-bf58dc76 ${V1_LIST}\n2026-11-20T14:02:12.100000+00:00 kube-apiserver-audit-0a1b2c3d ${V1_CREATE}\n2026-11-20T14:02:12.2+00:00 kube-scheduler-0a1b2c3d I1120 14:02:12.2 1 x.go:1] hello\n`,
      events: 2,
      apiservers: ["kube-apiserver-audit-bf58dc76", "kube-apiserver-audit-0a1b2c3d"],
    },
    {
      name: "awslogs get",
      text: `/aws/eks/shop/cluster kube-apiserver-audit-bf58dc76 ${V1_LIST}\n`,
      events: 1,
      apiservers: ["kube-apiserver-audit-bf58dc76"],
    },
  ],
};
