import type { Access } from "../../rbac/access.ts";
import type { RbacAuthorizer } from "../../rbac/authorizer.ts";
import { Ledger } from "../../rbac/ledger.ts";
import { type Matrix, matrixOf, type MatrixRow } from "../../rbac/matrix.ts";
import { type Subject, subjectText } from "../../rbac/subject.ts";
import { matrixColumns } from "../../rbac/tables.ts";
import type { TimeZone } from "../../models/times.ts";
import type { Answer, Section } from "../output.ts";
import { rbacSection } from "./section.ts";

/** Verb × resource, a table a subject. */
export function matrixAnswer(
  accesses: readonly Access[],
  subjects: readonly Subject[],
  authorizer: RbacAuthorizer | null,
  zone: TimeZone,
): Answer {
  const tables = subjects.map((subject) => {
    const matrix = matrixOf(new Ledger(subject, accesses), authorizer);
    return { subject, matrix, section: matrixSection(subject, matrix, zone) };
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
      batches: tables.flatMap(({ section }) => [...(section.batches as Iterable<Rows>)]),
    },
    people: tables.map(({ section }) => section),
  };
}

type Rows = Section["batches"] extends Iterable<infer Batch> | AsyncIterable<unknown> ? Batch : never;

function matrixSection(subject: Subject, matrix: Matrix, zone: TimeZone): Section {
  return rbacSection(matrixColumns(matrix), matrix.rows, {
    title: `${subjectText(subject)}: requests allowed, ✖ refused`,
    empty: "nothing was asked of the authorizer",
    fields: [],
    record: (row) => rowRecord(subject, row),
    zone,
  });
}

function rowRecord(subject: Subject, row: MatrixRow): Readonly<Record<string, unknown>> {
  const { apiGroup, resource, isPath, cells } = row;
  return {
    subject: subjectText(subject),
    ...(isPath ? { path: resource } : { apiGroup, resource }),
    verbs: Object.fromEntries(cells),
  };
}
