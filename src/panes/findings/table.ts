import type { Finding, FindingsResult } from "../../findings/contract.ts";
import { type AnswerTable, countCell, fields, textCell, timeCell } from "../answer-table.ts";
import { severityMark, severityTone } from "./severity.ts";
import { shortTitle } from "./short-title.ts";

/** Narrower screens leave words out that the lines below have in full. */
export const WIDE_FROM = 100;
const WHOLE_NAMES_FROM = 140;

export const FINDING_TABLE: AnswerTable<Finding> = {
  fields: fields(
    "severity",
    "id",
    "title",
    "detail",
    "count",
    "firstSeen",
    "lastSeen",
    "subject.user",
    "subject.ip",
    "subject.resource",
    "subject.object",
    "evidence.query",
    "advice",
  ),
  columns: [
    {
      id: "severity",
      title: "severity",
      room: (width) => (width < WIDE_FROM ? { title: "", minWidth: 6 } : { minWidth: 10 }),
      cell: ({ severity }, { unicode, isPrinted, width }) => ({
        text: isPrinted
          ? severity
          : `${severityMark(severity, unicode)} ${width < WIDE_FROM ? severity.slice(0, 4) : severity}`,
        tone: severityTone(severity),
      }),
    },
    {
      id: "firstSeen",
      title: "first seen",
      isTime: true,
      minWidth: 10,
      drop: 3,
      cell: ({ firstSeen }, look) => timeCell(firstSeen, look, "muted"),
    },
    {
      id: "lastSeen",
      title: "last seen",
      isTime: true,
      minWidth: 9,
      drop: 1,
      cell: ({ lastSeen }, look) => timeCell(lastSeen, look, "muted"),
    },
    {
      id: "title",
      title: "what",
      grow: 1,
      wrap: true,
      room: (width) => ({ minWidth: width < 70 ? 24 : width < WIDE_FROM ? 44 : 64 }),
      cell(finding, look) {
        const { title, why } = finding;
        if (!look.isPrinted) return textCell(look.width < WHOLE_NAMES_FROM ? shortTitle(finding) : title, look);
        return textCell(why === undefined ? title : `${title} (${why})`, look);
      },
    },
    { id: "count", title: "requests", align: "right", cell: ({ count }) => countCell(count) },
    { id: "id", title: "id", drop: 2, minWidth: 16, maxWidth: 28, cell: ({ id }, look) => textCell(id, look, "muted") },
    {
      id: "query",
      title: "evidence",
      keep: "head",
      drop: 4,
      only: "print",
      cell: ({ evidence }, look) => textCell(evidence.query, look, "muted"),
    },
  ],
};

/** What to do, once for every kind of finding. */
export const ADVICE_TABLE: AnswerTable<Finding> = {
  title: "What to do",
  columns: [
    { id: "id", title: "id", cell: ({ id }, look) => textCell(id, look) },
    { id: "advice", title: "advice", grow: 1, wrap: true, cell: ({ advice }, look) => textCell(advice, look) },
    {
      id: "references",
      title: "references",
      drop: 1,
      keep: "head",
      cell: ({ references }, look) => textCell(references.join(", "), look, "muted"),
    },
  ],
};

export const SUPPRESSED_TABLE: AnswerTable<FindingsResult["suppressed"][number]> = {
  title: "Expected, and left out",
  columns: [
    { id: "findings", title: "findings", align: "right", cell: ({ findings }) => countCell(findings) },
    { id: "because", title: "because", grow: 1, cell: ({ because }, look) => textCell(because, look) },
    { id: "from", title: "from", drop: 2, cell: ({ from }, look) => textCell(from, look, "muted") },
    { id: "ids", title: "ids", drop: 1, cell: ({ ids }, look) => textCell(ids.join(", "), look) },
  ],
};
