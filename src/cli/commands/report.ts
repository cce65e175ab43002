import { KtrailError } from "../../errors.ts";
import type { CliCommand } from "../contract.ts";

export const report: CliCommand = {
  name: "report",
  about:
    "a report in one file to hand on: overview, chart, findings with their evidence, top tables, trails; masked, needs no network",
  operands: [],
  options: [
    "out",
    "trail",
    "query",
    "since",
    "until",
    "namespace",
    "expected",
    "badAddresses",
    "format",
    "store",
    "passwordFile",
    "tz",
  ],
  outputs: ["table", "json"],
  examples: [
    ["ktrail report audit.log -o report.html", "light and dark, prints on A4, no script in it"],
    ["ktrail report audit.log -o report.md --since 2h --trail deploy/nginx", "the last two hours, and a life"],
  ],
  check: ({ out }) => {
    if (out === undefined || !/\.(?:html|md)$/.test(out))
      throw new KtrailError("KT100", "ktrail report needs a file to write: -o report.html, or -o report.md");
  },
  async answer(context) {
    const { reportAnswer } = await import("../report/report-answer.ts");
    return reportAnswer(context);
  },
};
