import type { Engine } from "../../engine/contract.ts";
import { KtrailError } from "../../errors.ts";
import { objectName } from "../../events/object-name.ts";
import type { ClockNote } from "../../lineage/clocks.ts";
import type { DiedWith, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { count, duration } from "../../models/numbers.ts";
import type { TimeZone } from "../../models/times.ts";
import { diedNames, diedWords, heldWords } from "../../panes/died-with.ts";
import { type Fact, FACT_TABLE } from "../../panes/facts.ts";
import { chaptersOf } from "../../panes/trail/chapters.ts";
import { sourceWords } from "../../panes/trail/header.ts";
import { LIVES_TABLE, NODE_TABLE, nodeRows } from "../../panes/trail/nodes.ts";
import { OUTSIDE_TABLE, toldSteps } from "../../panes/trail/outside.ts";
import { phaseRows, printedPhases } from "../../panes/trail/phases.ts";
import { CHAPTER_TABLE } from "../../panes/trail/rollouts.ts";
import { type ListedStep, listedSteps, STEP_TABLE } from "../../panes/trail/steps.ts";
import { type VisibleSteps, visibleSteps } from "../../panes/trail/visible-steps.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { CliCommand } from "../contract.ts";
import { quoted } from "../option-values.ts";
import type { Options } from "../options.ts";
import { type Answer, type DataSection, type Section, TABLE_FORMATS } from "../output.ts";
import { timesOf } from "../text.ts";
import { traceOf } from "../trail-trace.ts";

export const trail: CliCommand = {
  name: "trail",
  about: "the life of an object and of what it owns",
  operands: ["OBJECT"],
  needsLineage: true,
  options: ["namespace", "all", "output", "limit", "format", "exec", "store", "passwordFile", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: [...TABLE_FORMATS, "trace"],
  examples: [
    ["ktrail trail deploy/nginx -n demo audit.log", "the Deployment, its ReplicaSets and their pods"],
    ["ktrail trail deploy/nginx -n demo audit.log -o trace >nginx.json", "lanes and phases, to open in Perfetto"],
    ["ktrail trail 64ccc728-1f5c-4d0e-9b7a-4f8a1c1e2d3f audit.log", "one life of an object, by its uid"],
  ],
  async answer({ engine, invocation: { operands, options } }) {
    const object = operands["OBJECT"] ?? "";
    const { namespace } = options;
    const result = await engine.ask("trail", { object, ...(namespace === undefined ? {} : { namespace }) });
    if (result === null) throw await unknownObject(engine, object, namespace);
    return trailAnswer(result, options);
  },
};

const NEAREST = 3;

/** Says what of that name the log has; a bare name lacks its kind. */
export async function unknownObject(
  engine: Engine,
  object: string,
  namespace: string | undefined,
): Promise<KtrailError> {
  const name = object.slice(object.lastIndexOf("/") + 1);
  const { rows } = await engine.ask("objects", { text: name, limit: 100 });
  const named = rows.filter((row) => row.name === name);
  const near = (named.length > 0 ? named : rows).slice(0, NEAREST).map(objectName);
  const where = namespace === undefined ? "" : ` in namespace ${quoted(namespace)}`;
  const said = object.includes("/")
    ? `no request of this log touches ${quoted(object)}${where}`
    : `${quoted(object)} is neither KIND/NAME nor a uid of this log`;
  return new KtrailError("KT102", `${said}${near.length === 0 ? "" : `; the log has ${near.join(", ")}`}`);
}

function trailAnswer(
  result: TrailResult,
  { tz: zone, all, limit = Number.POSITIVE_INFINITY }: Pick<Options, "tz" | "all" | "limit">,
): Answer {
  const { rollouts = [], outside = [], phases, otherLives, nodes, steps } = result;
  const times = timesOf(
    [...nodes.flatMap((node) => [node.created, node.deleted]), ...toldSteps(result).steps.map(({ t }) => t)],
    zone,
  );
  const look = {
    ...printedLook(zone),
    timeText: times.second,
    exactText: times.exact,
    stepTime: ({ step }: ListedStep) => times.exact(step.t),
    sinceMs: ({ atMs }: TrailStep) => atMs,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    barWidth: 0,
  };
  const stepsOf = (shown: VisibleSteps): DataSection => ({
    ...tableSection(STEP_TABLE, listedSteps(shown, 0, limit), look, ({ step }) => step),
    empty: "no step",
  });
  const whole = chaptersOf(result).find(({ id }) => id === "whole");
  const told = whole === undefined ? { ...NO_STEPS, steps } : visibleSteps(result, whole, all);
  const people: Section[] = [
    { ...tableSection(NODE_TABLE, nodeRows(result), look), title: times.titled(`Trail of ${result.object}`) },
    ...(rollouts.length > 0
      ? [
          {
            ...tableSection(
              CHAPTER_TABLE,
              chaptersOf(result).filter(({ rollout }) => rollout !== null),
              look,
            ),
            title: "Rollouts",
          },
        ]
      : []),
    ...(phases.length > 0
      ? [{ ...tableSection(printedPhases(phases), phaseRows(phases), look), title: "Phases" }]
      : []),
    ...(outside.length > 0
      ? [{ ...tableSection(OUTSIDE_TABLE, outside.toReversed(), look), title: times.titled("Touched from outside") }]
      : []),
    { ...tableSection(FACT_TABLE, evidenceFacts(result), look), title: "Evidence" },
    ...(otherLives.length > 0 ? [livesSection(otherLives, zone)] : []),
    { ...stepsOf(told), title: times.titled(stepsTitle(told)) },
  ];
  const data = stepsOf({ ...NO_STEPS, steps });
  return { document: { ...result, steps: steps.slice(0, limit) }, data, people, trace: traceOf(result) };
}

/** For scripts: whole, and by the ids of what they are on. */
const NO_STEPS: VisibleSteps = { steps: [], ids: [], nodes: new Map(), lanes: new Map(), hidden: 0 };

/** People read the steps, those from outside among them, as the explorer folds them; scripts the own ones, all. */
function stepsTitle({ hidden }: VisibleSteps): string {
  return hidden === 0 ? "Steps" : `Steps (${count(hidden)} that tell nothing new are left out: --all shows them)`;
}

function evidenceFacts({ evidence, source = null, died }: TrailResult): readonly Fact[] {
  return [
    ...(source === null ? [] : [{ what: "deployed by", value: sourceWords(source) }]),
    ...diedFacts(died),
    { what: "level", value: evidence.level },
    ...evidence.missing.map((value) => ({ what: "missing", value })),
    ...clockFacts(evidence.clocks),
  ];
}

/** What a namespace took with it, and what held it. */
export function diedFacts(died: DiedWith | undefined): readonly Fact[] {
  if (died === undefined) return [];
  const facts = [
    { what: "died with it", value: diedWords(died) },
    { what: "by name", value: diedNames(died) },
    { what: died.ms === null ? "held by" : "held it", value: heldWords(died) },
  ];
  return facts.filter(({ value }) => value !== "");
}

export function clockFacts(clocks: readonly ClockNote[] = []): readonly Fact[] {
  return clocks.map(({ apiserver, of, aheadMs }) => ({
    what: "clock",
    value: `that of ${apiserver} is ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead" : "behind"} that of ${of}: times here are corrected`,
  }));
}

export function livesSection(otherLives: TrailResult["otherLives"], zone: TimeZone): Section {
  return tableSection(LIVES_TABLE, otherLives, printedLook(zone));
}
