import type { Access } from "../../rbac/access.ts";
import type { RbacAuthorizer } from "../../rbac/authorizer.ts";
import { Ledger } from "../../rbac/ledger.ts";
import { matrixOf, type MatrixRow } from "../../rbac/matrix.ts";
import { type Subject, subjectText } from "../../rbac/subject.ts";
import type { TimeZone } from "../../models/times.ts";
import { matrixTable } from "../../panes/rights/tables.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { Answer, DataSection, OutputRow } from "../output.ts";

/** Verb × resource, a table a subject. */
export function matrixAnswer(
  accesses: readonly Access[],
  subjects: readonly Subject[],
  authorizer: RbacAuthorizer | null,
  zone: TimeZone,
): Answer {
  const tables = subjects.map((subject) => {
    const matrix = matrixOf(new Ledger(subject, accesses), authorizer);
    const section = {
      ...tableSection(matrixTable(matrix), matrix.rows, printedLook(zone), (row) => rowRecord(subject, row)),
      title: `${subjectText(subject)}: requests allowed, ✖ refused`,
    };
    return { subject, matrix, section };
  });
  const verbs = [...new Set(tables.flatMap(({ matrix }) => matrix.verbs))];
  const cells = verbs.flatMap((verb) =>
    ["done", "refused", "could"].map((part) => ({ name: `${verb}.${part}`, path: ["verbs", verb, part] })),
  );
  const [first] = tables;
  return {
    document: {
      subjects: tables.map(({ subject, matrix }) => ({
        ...subject,
        verbs: matrix.verbs,
        rows: matrix.rows.map((row) => rowRecord(subject, row)),
      })),
    },
    data: {
      columns: first?.section.columns ?? [],
      fields: [...["subject", "apiGroup", "resource", "path"].map((name) => ({ name, path: [name] })), ...cells],
      batches: everyBatch(tables.map(({ section }) => section)),
    },
    people: tables.map(({ section }) => section),
  };
}

async function* everyBatch(sections: readonly DataSection[]): AsyncGenerator<readonly OutputRow[]> {
  for (const { batches } of sections) yield* batches;
}

function rowRecord(subject: Subject, row: MatrixRow): Readonly<Record<string, unknown>> {
  const { apiGroup, resource, isPath, cells } = row;
  return {
    subject: subjectText(subject),
    ...(isPath ? { path: resource } : { apiGroup, resource }),
    verbs: Object.fromEntries(cells),
  };
}
