import type { WhyLink, WhyResult } from "../../lineage/contract.ts";
import { dateTime, parseTime, type TimeZone } from "../../models/times.ts";
import { column, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import { fields, type Answer, type OutputRow, type Section } from "../output.ts";
import { timeTitle } from "../text.ts";
import { livesSection, unknownObject } from "./trail.ts";

export const why: CliCommand = {
  name: "why",
  about: "why an object is gone: the chain of causes back to the one who started it",
  operands: ["OBJECT"],
  needsLineage: true,
  options: ["namespace", "output", "format", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: ["table", "json", "jsonl", "csv", "md"],
  examples: [
    ["ktrail why pod/nginx-857899445-7x5j6 -n demo audit.log", "who scaled down, evicted, rolled out or deleted"],
  ],
  async answer({ engine, invocation: { operands, options } }) {
    const object = operands["OBJECT"] ?? "";
    const { namespace, tz } = options;
    const result = await engine.ask("why", { object, ...(namespace === undefined ? {} : { namespace }) });
    if (result === null) throw unknownObject(object, namespace);
    return whyAnswer(result, tz);
  },
};

function whyAnswer(result: WhyResult, zone: TimeZone): Answer {
  const chain = chainSection(result, zone);
  const people = [verdictSection(result), chain];
  if (result.otherLives !== undefined && result.otherLives.length > 0)
    people.push(livesSection(result.otherLives, zone));
  return { document: result, data: chain, people };
}

function verdictSection(result: WhyResult): Section {
  const facts = [
    { what: "confidence", value: result.confidence },
    ...(result.finalizers ?? []).map((value) => ({ what: "finalizer", value })),
    ...(result.missing ?? []).map((value) => ({ what: "missing", value })),
  ];
  const row = (fact: (typeof facts)[number]): OutputRow => ({
    record: fact,
    cells: () => [textCell(fact.what, "muted"), textCell(fact.value)],
  });
  return {
    title: `${result.object}: ${result.verdict}`,
    columns: [column("what", "what"), column("value", "value", { grow: 1, keep: "head" })],
    fields: fields("what", "value"),
    batches: [facts.map(row)],
  };
}

function chainSection({ chain }: WhyResult, zone: TimeZone): Section {
  const row = (link: WhyLink): OutputRow => ({
    record: link as unknown as Readonly<Record<string, unknown>>,
    cells: () => [
      textCell(dateTime(parseTime(link.t), zone)),
      textCell(link.object),
      textCell(link.what),
      textCell(link.by),
      textCell(link.because),
    ],
  });
  return {
    title: "Chain of causes, from the removal back",
    columns: [
      column("t", timeTitle("time", zone)),
      column("object", "object", { grow: 1 }),
      column("what", "what", { grow: 1, keep: "head" }),
      column("by", "by", { grow: 1 }),
      column("because", "because", { grow: 2, keep: "head" }),
    ],
    fields: fields("t", "object", "what", "by", "actorClass", "auditID", "because"),
    empty: "nothing removed it in this log",
    batches: [chain.map(row)],
  };
}
