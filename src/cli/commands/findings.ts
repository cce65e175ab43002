import { KtrailError } from "../../errors.ts";
import type { CliCommand } from "../contract.ts";
import { TABLE_FORMATS } from "../output.ts";

export const findings: CliCommand = {
  name: "findings",
  about: "what is wrong in the cluster and who does what they should not, worst first, each with its evidence",
  operands: [],
  options: [
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "limit",
    "follow",
    "failOn",
    "on",
    "run",
    "baseline",
    "expected",
    "badAddresses",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
  ],
  defaults: { output: "table", limit: "all" },
  outputs: [...TABLE_FORMATS, "sarif"],
  examples: [
    ["ktrail findings audit.log", "everything, worst first, with the filter that shows the requests"],
    ["ktrail findings audit.log --fail-on high", "exit code 4 when something is at least high, for CI"],
    [
      "ktrail findings -f audit.log --on high --run './page.sh'",
      "new ones as they arise; page.sh gets each as JSON on its stdin",
    ],
    ["ktrail findings today.log --baseline lastweek.log", "only what last week's log does not have"],
  ],
  check: ({ on, run }) => {
    if ((on === undefined) !== (run === undefined))
      throw new KtrailError("KT100", "--on SEVERITY and --run CMD belong together");
  },
  async answer(context) {
    const { findingsAnswer } = await import("../session.ts");
    return findingsAnswer(context);
  },
};
