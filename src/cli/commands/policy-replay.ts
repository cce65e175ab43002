import type { CliCommand } from "../contract.ts";
import { TABLE_FORMATS } from "../output.ts";

export const policyReplay: CliCommand = {
  name: "policy replay",
  about: "what an audit policy would have written of this log, and what would be lost with it",
  operands: ["POLICY"],
  options: ["against", "output", "limit", "format", "store", "passwordFile", "color", "ascii"],
  defaults: { output: "table", limit: "20" },
  outputs: [...TABLE_FORMATS, "raw"],
  examples: [
    [
      "ktrail policy replay policy.yaml audit.log",
      "events, bytes and share by level, rule, resource and user; what would no longer work",
    ],
    [
      "ktrail policy replay new.yaml audit.log --against old.yaml",
      "two policies side by side, and what becomes of whose requests",
    ],
    ["ktrail policy replay policy.yaml audit.log -o raw > reduced.log", "the log as that policy would have written it"],
  ],
  async originals(context) {
    const { replayAnswer } = await import("../session.ts");
    return replayAnswer(context);
  },
};
