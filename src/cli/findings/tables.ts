import type { Finding, FindingsResult } from "../../findings/contract.ts";
import type { TimeZone } from "../../models/times.ts";
import { FINDING_TABLE } from "../../panes/findings/table.ts";
import { type PrintedLook, printedLook, printedTable } from "../answer-section.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { Section } from "../output.ts";
import { findingRecord } from "./finding-record.ts";

/** Without its rows. */
export function printedFindings(zone: TimeZone): ReturnType<typeof printedTable<Finding, PrintedLook>> {
  return printedTable(FINDING_TABLE, printedLook(zone), findingRecord);
}

/** What to do, once for every kind of finding. */
export function adviceSection(findings: readonly Finding[]): Section {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return {
    title: "What to do",
    columns: [
      column("id", "id"),
      column("advice", "advice", { grow: 1, keep: "head", wrap: true }),
      column("references", "references", { drop: 1, keep: "head" }),
    ],
    batches: [
      [...byId.values()].map(({ id, advice, references }) => ({
        cells: () => [textCell(id), textCell(advice), textCell(references.join(", "), "muted")],
      })),
    ],
  };
}

export function suppressedSection(suppressed: FindingsResult["suppressed"]): readonly Section[] {
  if (suppressed.length === 0) return [];
  return [
    {
      title: "Expected, and left out",
      columns: [
        numeric("findings", "findings"),
        column("because", "because", { grow: 1 }),
        column("from", "from", { drop: 2 }),
        column("ids", "ids", { drop: 1 }),
      ],
      batches: [
        suppressed.map(({ findings, because, from, ids }) => ({
          cells: () => [countCell(findings), textCell(because), textCell(from, "muted"), textCell(ids.join(", "))],
        })),
      ],
    },
  ];
}
