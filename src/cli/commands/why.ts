import type { WhyLink, WhyOutside, WhyResult } from "../../lineage/contract.ts";
import type { TimeZone } from "../../models/times.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import { fields, type Answer, type DataSection, type OutputRow, type Section } from "../output.ts";
import { duration } from "../../models/numbers.ts";
import { secondTime, timesOf } from "../text.ts";
import { clockFacts, diedFacts, livesSection, unknownObject } from "./trail.ts";

export const why: CliCommand = {
  name: "why",
  about: "why an object is gone: the chain of causes back to the one who started it",
  operands: ["OBJECT"],
  needsLineage: true,
  options: ["namespace", "output", "format", "exec", "store", "passwordFile", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: ["table", "json", "jsonl", "csv", "md"],
  examples: [
    ["ktrail why pod/nginx-857899445-7x5j6 -n demo audit.log", "who scaled down, evicted, rolled out or deleted"],
  ],
  async answer({ engine, invocation: { operands, options } }) {
    const object = operands["OBJECT"] ?? "";
    const { namespace, tz } = options;
    const result = await engine.ask("why", { object, ...(namespace === undefined ? {} : { namespace }) });
    if (result === null) throw await unknownObject(engine, object, namespace);
    return whyAnswer(result, tz);
  },
};

function whyAnswer(result: WhyResult, zone: TimeZone): Answer {
  const chain = chainSection(result, zone);
  const people: Section[] = [
    verdictSection(result, zone),
    chain,
    ...(result.chain.length > 0 ? [becauseSection(result)] : []),
  ];
  if (result.otherLives !== undefined && result.otherLives.length > 0)
    people.push(livesSection(result.otherLives, zone));
  return { document: result, data: chain, people };
}

/** `10.0 s before pod/web-1 waiting: CrashLoopBackOff: cm/web-config -n shop data.max 100 → 250 by bob (likely the cause)` */
function outsideWords({ trouble, object, what, by, how, ms, confidence }: WhyOutside): string {
  return `${duration(ms)} before ${trouble.object} ${trouble.what}: ${object} ${what} by ${by} (${how}; ${confidence} to be behind it)`;
}

function verdictSection(result: WhyResult, zone: TimeZone): Section {
  const facts = [
    { what: "confidence", value: result.confidence },
    ...(result.outside === undefined
      ? []
      : [{ what: "outside", value: `${secondTime(result.outside.t, zone)}, ${outsideWords(result.outside)}` }]),
    ...diedFacts(result.died),
    ...(result.finalizers ?? []).map((value) => ({ what: "finalizer", value })),
    ...(result.missing ?? []).map((value) => ({ what: "missing", value })),
    ...clockFacts(result.clocks),
  ];
  const row = (fact: (typeof facts)[number]): OutputRow => ({
    record: fact,
    cells: () => [textCell(fact.what, "muted"), textCell(fact.value)],
  });
  return {
    title: `${result.object}: ${result.verdict}`,
    columns: [column("what", "what"), column("value", "value", { grow: 1, keep: "head" })],
    batches: [facts.map(row)],
  };
}

function chainSection({ chain }: WhyResult, zone: TimeZone): DataSection {
  const times = timesOf(
    chain.map(({ t }) => t),
    zone,
  );
  const row = (link: WhyLink, at: number): OutputRow => ({
    record: link as unknown as Readonly<Record<string, unknown>>,
    cells: () => [
      countCell(at + 1),
      textCell(times.exact(link.t)),
      textCell(link.life === undefined ? link.object : `${link.object} #${link.life}`),
      textCell(link.what),
      textCell(link.by),
      textCell(link.ip),
      textCell(program(link)),
    ],
  });
  return {
    title: times.titled("Chain of causes, from the removal back"),
    columns: [
      numeric("link", "#"),
      column("t", "time", { minWidth: 12 }),
      column("object", "object", { minWidth: 16 }),
      column("what", "what", { minWidth: 14, keep: "head" }),
      column("by", "by", { minWidth: 16 }),
      column("ip", "from", { minWidth: 9, drop: 1 }),
      column("program", "program", { minWidth: 8, maxWidth: 18, drop: 2, keep: "head" }),
    ],
    fields: fields("t", "object", "what", "by", "actorClass", "auditID", "because", "ip", "useragent"),
    empty: "nothing removed it in this log",
    batches: [chain.map(row)],
  };
}

/** User agent up to its platform: `kubectl/v1.36.2`. */
function program({ useragent = "" }: WhyLink): string {
  return useragent.split(" ", 1)[0] ?? "";
}

/** Sentences would make the chain's columns too narrow: each has a line of its own. */
function becauseSection({ chain }: WhyResult): Section {
  const row = (link: WhyLink, at: number): OutputRow => ({
    record: { link: at + 1, because: link.because },
    cells: () => [countCell(at + 1), textCell(link.because)],
  });
  return {
    title: "Because",
    columns: [numeric("link", "#"), column("because", "because", { grow: 1, keep: "head" })],
    batches: [chain.flatMap((link, at) => (link.because === "" ? [] : [row(link, at)]))],
  };
}
