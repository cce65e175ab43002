import type { Finding, FindingsResult } from "../../findings/contract.ts";
import type { TimeZone } from "../../models/times.ts";
import { ADVICE_TABLE, FINDING_TABLE, SUPPRESSED_TABLE } from "../../panes/findings/table.ts";
import { type PrintedLook, printedLook, printedTable, tableSection } from "../answer-section.ts";
import type { Section } from "../output.ts";
import { findingRecord } from "./finding-record.ts";

/** Without its rows. */
export function printedFindings(zone: TimeZone): ReturnType<typeof printedTable<Finding, PrintedLook>> {
  return printedTable(FINDING_TABLE, printedLook(zone), findingRecord);
}

/** What to do about them, and what was left out; no table where there is none. */
export function besideFindings(
  findings: readonly Finding[],
  suppressed: FindingsResult["suppressed"],
  zone: TimeZone,
): readonly Section[] {
  const look = printedLook(zone);
  const kinds = [...new Map(findings.map((finding) => [finding.id, finding])).values()];
  return [
    ...(kinds.length === 0 ? [] : [tableSection(ADVICE_TABLE, kinds, look)]),
    ...(suppressed.length === 0 ? [] : [tableSection(SUPPRESSED_TABLE, suppressed, look)]),
  ];
}
