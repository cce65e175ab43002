import type { Ask } from "../engine/contract.ts";
import type { GridLines, GridSection } from "../models/grid.ts";
import { line, span } from "../models/line.ts";
import { count, duration, percent, shortCount } from "../models/numbers.ts";
import { parseTime } from "../models/times.ts";
import type { Column, Line } from "../models/view.ts";
import type { Dimension, GroupResult, GroupRow } from "../queries/contract.ts";
import type { MeasureId } from "../queries/measures.ts";
import { parseQuery } from "../queries/parse-filter.ts";
import { frameOf } from "../state/initial-state.ts";
import { answerOf, selectionOf, staleMark } from "./answers.ts";
import type { Answers, PaneContext, PaneSelection } from "./contract.ts";
import { dimensionTitle, keepOf, shownValue } from "./dimensions.ts";
import { chipsOfKey } from "./terms.ts";
import { moment } from "./time-column.ts";
import { dimensionCell } from "./key-columns.ts";

/** A small table of a page: the largest groups of one or two dimensions, every row opening the requests it counted. */
export interface GroupSection {
  readonly id: string;
  readonly title: string;
  readonly by: readonly Dimension[];
  /** Terms of the pane besides the filters of the screen; they become chips when a row is opened. */
  readonly terms: readonly string[];
  readonly minWidth: number;
  readonly weight?: number;
  /** Columns of users are not made narrower for other columns; 14 by default. */
  readonly userWidth?: number;
  /** Columns after the names. */
  readonly shows: readonly ("errors" | "share" | "p50" | "p99" | "first" | "last")[];
  readonly rows: number;
}

export function sectionAsk(context: PaneContext, section: GroupSection): Ask {
  const selection = selectionOf(context);
  const filter =
    section.terms.length === 0
      ? selection.filter
      : { op: "and" as const, terms: [selection.filter, parseQuery(section.terms.join(" "))] };
  const measures = ["requests" as const, ...section.shows.map((column) => SHOWN[column])];
  return { kind: "groups", ...selection, filter, by: section.by, limit: section.rows, measures };
}

const SHOWN = {
  errors: "errors",
  share: "share",
  p50: "p50",
  p99: "p99",
  first: "firstSeen",
  last: "lastSeen",
} as const satisfies Readonly<Record<string, MeasureId>>;

function rowId(section: GroupSection, row: GroupRow): string {
  return `${section.id}|${JSON.stringify(section.by.map((dimension) => row.key[dimension] ?? ""))}`;
}

const TITLES = { errors: "errors", share: "share", p50: "p50", p99: "p99", first: "first", last: "last seen" } as const;

export function gridSection(context: PaneContext, answers: Answers, section: GroupSection): GridSection {
  const result = answerOf(answers, section.id, "groups");
  const names = section.by.map((dimension): Column => ({
    id: dimension,
    title: dimensionTitle(dimension),
    minWidth: leastWidth(section, dimension),
    grow: dimension === "code" || dimension === "class" ? 0 : 1,
    ...keepOf(dimension),
  }));
  const numbers: Column[] = [
    { id: "requests", title: "requests", align: "right" },
    ...section.shows.map((id, at): Column => ({ id, title: TITLES[id], align: "right", drop: 9 - at })),
  ];
  const rows = (result?.rows ?? []).map((row) => ({
    id: rowId(section, row),
    cells: [
      ...section.by.map((dimension) => dimensionCell(dimension, row.key[dimension] ?? "", context)),
      { text: count(row.requests), value: row.requests },
      ...section.shows.map((id) => shownCell(context, row, id)),
    ],
  }));
  return {
    id: section.id,
    title: sectionTitle(section, result, staleMark(answers, section.id)),
    minWidth: section.minWidth,
    ...(section.weight === undefined ? {} : { weight: section.weight }),
    table: {
      kind: "table",
      columns: [...names, ...numbers],
      rows,
      rowCount: result?.groups ?? 0,
      firstRow: 0,
      empty: answers[section.id]?.error ?? (result === undefined ? "counting …" : "none"),
    },
  };
}

function leastWidth({ userWidth = 14 }: GroupSection, dimension: Dimension): number {
  if (dimension === "code" || dimension === "class") return 4;
  if (dimension === "user" || dimension === "who") return userWidth;
  // A whole IPv4 address: a part of one is no address.
  if (dimension === "ip") return 15;
  return dimension === "resource" && userWidth > 14 ? 16 : 8;
}

function shownCell(context: PaneContext, row: GroupRow, what: GroupSection["shows"][number]): { text: string } {
  if (what === "share") return { text: percent(row.share) };
  if (what === "first") return { text: moment(context, parseTime(row.firstSeen)) };
  if (what === "last") return { text: moment(context, parseTime(row.lastSeen)) };
  if (what === "p50" || what === "p99") return { text: duration(row.latencyMs?.[what] ?? null) };
  const errors = row.errors["4xx"] + row.errors["5xx"];
  return { text: errors === 0 ? "·" : shortCount(errors) };
}

function sectionTitle(section: GroupSection, result: GroupResult | undefined, mark: string): Line {
  const groups = result === undefined || result.groups <= 1 ? "" : ` ${count(result.groups)}`;
  return line("  ", span(section.title, "heading", true), span(groups, "muted"), span(mark, "warn"));
}

/** What enter, +, - and c do on a row of these sections; undefined when the row is of none of them. */
export function sectionSelection(
  answers: Answers,
  sections: readonly GroupSection[],
  id: string | undefined,
): PaneSelection | undefined {
  const section = sections.find((candidate) => id?.startsWith(`${candidate.id}|`) === true);
  if (section === undefined) return undefined;
  const row = answerOf(answers, section.id, "groups")?.rows.find((candidate) => rowId(section, candidate) === id);
  if (row === undefined) return undefined;
  // The row's own code says more than the range of codes the table is of.
  const terms = section.by.includes("code") ? section.terms.filter((term) => !term.startsWith("code:")) : section.terms;
  const chips = [...terms, ...chipsOfKey(section.by, row.key)];
  const user = row.key["user"] ?? "";
  return {
    copy: section.by.map((dimension) => shownValue(dimension, row.key[dimension] ?? "")).join(" "),
    term: chips.join(" "),
    enter: { frame: frameOf("requests"), chips },
    ...(user === "" ? {} : { user }),
  };
}

/** First row of the section after, or before, the one the cursor is in: `h l` and the arrows. */
export function sectionJumps(
  grid: Pick<GridLines, "ids" | "sectionOf">,
  index: number,
): Readonly<Record<"next-section" | "previous-section", { readonly id: string; readonly index: number } | undefined>> {
  const { ids, sectionOf } = grid;
  const here = sectionOf.get(ids[index] ?? "");
  const next = ids.findIndex((id, at) => at > index && sectionOf.get(id) !== here);
  const before = ids.findLastIndex((id, at) => at < index && sectionOf.get(id) !== here);
  const start = ids.findIndex((id) => sectionOf.get(id) === sectionOf.get(ids[before] ?? ""));
  const target = (at: number): { id: string; index: number } | undefined => {
    const id = ids[at];
    return id === undefined ? undefined : { id, index: at };
  };
  return { "next-section": target(next), "previous-section": before < 0 ? undefined : target(start) };
}
