import { KtrailError } from "../../errors.ts";
import type { CliCommand } from "../contract.ts";

export const redact: CliCommand = {
  name: "redact",
  about:
    "a log that can be shared: names of users, objects, namespaces and addresses replaced by stable pseudonyms, secrets masked; structure, times, lineage and counts as they were",
  operands: [],
  options: ["out", "keep", "key", "mapping", "format", "color", "ascii"],
  outputs: ["table", "json"],
  examples: [
    ["ktrail redact audit.log -o shared/", "writes shared/audit.log, and says which findings need what is gone"],
    ["ktrail redact audit.log -o shared/ --keep namespaces,useragents", "these as they are"],
    [
      "ktrail redact audit.log -o shared/ --key team.key --mapping names.jsonl",
      "the same pseudonyms in every run with that key, and who is who for those who may know",
    ],
  ],
  check: ({ out }) => {
    if (out === undefined) throw new KtrailError("KT100", "ktrail redact needs a directory to write into: -o DIR");
  },
  async originals(context) {
    const { redactAnswer } = await import("../redact/redact-answer.ts");
    return redactAnswer(context);
  },
};
