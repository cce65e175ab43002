import { byteSize, percent } from "../../models/numbers.ts";
import type { Cell, Column, Tone } from "../../models/view.ts";
import type { Policy } from "../../policy/contract.ts";
import type { Severity } from "../../policy/lint/contract.ts";
import type { LintItem } from "../../policy/lint/lint.ts";
import type { Loss } from "../../policy/needs/losses.ts";
import type { Change, ChangeSide } from "../../policy/replay-changes.ts";
import type { ReplayedRule, ReplayResult } from "../../policy/replay.ts";
import type { SuggestedRule, Suggestion } from "../../policy/suggest/contract.ts";
import type { Kept, KeptRow } from "../../policy/tally.ts";
import { ruleText } from "../../policy/rule-text.ts";
import { type AnswerColumn, type AnswerTable, type CellLook, countCell, textCell } from "../answer-table.ts";

function bytesCell(value: number): Cell {
  return { text: byteSize(value), value, ...(value === 0 ? { tone: "muted" } : {}) };
}

function shareCell(kept: number, whole: number): Cell {
  return { text: whole === 0 ? "-" : percent(kept / whole), ...(kept === 0 ? { tone: "muted" } : {}) };
}

function numeric<Row>(
  id: string,
  title: string,
  cell: AnswerColumn<Row>["cell"],
  more: Partial<Column> = {},
): AnswerColumn<Row> {
  return { id, title, align: "right", cell, ...more };
}

function levelCell(level: string, look: CellLook): Cell {
  return textCell(level, look, level === "None" ? "muted" : undefined);
}

/** `whole`: what the share of the bytes is of; absent: of the row's own. */
function volumeColumns<Row extends Kept>(whole?: number): readonly AnswerColumn<Row>[] {
  return [
    numeric("inEvents", "events", (row) => countCell(row.in.events), { drop: 3 }),
    numeric("inBytes", "bytes", (row) => bytesCell(row.in.bytes)),
    numeric("keptEvents", "kept", ({ kept }) => countCell(kept.events), { drop: 2 }),
    numeric("keptBytes", "bytes kept", ({ kept }) => bytesCell(kept.bytes)),
    numeric("share", "share", (row) => shareCell(row.kept.bytes, whole ?? row.in.bytes)),
  ];
}

export interface LevelRow extends Kept {
  readonly level: string;
}

/** The whole log, then by level: recorded against written. */
export function levelRows({ in: whole, kept, levels }: ReplayResult): readonly LevelRow[] {
  const rows = Object.entries(levels)
    .filter(([level]) => level !== "None")
    .map(([level, volumes]) => ({ level, ...volumes }));
  return [{ level: "all", in: whole, kept }, ...rows];
}

/** The share is of the whole log: what one level loses another may gain. */
export function levelTable(result: ReplayResult): AnswerTable<LevelRow> {
  return {
    title: "By level: as recorded, and as the policy writes it",
    columns: [
      {
        id: "level",
        title: "level",
        cell: ({ level }, look) => textCell(level, look, level === "all" ? "heading" : undefined),
      },
      ...volumeColumns<LevelRow>(result.in.bytes),
    ],
    empty: "no events",
  };
}

export function ruleTable({ rules }: Policy): AnswerTable<ReplayedRule> {
  return {
    title: "By rule",
    columns: [
      numeric("line", "line", ({ line }, look) => lineCell(line, look)),
      { id: "level", title: "level", cell: ({ level }, look) => levelCell(level, look) },
      {
        id: "rule",
        title: "rule",
        grow: 1,
        keep: "head",
        minWidth: 24,
        cell({ rule }, look) {
          const own = rules[rule];
          return own === undefined ? textCell("no rule matches", look, "muted") : textCell(ruleText(own), look);
        },
      },
      ...volumeColumns<ReplayedRule>(),
    ],
    empty: "no rules",
  };
}

function lineCell(line: number | null | undefined, look: CellLook): Cell {
  return textCell(line?.toString(), look, "muted");
}

export function keptTable(title: string, what: string): AnswerTable<KeptRow> {
  return {
    title,
    columns: [
      { id: "key", title: what, grow: 1, cell: ({ key }, look) => textCell(key, look) },
      ...volumeColumns<KeptRow>(),
    ],
    empty: "nothing",
  };
}

/** Losses of one feature: those that are whole, and those in part. */
export interface LossRow {
  readonly title: string;
  readonly subjects: readonly string[];
  readonly has: number;
  readonly lost: number;
  readonly because: string;
}

/** What is lost wholly first. */
export function lossRows(losses: readonly Loss[]): readonly LossRow[] {
  const rows = new Map<string, { title: string; subjects: string[]; has: number; lost: number; because: string }>();
  for (const { feature, title, subject, has, lost, because } of losses) {
    const key = `${feature} ${String(has === lost)}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { title, subjects: subject === "" ? [] : [subject], has, lost, because });
    else {
      row.subjects.push(subject);
      row.has += has;
      row.lost += lost;
    }
  }
  return [...rows.values()];
}

const MOST_SUBJECTS = 3;

function subjectsText(subjects: readonly string[]): string {
  const more = subjects.length - MOST_SUBJECTS;
  return subjects.slice(0, MOST_SUBJECTS).join(", ") + (more > 0 ? ` and ${String(more)} more` : "");
}

export const lossTable: AnswerTable<LossRow> = {
  title: "What would be lost",
  columns: [
    {
      id: "what",
      title: "what",
      keep: "head",
      cell: ({ title, has, lost }, look) => textCell(title, look, has === lost ? "danger" : "warn"),
    },
    {
      id: "of",
      title: "of",
      grow: 1,
      keep: "head",
      cell: ({ subjects }, look) => textCell(subjectsText(subjects), look),
    },
    numeric("has", "events", ({ has }) => countCell(has)),
    numeric("lost", "lost", ({ has, lost }, look) => (has === lost ? textCell("all", look) : countCell(lost))),
    {
      id: "because",
      title: "most of it since",
      keep: "head",
      drop: 1,
      cell: ({ because }, look) => textCell(because, look),
    },
  ],
  empty: "nothing that this log is used for",
};

/** A finding, or below it what to write instead. */
export type LintRow = LintItem | { readonly instead: string };

export function lintRows(items: readonly LintItem[]): readonly LintRow[] {
  return items.flatMap((item) => [item, { instead: item.instead }]);
}

const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { error: "danger", warning: "warn", info: "info" };

/** `title`: the policy, where a file holds several. */
export function lintTable(title: string): AnswerTable<LintRow> {
  const ofItem =
    (make: (item: LintItem, look: CellLook) => Cell): AnswerColumn<LintRow>["cell"] =>
    (row, look) =>
      "severity" in row ? make(row, look) : { text: "" };
  return {
    title,
    columns: [
      numeric(
        "line",
        "line",
        ofItem(({ place }, look) => lineCell(place?.line, look)),
      ),
      {
        id: "severity",
        title: "severity",
        cell: ofItem(({ severity }, look) => textCell(severity, look, SEVERITY_TONES[severity])),
      },
      {
        id: "message",
        title: "what really happens, and what to write instead",
        grow: 1,
        wrap: true,
        minWidth: 40,
        cell: (row, look) =>
          "severity" in row
            ? textCell(`${row.id}: ${row.message}`, look)
            : textCell(`instead: ${row.instead}`, look, "muted"),
      },
    ],
    empty: "nothing to say about it",
  };
}

export interface SideRow {
  readonly what: string;
  readonly log: number;
  readonly a: number;
  readonly b: number;
  readonly isBytes: boolean;
}

/** Two replays of one log. */
export function sideRows(a: ReplayResult, b: ReplayResult): readonly SideRow[] {
  const levels = (["Metadata", "Request", "RequestResponse"] as const).map((level) => ({
    what: `${level} events`,
    log: a.levels[level].in.events,
    a: a.levels[level].kept.events,
    b: b.levels[level].kept.events,
    isBytes: false,
  }));
  return [
    { what: "events", log: a.in.events, a: a.kept.events, b: b.kept.events, isBytes: false },
    { what: "bytes", log: a.in.bytes, a: a.kept.bytes, b: b.kept.bytes, isBytes: true },
    ...levels,
    { what: "lost wholly", log: 0, a: lostWholly(a), b: lostWholly(b), isBytes: false },
  ];
}

function lostWholly({ loses }: ReplayResult): number {
  return loses.filter(({ has, lost }) => has === lost).length;
}

export function sideTable(a: string, b: string): AnswerTable<SideRow> {
  const amount = (which: "log" | "a" | "b") => (row: SideRow) => (row.isBytes ? bytesCell : countCell)(row[which]);
  return {
    title: "Side by side",
    columns: [
      { id: "what", title: "what", cell: ({ what }, look) => textCell(what, look) },
      numeric("log", "log", amount("log")),
      numeric("a", a, amount("a"), { grow: 1 }),
      numeric("b", b, amount("b"), { grow: 1 }),
    ],
    empty: "nothing",
  };
}

/** Who is treated differently by two policies. */
export function changeTable(a: Policy, b: Policy): AnswerTable<Change> {
  const side = ({ rules }: Policy, { rule, level, omitted }: ChangeSide, look: CellLook): Cell => {
    const line = rules[rule]?.place.line;
    const where = line === undefined ? "no rule" : `line ${String(line)}`;
    const told = omitted && level !== "None" ? "stage omitted" : level;
    return textCell(`${told} (${where})`, look, omitted ? "muted" : undefined);
  };
  return {
    title: "What the two treat differently",
    columns: [
      numeric("events", "events", ({ events }) => countCell(events)),
      { id: "a", title: "the first", cell: (change, look) => side(a, change.a, look) },
      { id: "b", title: "the second", cell: (change, look) => side(b, change.b, look) },
      numeric("aBytes", "bytes", (change) => bytesCell(change.a.bytes)),
      numeric("bBytes", "bytes", (change) => bytesCell(change.b.bytes)),
      {
        id: "example",
        title: "for example",
        grow: 1,
        drop: 1,
        cell: ({ example: { verb, target, user } }, look) => textCell(`${verb} ${target} by ${user || "nobody"}`, look),
      },
    ],
    empty: "nothing: they write the same of this log",
  };
}

/** Rules of a suggestion with what each saves. */
export function suggestTable({ in: whole, kept }: Suggestion): AnswerTable<SuggestedRule> {
  return {
    title: `Suggested: ${byteSize(kept.bytes)} of ${byteSize(whole.bytes)} are kept (${whole.bytes === 0 ? "nothing" : percent(kept.bytes / whole.bytes)})`,
    columns: [
      { id: "level", title: "level", cell: ({ rule }, look) => levelCell(rule.level, look) },
      {
        id: "about",
        title: "rule",
        grow: 2,
        wrap: true,
        minWidth: 24,
        cell: ({ about }, look) => textCell(about.join(" "), look),
      },
      {
        id: "givesUp",
        title: "gives up",
        grow: 1,
        wrap: true,
        minWidth: 14,
        drop: 4,
        cell: ({ givesUp }, look) => textCell(givesUp, look, "muted"),
      },
      ...volumeColumns<SuggestedRule>(),
    ],
    empty: "no rules",
  };
}
