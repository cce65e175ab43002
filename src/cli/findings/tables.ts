import type { Finding, FindingsResult } from "../../findings/contract.ts";
import type { TimeZone } from "../../models/times.ts";
import type { Column } from "../../models/view.ts";
import { severityTone } from "../../panes/findings/severity.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { OutputRow, Section } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";
import { findingRecord } from "./finding-record.ts";

export function findingColumns(zone: TimeZone): readonly Column[] {
  return [
    column("severity", "severity"),
    numeric("count", "requests"),
    column("firstSeen", timeTitle("first seen", zone), { drop: 2 }),
    column("lastSeen", timeTitle("last seen", zone), { drop: 3 }),
    column("id", "id", { drop: 1 }),
    column("title", "what", { grow: 1, keep: "head", wrap: true }),
    column("query", "evidence", { drop: 4, keep: "head" }),
  ];
}

export function findingRow(finding: Finding, zone: TimeZone): OutputRow {
  const { severity, count, firstSeen, lastSeen, id, title, why, evidence } = finding;
  return {
    record: findingRecord(finding),
    cells: () => [
      textCell(severity, severityTone(severity)),
      countCell(count),
      textCell(secondTime(firstSeen, zone)),
      textCell(secondTime(lastSeen, zone)),
      textCell(id, "muted"),
      textCell(why === undefined ? title : `${title} (${why})`),
      textCell(evidence.query, "muted"),
    ],
  };
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
    fields: [],
    batches: [
      [...byId.values()].map(({ id, advice, references }) => ({
        record: {},
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
      fields: [],
      batches: [
        suppressed.map(({ findings, because, from, ids }) => ({
          record: {},
          cells: () => [countCell(findings), textCell(because), textCell(from, "muted"), textCell(ids.join(", "))],
        })),
      ],
    },
  ];
}
