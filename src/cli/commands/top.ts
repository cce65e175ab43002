import { shownValue } from "../../panes/dimensions.ts";
import { GROUP_COLUMNS, type GroupLook, PRINTED_LOOK } from "../../panes/top/columns.ts";
import type { Dimension, GroupResult, GroupRow } from "../../queries/contract.ts";
import { GROUP_SORTS, MEASURE_IDS, pathsOf } from "../../queries/measures.ts";
import { column, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import type { Options } from "../options.ts";
import type { Answer, OutputRow } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";
import { rates } from "../../models/numbers.ts";
import type { TimeZone } from "../../models/times.ts";

const DEFAULT_LIMIT = 20;

export const top: CliCommand = {
  name: "top",
  about: "requests, share, rate, errors and latency percentiles per group",
  operands: [],
  options: [
    "by",
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "limit",
    "sort",
    "reverse",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
  ],
  sorts: GROUP_SORTS,
  defaults: { limit: "20", by: "user", sort: "requests", output: "table" },
  outputs: ["table", "json", "jsonl", "csv", "md"],
  examples: [
    ["ktrail top audit.log --by user", "who calls most"],
    ["ktrail top audit.log --by user,resource -q code:403", "who is refused, and what"],
    ["ktrail top audit.log --by ip -q code:401", "where failed logins come from"],
    ["ktrail top audit.log --by resource --sort bytes", "what fills the log"],
  ],
  dimensions: groupedBy,
  async answer({ engine, invocation: { options }, selection }) {
    const by = groupedBy(options);
    const limit = options.limit ?? DEFAULT_LIMIT;
    const bounded = Number.isFinite(limit) ? { limit } : {};
    const sort = GROUP_SORTS.find((known) => known === options.sort) ?? "requests";
    const query = { ...selection, by, measures: MEASURE_IDS, sort, reverse: options.reverse, ...bounded };
    return topAnswer(await engine.ask("groups", query), options.tz);
  },
};

function groupedBy({ by = ["user"] }: Options): readonly Dimension[] {
  return by;
}

export function topAnswer(result: GroupResult, zone: TimeZone, title?: string): Answer {
  const look: GroupLook = {
    ...PRINTED_LOOK,
    rateText: rates(result.rows.map((row) => row.rate)),
    timeText: (iso) => secondTime(iso, zone),
  };
  const data = {
    ...(title === undefined ? {} : { title }),
    columns: [
      ...result.by.map((dimension) => column(dimension, dimension, { grow: 1 })),
      ...PRINTED.map((each) => (each.id === "lastSeen" ? { ...each, title: timeTitle(each.title, zone) } : each)),
    ],
    fields: [
      ...result.by.map((dimension) => ({ name: dimension, path: ["key", dimension] })),
      ...pathsOf(MEASURE_IDS).map((path) => ({ name: path.join("."), path })),
    ],
    empty: "no request matches",
    batches: [result.rows.map((row) => groupRow(row, result, look))],
  };
  return { document: result, data };
}

/** As wide as their cells: nothing scrolls. */
const PRINTED = GROUP_COLUMNS.filter(({ onScreenOnly }) => onScreenOnly !== true).map((each) => ({
  ...each,
  minWidth: 0,
}));

function groupRow(row: GroupRow, { by }: GroupResult, look: GroupLook): OutputRow {
  return {
    record: row as unknown as Readonly<Record<string, unknown>>,
    cells: () => [
      ...by.map((dimension) => textCell(shownValue(dimension, row.key[dimension] ?? ""))),
      ...PRINTED.map((each) => each.cell(row, look)),
    ],
  };
}
