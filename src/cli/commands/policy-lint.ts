import type { CliCommand } from "../contract.ts";
import { TABLE_FORMATS } from "../output.ts";

export const policyLint: CliCommand = {
  name: "policy lint",
  about: "what the API server refuses in an audit policy, what it silently understands otherwise, what could be better",
  operands: ["POLICY"],
  files: "optional",
  options: ["output", "format", "color", "ascii"],
  defaults: { output: "table" },
  outputs: TABLE_FORMATS,
  examples: [
    ["ktrail policy lint policy.yaml", "exit code 4 when the API server would not start with it"],
    [
      "kubectl -n kube-system get configmap audit -o yaml | ktrail policy lint -",
      "policies inside other objects are found",
    ],
    ["ktrail policy lint policy.yaml audit.log", "measured on a log: bytes of managed fields, groups that are missing"],
  ],
  async originals(context) {
    const { lintAnswer } = await import("../session.ts");
    return lintAnswer(context);
  },
};
