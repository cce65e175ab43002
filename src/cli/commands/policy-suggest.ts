import type { CliCommand } from "../contract.ts";

export const policySuggest: CliCommand = {
  name: "policy suggest",
  about: "an audit policy fitted to this log: noise trimmed, what people do kept, with what it saves and gives up",
  operands: [],
  options: ["output", "format", "store", "passwordFile", "color", "ascii"],
  defaults: { output: "yaml" },
  outputs: ["yaml", "json", "table", "md"],
  examples: [
    [
      "ktrail policy suggest audit.log > policy.yaml",
      "a commented policy; replaying the log under it gives the figures it promises",
    ],
    ["ktrail policy suggest audit.log -o table", "what each rule saves"],
  ],
  async originals(context) {
    const { suggestAnswer } = await import("../session.ts");
    return suggestAnswer(context);
  },
};
