import type { Info } from "../../engine/contract.ts";
import { newestText } from "../../models/newest-only.ts";
import { count, duration } from "../../models/numbers.ts";
import type { TimeZone } from "../../models/times.ts";
import { coverageAnswers } from "../../panes/coverage/answers.ts";
import {
  CLOCK_TABLE,
  evidenceRows,
  gapTable,
  LEVEL_TABLE,
  levelRows,
  PART_TABLE,
  partRows,
  QUESTION_TABLE,
  restartTable,
} from "../../panes/coverage/tables.ts";
import { type Fact, FACT_TABLE } from "../../panes/facts.ts";
import { countTable, INPUT_TABLE, SKIPPED_TABLE, skippedSamples } from "../../panes/inputs/table.ts";
import { HOW_TO_TELL, untoldText } from "../../panes/untold-servers.ts";
import type { Dimension } from "../../queries/contract.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { CliCommand } from "../contract.ts";
import { type Answer, type Section, TABLE_FORMATS } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";

/**
 * What info and the overview look at, as dimensions: they count objects, start-up and what bodies were cut is told by
 * annotations; restarts, by requests for no resource.
 */
export const LOOKED_AT: readonly Dimension[] = ["object", "annotation:authorization.k8s.io/reason"];

export const info: CliCommand = {
  name: "info",
  about: "what is in here: formats, span, counts, bad, foreign, truncated and duplicate lines, gaps",
  operands: [],
  options: ["output", "format", "exec", "store", "passwordFile", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: TABLE_FORMATS,
  dimensions: () => LOOKED_AT,
  examples: [
    ["ktrail info /var/log/kubernetes/audit/", "every log of the directory, rotated ones too"],
    ["ktrail info audit.log -o json | jq .span", "from when to when"],
  ],
  async answer({ engine, invocation }) {
    const look = printedLook(invocation.options.tz);
    const result = await engine.ask("info", {});
    const coverage = await engine.ask("coverage", {});
    const { data, people = [] } = infoAnswer(result, invocation.options.tz);
    const { kinds, signs, evicted, servers } = coverage;
    const inputs = coverage.inputs.map(({ path, servers: own, requests, from, to, levels, stages, cutBodies }) => ({
      path,
      servers: own,
      requests,
      from,
      to,
      levels,
      stages,
      cutBodies,
    }));
    const answers = coverageAnswers(coverage);
    return {
      document: { ...result, coverage: { servers, inputs, kinds, signs, evicted, answers } },
      data,
      people: [
        ...people,
        tableSection(PART_TABLE, partRows(coverage), look),
        tableSection(LEVEL_TABLE, levelRows(coverage), look),
        tableSection(QUESTION_TABLE, answers, look),
      ],
    };
  },
};

export function infoAnswer(result: Info, zone: TimeZone): Answer {
  const look = printedLook(zone);
  const { levels, stages, restarts, clocks, gaps } = result;
  const inputs = tableSection(INPUT_TABLE, result.inputs, look);
  const skipped = skippedSamples(result);
  const people: Section[] = [
    tableSection(FACT_TABLE, summary(result, zone), look),
    inputs,
    tableSection(countTable("Levels", "level"), Object.entries(levels), look),
    tableSection(countTable("Stages", "stage"), Object.entries(stages), look),
    ...(skipped.length === 0 ? [] : [tableSection(SKIPPED_TABLE, skipped, look)]),
    ...(restarts.length === 0 ? [] : [tableSection(restartTable(restarts), evidenceRows(restarts), look)]),
    ...(clocks.length === 0 ? [] : [tableSection(CLOCK_TABLE, clocks, look)]),
    ...(gaps.length === 0 ? [] : [tableSection(gapTable(gaps), gaps, look)]),
  ];
  return { document: result, data: inputs, people };
}

function summary(result: Info, zone: TimeZone): readonly Fact[] {
  const { span, distinct } = result;
  return [
    { what: "events", value: count(result.events) },
    { what: "requests", value: count(result.requests) },
    { what: "in flight", value: count(result.inFlight) },
    ...(result.cutOff === 0 ? [] : [{ what: "cut off", value: count(result.cutOff) }]),
    { what: timeTitle("from", zone), value: secondTime(span.from, zone) },
    { what: timeTitle("to", zone), value: secondTime(span.to, zone) },
    { what: "span", value: duration(span.seconds * 1000) },
    ...(result.untold === undefined
      ? []
      : [{ what: "API servers", value: `${untoldText(result.untold)} ${HOW_TO_TELL}` }]),
    ...(result.newest === undefined ? [] : [{ what: "starts, silences", value: newestText(result.newest, zone) }]),
    { what: "users", value: count(distinct.user) },
    { what: "resources", value: count(distinct.resource) },
    { what: "namespaces", value: count(distinct.namespace) },
    { what: "objects", value: count(distinct.object) },
  ];
}
