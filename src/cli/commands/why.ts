import type { WhyOutside, WhyResult } from "../../lineage/contract.ts";
import { duration } from "../../models/numbers.ts";
import type { TimeZone } from "../../models/times.ts";
import { type Fact, FACT_TABLE } from "../../panes/facts.ts";
import { BECAUSE_TABLE, CHAIN_TABLE, type ListedLink } from "../../panes/why/table.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { CliCommand } from "../contract.ts";
import { type Answer, type Section, TABLE_FORMATS } from "../output.ts";
import { secondTime, timesOf } from "../text.ts";
import { clockFacts, diedFacts, livesSection, unknownObject } from "./trail.ts";

export const why: CliCommand = {
  name: "why",
  about: "why an object is gone: the chain of causes back to the one who started it",
  operands: ["OBJECT"],
  needsLineage: true,
  options: ["namespace", "output", "format", "exec", "store", "passwordFile", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: TABLE_FORMATS,
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
  const times = timesOf(
    result.chain.map(({ t }) => t),
    zone,
  );
  const look = { ...printedLook(zone), exactText: times.exact };
  const links = result.chain.map((link, at): ListedLink => ({ link, number: at + 1 }));
  const chain = {
    ...tableSection(CHAIN_TABLE, links, look, ({ link }) => link),
    title: times.titled("Chain of causes, from the removal back"),
  };
  const { otherLives = [] } = result;
  const people: Section[] = [
    { ...tableSection(FACT_TABLE, verdictFacts(result, zone), look), title: `${result.object}: ${result.verdict}` },
    chain,
    ...(links.length === 0
      ? []
      : [
          tableSection(
            BECAUSE_TABLE,
            links.filter(({ link }) => link.because !== ""),
            look,
          ),
        ]),
    ...(otherLives.length === 0 ? [] : [livesSection(otherLives, zone)]),
  ];
  return { document: result, data: chain, people };
}

/** `10.0 s before pod/web-1 waiting: CrashLoopBackOff: cm/web-config -n shop data.max 100 → 250 by bob (likely the cause)` */
function outsideWords({ trouble, object, what, by, how, ms, confidence }: WhyOutside): string {
  return `${duration(ms)} before ${trouble.object} ${trouble.what}: ${object} ${what} by ${by} (${how}; ${confidence} to be behind it)`;
}

function verdictFacts(result: WhyResult, zone: TimeZone): readonly Fact[] {
  return [
    { what: "confidence", value: result.confidence },
    ...(result.outside === undefined
      ? []
      : [{ what: "outside", value: `${secondTime(result.outside.t, zone)}, ${outsideWords(result.outside)}` }]),
    ...diedFacts(result.died),
    ...(result.finalizers ?? []).map((value) => ({ what: "finalizer", value })),
    ...(result.missing ?? []).map((value) => ({ what: "missing", value })),
    ...clockFacts(result.clocks),
  ];
}
