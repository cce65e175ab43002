import { groupTable, NO_CHARTS } from "../../panes/top/columns.ts";
import type { Dimension, GroupResult } from "../../queries/contract.ts";
import { GROUP_SORTS, MEASURE_IDS } from "../../queries/measures.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { CliCommand } from "../contract.ts";
import type { Options } from "../options.ts";
import { type Answer, TABLE_FORMATS } from "../output.ts";
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
  outputs: TABLE_FORMATS,
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
  const look = { ...printedLook(zone), ...NO_CHARTS, rateText };
  const data = tableSection(groupTable(result.by), result.rows, look);
  return { document: result, data: title === undefined ? data : { ...data, title } };
}
