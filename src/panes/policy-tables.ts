import { byteSize, count, percent } from "../models/numbers.ts";
import { orDash, safeText } from "../models/text-safety.ts";
import type { Cell, Column, Tone } from "../models/view.ts";
import type { Policy } from "../policy/contract.ts";
import type { Severity } from "../policy/lint/contract.ts";
import type { LintItem } from "../policy/lint/lint.ts";
import type { Loss } from "../policy/needs/losses.ts";
import type { Change, ChangeSide } from "../policy/replay-changes.ts";
import type { ReplayedRule, ReplayResult } from "../policy/replay.ts";
import type { SuggestedRule, Suggestion } from "../policy/suggest/contract.ts";
import type { Kept, KeptRow } from "../policy/tally.ts";
import { ruleText } from "../policy/rule-text.ts";

/** A table as data: what a pane shows and a headless command prints. */
export interface DataTable<Row> {
  readonly title: string;
  readonly columns: readonly Column[];
  /** Shown instead of rows when there are none. */
  readonly empty: string;
  cells(row: Row): readonly Cell[];
}

function text(value: string, tone?: Tone): Cell {
  const shown = orDash(safeText(value));
  return tone === undefined ? { text: shown } : { text: shown, tone };
}

function events(value: number): Cell {
  return text(count(value), value === 0 ? "muted" : undefined);
}

function bytes(value: number): Cell {
  return text(byteSize(value), value === 0 ? "muted" : undefined);
}

function share(kept: number, whole: number): Cell {
  return text(whole === 0 ? "" : percent(kept / whole), kept === 0 ? "muted" : undefined);
}

const right = (id: string, title: string, more: Partial<Column> = {}): Column => ({
  id,
  title,
  align: "right",
  ...more,
});

const VOLUME_COLUMNS: readonly Column[] = [
  right("inEvents", "events", { drop: 3 }),
  right("inBytes", "bytes"),
  right("keptEvents", "kept", { drop: 2 }),
  right("keptBytes", "bytes kept"),
  right("share", "share"),
];

/** The share is of the bytes. */
function volumeCells({ in: whole, kept }: Kept): readonly Cell[] {
  return [
    events(whole.events),
    bytes(whole.bytes),
    events(kept.events),
    bytes(kept.bytes),
    share(kept.bytes, whole.bytes),
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
export function levelTable(result: ReplayResult): DataTable<LevelRow> {
  return {
    title: "By level: as recorded, and as the policy writes it",
    columns: [{ id: "level", title: "level" }, ...VOLUME_COLUMNS],
    empty: "no events",
    cells: (row) => [
      text(row.level, row.level === "all" ? "heading" : undefined),
      ...volumeCells(row).slice(0, -1),
      share(row.kept.bytes, result.in.bytes),
    ],
  };
}

export function ruleTable(policy: Policy): DataTable<ReplayedRule> {
  return {
    title: "By rule",
    columns: [
      right("line", "line"),
      { id: "level", title: "level" },
      { id: "rule", title: "rule", grow: 1, keep: "head", minWidth: 24 },
      ...VOLUME_COLUMNS,
    ],
    empty: "no rules",
    cells: (row) => {
      const rule = policy.rules[row.rule];
      return [
        text(row.line === null ? "" : String(row.line), "muted"),
        text(row.level, row.level === "None" ? "muted" : undefined),
        rule === undefined ? text("no rule matches", "muted") : text(ruleText(rule)),
        ...volumeCells(row),
      ];
    },
  };
}

export function keptTable(title: string, what: string): DataTable<KeptRow> {
  return {
    title,
    columns: [{ id: "key", title: what, grow: 1 }, ...VOLUME_COLUMNS],
    empty: "nothing",
    cells: (row) => [text(row.key), ...volumeCells(row)],
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

export const lossTable: DataTable<LossRow> = {
  title: "What would be lost",
  columns: [
    { id: "what", title: "what", keep: "head" },
    { id: "of", title: "of", grow: 1, keep: "head" },
    right("has", "events"),
    right("lost", "lost"),
    { id: "because", title: "most of it since", keep: "head", drop: 1 },
  ],
  empty: "nothing that this log is used for",
  cells: ({ title, subjects, has, lost, because }) => [
    text(title, has === lost ? "danger" : "warn"),
    subjects.length > MOST_SUBJECTS
      ? text(`${subjects.slice(0, MOST_SUBJECTS).join(", ")} and ${String(subjects.length - MOST_SUBJECTS)} more`)
      : text(subjects.join(", ")),
    events(has),
    has === lost ? text("all") : events(lost),
    text(because),
  ],
};

/** A finding, or below it what to write instead. */
export type LintRow = LintItem | { readonly instead: string };

export function lintRows(items: readonly LintItem[]): readonly LintRow[] {
  return items.flatMap((item) => [item, { instead: item.instead }]);
}

const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { error: "danger", warning: "warn", info: "info" };

/** `title`: the policy, where a file holds several. */
export function lintTable(title: string): DataTable<LintRow> {
  return {
    title,
    columns: [
      right("line", "line"),
      { id: "severity", title: "severity" },
      { id: "message", title: "what really happens, and what to write instead", grow: 1, wrap: true, minWidth: 40 },
    ],
    empty: "nothing to say about it",
    cells: (row) => {
      if (!("severity" in row)) return [{ text: "" }, { text: "" }, text(`instead: ${row.instead}`, "muted")];
      const { place, severity, id, message } = row;
      return [
        text(place === null ? "" : String(place.line), "muted"),
        text(severity, SEVERITY_TONES[severity]),
        text(`${id}: ${message}`),
      ];
    },
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

export function sideTable(a: string, b: string): DataTable<SideRow> {
  return {
    title: "Side by side",
    columns: [
      { id: "what", title: "what" },
      right("log", "log"),
      right("a", a, { grow: 1 }),
      right("b", b, { grow: 1 }),
    ],
    empty: "nothing",
    cells: ({ what, log, isBytes, ...sides }) => {
      const cell = isBytes ? bytes : events;
      return [text(what), cell(log), cell(sides.a), cell(sides.b)];
    },
  };
}

/** Who is treated differently by two policies. */
export function changeTable(a: Policy, b: Policy): DataTable<Change> {
  const side = (policy: Policy, { rule, level, omitted }: ChangeSide): Cell => {
    const line = policy.rules[rule]?.place.line;
    const where = line === undefined ? "no rule" : `line ${String(line)}`;
    return text(`${omitted && level !== "None" ? "stage omitted" : level} (${where})`, omitted ? "muted" : undefined);
  };
  return {
    title: "What the two treat differently",
    columns: [
      right("events", "events"),
      { id: "a", title: "the first" },
      { id: "b", title: "the second" },
      right("aBytes", "bytes"),
      right("bBytes", "bytes"),
      { id: "example", title: "for example", grow: 1, drop: 1 },
    ],
    empty: "nothing: they write the same of this log",
    cells: (change) => [
      events(change.events),
      side(a, change.a),
      side(b, change.b),
      bytes(change.a.bytes),
      bytes(change.b.bytes),
      text(`${change.example.verb} ${change.example.target} by ${change.example.user || "nobody"}`),
    ],
  };
}

/** Rules of a suggestion with what each saves. */
export function suggestTable({ in: whole, kept }: Suggestion): DataTable<SuggestedRule> {
  return {
    title: `Suggested: ${byteSize(kept.bytes)} of ${byteSize(whole.bytes)} are kept (${whole.bytes === 0 ? "nothing" : percent(kept.bytes / whole.bytes)})`,
    columns: [
      { id: "level", title: "level" },
      { id: "about", title: "rule", grow: 2, wrap: true, minWidth: 24 },
      { id: "givesUp", title: "gives up", grow: 1, wrap: true, minWidth: 14, drop: 4 },
      ...VOLUME_COLUMNS,
    ],
    empty: "no rules",
    cells: ({ rule, about, givesUp, ...volumes }) => [
      text(rule.level, rule.level === "None" ? "muted" : undefined),
      text(about.join(" ")),
      text(givesUp, "muted"),
      ...volumeCells(volumes),
    ],
  };
}
