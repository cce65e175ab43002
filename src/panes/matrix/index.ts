import type { Command } from "../../commands/contract.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { counted } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { termFor } from "../../queries/filter-term.ts";
import type { Access } from "../../rbac/access.ts";
import { RbacAuthorizer } from "../../rbac/authorizer.ts";
import { Ledger } from "../../rbac/ledger.ts";
import { type Matrix, matrixOf, type MatrixRow } from "../../rbac/matrix.ts";
import type { RbacObjects } from "../../rbac/objects.ts";
import { type Subject, subjectText } from "../../rbac/subject.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { AnswerColumn } from "../answer-table.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { existingIn, existingOptions } from "../existing-roles.ts";
import { prepared } from "../prepared.ts";
import { matrixTable } from "../rights/tables.ts";
import { decidedTerms, resourceDimension } from "../rule-terms.ts";
import { commandLineFor } from "../shell-command.ts";
import { accessesAsks, openFor, subjectIn, subjectOptions, subjectParams, subjectTerm, whoseView } from "../subject.ts";
import { placeText, tablePage, underHead } from "../table-page.ts";

/** Verb by resource of one user: how often done, how often refused, and what it could besides. */
export const matrixPane: Pane = {
  id: "matrix",
  title: "matrix",
  about: "verb by resource of one user: done, ✖ refused and, with --existing, what it could have done",
  asks: accessesAsks,
  view(context, answers) {
    const subject = subjectIn(context.frame);
    return subject === null ? whoseView(context, answers, "matrix", "Matrix") : view(context, answers, subject);
  },
  params: subjectParams,
  commands: [
    step("matrix.next-verb", "verb to the right: what enter opens", ["l", "right"], 1),
    step("matrix.previous-verb", "verb to the left", ["h", "left"], -1),
    openFor("rights", {
      id: "matrix.rights",
      title: "least rights of this user",
      short: "rights",
      scope: "pane:matrix",
      key: "R",
    }),
  ],
};

/** The columns are those of the answer, which commands do not see: positions beyond them wrap when drawn. */
function step(id: string, title: string, keys: readonly string[], by: 1 | -1): Command {
  return {
    id,
    title,
    keys,
    scope: "pane:matrix",
    group: "move",
    run: ({ pane }) => [{ type: "params", params: { verb: String(place(pane) + by) } }],
  };
}

/** 0: the whole row. */
function place({ frame }: PaneContext): number {
  const at = Number(frame.params["verb"] ?? "0");
  return Number.isSafeInteger(at) ? at : 0;
}

function verbIn(context: PaneContext, { verbs }: Matrix): string | null {
  const columns = verbs.length + 1;
  const at = ((place(context) % columns) + columns) % columns;
  return at === 0 ? null : (verbs[at - 1] ?? null);
}

const matrixIn = prepared(
  (accesses: readonly Access[], subject: Subject, given: RbacObjects | null) => {
    const ledger = new Ledger(subject, accesses);
    return { ledger, matrix: matrixOf(ledger, given === null ? null : new RbacAuthorizer(given)) };
  },
  (subject, given) => [JSON.stringify(subject), given],
);

function view(context: PaneContext, answers: Answers, subject: Subject): PaneView {
  const result = answerOf(answers, "accesses", "accesses");
  const existing = existingIn(context, answers);
  const title = line(
    span("What ", "heading", true),
    span(safeText(subjectText(subject), context.unicode), "accent", true),
    span(" did", "heading", true),
    span(staleMark(answers, "accesses"), "warn"),
  );
  const commandLine = commandLineFor(context, {
    command: "rbac",
    options: [...subjectOptions(subject), "--matrix", ...existingOptions(context)],
  });
  const reason = absence(context, answers, "accesses", false);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const { ledger, matrix } = matrixIn(result.accesses, subject, existing.objects);
  const verb = verbIn(context, matrix);
  const table = matrixTable(matrix);
  const columns = table.columns.map((column): AnswerColumn<MatrixRow> => {
    if (column.id !== verb) return column;
    const { title, cell } = column;
    return { ...column, title: `›${title}`, cell: (row, look) => ({ ...cell(row, look), tone: "accent" }) };
  });
  const legend = line(
    ...existing.spans,
    span("n", "good"),
    span(" allowed  ", "muted"),
    span("✖n", "danger"),
    span(" refused", "muted"),
    ...(existing.objects === null ? [] : [span("  could", "warn"), span(" granted, not done", "muted")]),
  );
  const page = tablePage(
    context,
    {
      table: { ...table, columns },
      rows: matrix.rows,
      idOf: ({ apiGroup, resource, isPath }) => JSON.stringify([isPath, apiGroup, resource]),
    },
    context.height - 2,
  );
  const row = matrix.rows[page.index];
  return {
    ...underHead(
      [spreadLine(title, line(span(counted(matrix.rows.length, "resource"), "muted")), context.width), legend],
      page,
    ),
    selection: row === undefined ? {} : cellSelection(ledger, row, verb),
    summary: placeText(page),
    commandLine,
  };
}

/** Enter: the requests of the cell, or of the row. */
function cellSelection(
  ledger: Ledger,
  { apiGroup, resource, isPath, cells }: MatrixRow,
  verb: string | null,
): PaneSelection {
  const dimension = isPath ? resource : resourceDimension(apiGroup, resource);
  const resourceTerm = termFor("resource", dimension);
  const shown = verb === null ? [...cells.keys()] : [verb];
  const terms = shown
    .filter((each) => (cells.get(each)?.done ?? 0) + (cells.get(each)?.refused ?? 0) > 0)
    .flatMap((each) => askedTerms(ledger, each));
  const copy = `${verb ?? [...cells.keys()].join(",")} ${dimension}`;
  const term = [resourceTerm, ...(verb === null ? [] : [termFor("verb", verb)])].join(" ");
  if (terms.length === 0) return { copy, term };
  const asked = verb === null ? `(${[...new Set(terms)].join(" OR ")})` : (terms[0] ?? "");
  return {
    copy,
    term,
    enter: { frame: frameOf("requests"), chips: [subjectTerm(ledger.subject), resourceTerm, asked] },
  };
}

/** One term for the requests behind a verb. Acting as somebody for one is asked before it: refused, that has no decision. */
function askedTerms(ledger: Ledger, verb: string): readonly string[] {
  const [, acting] = /^impersonate-on:[^:]+:(.+)$/.exec(verb) ?? [];
  if (acting !== undefined) return [`(${termFor("verb", acting)} code:403 decision:"")`];
  if (isActing(verb)) return [];
  return [`(${[termFor("verb", verb), ...decidedTerms(ledger, ["allow", "forbid"])].join(" ")})`];
}

/** Asked of the authorizer on the way, never in a request of its own. */
function isActing(verb: string): boolean {
  return verb.startsWith("impersonate");
}
