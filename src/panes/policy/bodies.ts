import type { PolicyReport } from "../../engine/policy-report.ts";
import { wrapText } from "../../models/display-width.ts";
import { line, span, wrapLine } from "../../models/line.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line, Tone } from "../../models/view.ts";
import { quote } from "../../queries/print-filter.ts";
import { termFor } from "../../queries/filter-term.ts";
import { ruleText } from "../../policy/rule-text.ts";
import type { LintItem } from "../../policy/lint/lint.ts";
import type { KeptRow } from "../../policy/tally.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { AnswerTable } from "../answer-table.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { linesOf } from "../document-view.ts";
import { prepared } from "../prepared.ts";
import { tablePage, type TablePage } from "../table-page.ts";
import type { Show } from "./shows.ts";
import { keptTable, lintTable, lossRows, lossTable, ruleTable, suggestTable } from "./tables.ts";

/** Rows of one table, what is under the cursor, and what there is to say about it. */
export interface Body {
  readonly page: TablePage;
  readonly about: readonly Line[];
  readonly selection: PaneSelection;
}

const ABOUT_LINES = 4;

/** Null where the report has nothing of the kind yet. `room`: lines for rows and what is said about one of them. */
export function bodyOf(
  context: PaneContext,
  report: PolicyReport,
  show: Exclude<Show, "yaml">,
  room: number,
): Body | null {
  const { given, policy, replay, suggestion } = report;
  switch (show) {
    case "lint":
      return given === null
        ? null
        : body<LintItem>(context, room, {
            table: lintTable(""),
            rows: given.items,
            idOf: ({ id, place, message }) => `${id} ${String(place?.line ?? 0)} ${message}`,
            about: ({ message, instead }) => [
              [message, "normal"],
              [`instead: ${instead}`, "muted"],
            ],
          });
    case "suggestion":
      return body(context, room, {
        table: suggestTable(suggestion),
        rows: suggestion.rules,
        idOf: ({ rule }) => JSON.stringify(rule),
        about: ({ about, givesUp }) => [
          [about.join(" "), "normal"],
          ...(givesUp === "" ? [] : [[`gives up: ${givesUp}`, "warn"] as const]),
        ],
      });
    case "rules":
      if (policy === null || replay === null) return null;
      return body(context, room, {
        table: ruleTable(policy),
        rows: replay.rules,
        idOf: ({ rule }) => String(rule),
        about: ({ rule }) => {
          const own = policy.rules[rule];
          return [[own === undefined ? "no rule matches: level None" : ruleText(own), "muted"]];
        },
      });
    case "lost":
      if (replay === null) return null;
      return body(context, room, {
        table: lossTable,
        rows: lossRows(replay.loses),
        idOf: ({ title, has, lost }) => `${title} ${String(has === lost)}`,
        about: ({ subjects, because }) => [
          [because, "normal"],
          ...(subjects.length === 0 ? [] : [[`of ${subjects.join(", ")}`, "muted"] as const]),
        ],
      });
    case "resources":
    case "users": {
      if (replay === null) return null;
      const isOfUsers = show === "users";
      return body(context, room, {
        table: keptTable("", isOfUsers ? "user" : "resource"),
        rows: isOfUsers ? replay.users : replay.resources,
        idOf: ({ key }) => key,
        about: () => [],
        select: (row) => keptSelection(row, isOfUsers),
      });
    }
  }
}

interface BodyOf<Row> {
  readonly table: AnswerTable<Row>;
  readonly rows: readonly Row[];
  idOf(row: Row): string;
  about(row: Row): readonly (readonly [text: string, tone: Tone])[];
  select?(row: Row): PaneSelection;
}

function body<Row>(context: PaneContext, room: number, { table, rows, idOf, about, select }: BodyOf<Row>): Body {
  const { width, unicode } = context;
  const below = room >= 8 ? ABOUT_LINES : 0;
  const page = tablePage(context, { table, rows, idOf }, room - below);
  const row = rows[page.index];
  const told = row === undefined ? [] : about(row);
  return {
    page,
    about: told
      .flatMap(([text, tone]) =>
        wrapText(safeText(text, unicode), Math.max(10, width - 2), ABOUT_LINES).map((piece) =>
          line("  ", span(piece, tone)),
        ),
      )
      .slice(0, below),
    selection: row === undefined ? {} : (select?.(row) ?? {}),
  };
}

function keptSelection({ key }: KeptRow, isOfUsers: boolean): PaneSelection {
  if (key === "(others)" || key.endsWith("…")) return {};
  // A policy sees who really asked, not whom it asked to be.
  const term = isOfUsers ? `((user:${quote(key)} as:"") OR as:${quote(key)})` : termFor("resource", key);
  const whose = key === "" ? 'user:""' : term;
  return {
    copy: key,
    term: isOfUsers ? whose : term,
    ...(isOfUsers && key !== "" ? { user: key } : {}),
    enter: { frame: frameOf("requests"), chips: [isOfUsers ? whose : term], alone: true },
  };
}

/** The suggestion as a file; comments go on in the next line. */
export const yamlLines = prepared(({ suggestionText }: PolicyReport, width: number, unicode: boolean) =>
  linesOf(suggestionText).flatMap((text) => {
    const safe = safeText(text, unicode);
    return wrapLine(line(/^\s*#/.test(safe) ? span(safe, "muted") : safe), width);
  }),
);
