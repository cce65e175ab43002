import { shownValue } from "../../panes/dimensions.ts";
import type { Dimension, GroupResult, GroupRow } from "../../queries/contract.ts";
import { GROUP_SORTS, MEASURE_IDS, MEASURE_PATHS } from "../../queries/measures.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import type { Options } from "../options.ts";
import type { Answer, OutputRow } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";
import { byteSize, duration, percent, rates } from "../../models/numbers.ts";
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
  const rateText = rates(result.rows.map((row) => row.rate));
  const data = {
    ...(title === undefined ? {} : { title }),
    columns: [
      ...result.by.map((dimension) => column(dimension, dimension, { grow: 1 })),
      numeric("requests", "requests"),
      numeric("share", "share"),
      numeric("rate", "rate", { drop: 3 }),
      numeric("4xx", "4xx", { drop: 2 }),
      numeric("5xx", "5xx", { drop: 2 }),
      numeric("p50", "p50", { drop: 5 }),
      numeric("p90", "p90", { drop: 6 }),
      numeric("p99", "p99", { drop: 4 }),
      numeric("max", "max", { drop: 7 }),
      numeric("bytes", "bytes", { drop: 9 }),
      column("lastSeen", timeTitle("last seen", zone), { drop: 8 }),
    ],
    fields: [
      ...result.by.map((dimension) => ({ name: dimension, path: ["key", dimension] })),
      ...MEASURE_PATHS.map((path) => ({ name: path.join("."), path })),
    ],
    empty: "no request matches",
    batches: [result.rows.map((row) => groupRow(row, result, zone, rateText))],
  };
  return { document: result, data };
}

function groupRow(
  row: GroupRow,
  result: GroupResult,
  zone: TimeZone,
  rateText: (perSecond: number) => string,
): OutputRow {
  const { latencyMs } = row;
  return {
    record: row as unknown as Readonly<Record<string, unknown>>,
    cells: () => [
      ...result.by.map((dimension) => textCell(shownValue(dimension, row.key[dimension] ?? ""))),
      countCell(row.requests),
      textCell(percent(row.share)),
      textCell(rateText(row.rate)),
      countCell(row.errors["4xx"], "code4xx"),
      countCell(row.errors["5xx"], "code5xx"),
      textCell(latencyMs && duration(latencyMs.p50)),
      textCell(latencyMs && duration(latencyMs.p90)),
      textCell(latencyMs && duration(latencyMs.p99)),
      textCell(latencyMs && duration(latencyMs.max)),
      textCell(byteSize(row.bytes)),
      textCell(secondTime(row.lastSeen, zone)),
    ],
  };
}
