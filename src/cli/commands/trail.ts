import { treeRows } from "../../models/tree.ts";
import type { ClockNote } from "../../lineage/clocks.ts";
import type { DiedWith, OutsideLane, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import { fields, type Answer, type DataSection, type OutputRow, type Section } from "../output.ts";
import { codeTone } from "../../panes/tones.ts";
import { secondTime, timesOf, type Times } from "../text.ts";
import { count, duration } from "../../models/numbers.ts";
import { shortActorName } from "../../panes/trail/actors.ts";
import { laneLabel, laneWords, toldSteps } from "../../panes/trail/outside.ts";
import { chaptersOf } from "../../panes/trail/chapters.ts";
import { diedNames, diedWords, heldWords } from "../../panes/died-with.ts";
import { sourceWords } from "../../panes/trail/header.ts";
import { visibleSteps } from "../../panes/trail/visible-steps.ts";
import type { Options } from "../options.ts";
import { traceOf } from "../trail-trace.ts";
import { nodeLabel } from "../../panes/trail/nodes.ts";
import { controllerOf } from "../../lineage/actors.ts";
import type { TimeZone } from "../../models/times.ts";
import { KtrailError } from "../../errors.ts";
import type { Engine } from "../../engine/contract.ts";
import { objectName } from "../../events/object-name.ts";
import { quoted } from "../option-values.ts";

export const trail: CliCommand = {
  name: "trail",
  about: "the life of an object and of what it owns",
  operands: ["OBJECT"],
  needsLineage: true,
  options: ["namespace", "all", "output", "limit", "format", "exec", "store", "passwordFile", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: ["table", "json", "jsonl", "csv", "md", "trace"],
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
  const told = stepsSection(result, times, limit);
  const folded = foldedSteps(result, all);
  const people = [
    nodesSection(result, times),
    ...(rollouts.length > 0 ? [rolloutsSection(result, times)] : []),
    ...(phases.length > 0 ? [phasesSection(result, times)] : []),
    ...(outside.length > 0 ? [outsideSection(outside, times)] : []),
    evidenceSection(result),
    ...(otherLives.length > 0 ? [livesSection(otherLives, zone)] : []),
    { ...stepsSection(folded.result, times, limit), title: times.titled(folded.title) },
  ];
  return { document: { ...result, steps: steps.slice(0, limit) }, data: told, people, trace: traceOf(result) };
}

/** The steps people read, those from outside among them, as the explorer folds them; scripts get the own ones, all. */
function foldedSteps(result: TrailResult, all: boolean): { readonly result: TrailResult; readonly title: string } {
  const whole = chaptersOf(result).find(({ id }) => id === "whole");
  const { steps, hidden } = whole === undefined ? { steps: result.steps, hidden: 0 } : visibleSteps(result, whole, all);
  const title =
    hidden === 0 ? "Steps" : `Steps (${count(hidden)} that tell nothing new are left out: --all shows them)`;
  return { result: { ...result, steps }, title };
}

function row(record: object, cells: OutputRow["cells"]): OutputRow {
  return { record: record as Readonly<Record<string, unknown>>, cells };
}

/** Controllers by their names, as people call them; the records have the full usernames. */
function who(user: string | null): string {
  return user === null ? "" : shortActorName({ actor: user, controller: controllerOf(user, "") }, false);
}

/** Tree strokes and `Pod/<Deployment>-<hash>-<5>`. */
const TREE_WIDTH = 34;
const WHO_WIDTH = 12;

function nodesSection({ object, nodes }: TrailResult, times: Times): Section {
  const hasLives = nodes.some(({ lives = 1 }) => lives > 1);
  return {
    title: times.titled(`Trail of ${object}`),
    columns: [
      column("object", "object", { minWidth: TREE_WIDTH, grow: 1 }),
      ...(hasLives ? [column("life", "life", { drop: 6 })] : []),
      column("created", "created", { minWidth: 8 }),
      column("createdBy", "by", { minWidth: WHO_WIDTH, drop: 3 }),
      column("deleted", "deleted", { minWidth: 8 }),
      column("deletedBy", "by", { minWidth: WHO_WIDTH }),
      column("node", "node", { drop: 4 }),
      column("owner", "owned by", { minWidth: WHO_WIDTH, drop: 5 }),
    ],
    batches: [
      treeRows(
        nodes,
        ({ id }) => id,
        ({ owner }) => owner?.id ?? null,
      ).map(({ node, strokes }) =>
        row(node, () => [
          textCell(`${strokes}${nodeLabel({ ...node, lives: 1 })}`),
          ...(hasLives ? [textCell(`#${node.incarnation}`, "muted")] : []),
          textCell(times.second(node.created)),
          textCell(who(node.createdBy)),
          textCell(times.second(node.deleted)),
          textCell(who(node.deletedBy)),
          textCell(node.node),
          textCell(node.owner === null ? "" : `${node.owner.evidence} (${node.owner.confidence})`, "muted"),
        ]),
      ),
    ],
  };
}

function stepsSection({ steps, nodes, outside = [] }: TrailResult, times: Times, limit: number): DataSection {
  const lanes = new Map(outside.flatMap((lane) => lane.steps.map((step) => [step, lane])));
  const names = new Map(nodes.map((node) => [node.id, nodeLabel(node)]));
  return {
    title: times.titled("Steps"),
    columns: [
      column("t", "time", { minWidth: 12 }),
      numeric("at", "+time", { drop: 3 }),
      column("actor", "actor", { minWidth: WHO_WIDTH }),
      column("verb", "verb", { drop: 4 }),
      column("object", "object", { minWidth: 16, maxWidth: 60 }),
      numeric("code", "code"),
      numeric("latency", "latency", { drop: 5 }),
      column("what", "what", { minWidth: 28, grow: 1, keep: "head" }),
    ],
    fields: fields(
      "t",
      "atMs",
      "actor",
      "actorClass",
      "verb",
      "object",
      "subresource",
      "code",
      "latencyMs",
      "what",
      "auditID",
    ),
    empty: "no step",
    batches: [steps.slice(0, limit).map((step) => row(step, () => stepCells(step, names, times, lanes.get(step))))],
  };
}

function stepCells(
  step: TrailStep,
  names: ReadonlyMap<string, string>,
  times: Times,
  lane: OutsideLane | undefined,
): ReturnType<OutputRow["cells"]> {
  const object = lane === undefined ? (names.get(step.object) ?? step.object) : laneLabel(lane);
  return [
    textCell(times.exact(step.t)),
    textCell(`${step.atMs < 0 ? "" : "+"}${duration(step.atMs)}`, "muted"),
    textCell(shortActorName(step, false)),
    textCell(step.verb),
    textCell(step.subresource === "" ? object : `${object}/${step.subresource}`),
    textCell(step.code === null ? "" : String(step.code), codeTone(step.code)),
    textCell(duration(step.latencyMs)),
    textCell(lane === undefined ? step.what : laneWords(lane, step.what)),
  ];
}

function rolloutsSection({ rollouts = [], nodes }: TrailResult, times: Times): Section {
  const names = new Map(nodes.map((node) => [node.id, nodeLabel(node)]));
  const named = (id: string | null): string => (id === null ? "" : (names.get(id) ?? id));
  return {
    title: "Rollouts",
    columns: [
      numeric("rollout", "#"),
      column("from", "from", { minWidth: 8 }),
      numeric("took", "took"),
      column("what", "what", { minWidth: 24, grow: 1, keep: "head" }),
      column("by", "by", { minWidth: WHO_WIDTH }),
      column("replicaSet", "replica set", { minWidth: 16, drop: 3 }),
      numeric("pods", "pods", { drop: 2 }),
      column("slowestPod", "ready last", { minWidth: 16, drop: 1 }),
    ],
    batches: [
      rollouts.map((rollout, at) =>
        row(rollout, () => [
          countCell(at + 1),
          textCell(times.second(rollout.from)),
          textCell(rollout.ms === null ? "" : duration(rollout.ms)),
          textCell(rollout.what),
          textCell(who(rollout.by)),
          textCell(named(rollout.replicaSet)),
          countCell(rollout.pods.length),
          textCell(named(rollout.slowestPod)),
        ]),
      ),
    ],
  };
}

function phasesSection({ phases }: TrailResult, times: Times): Section {
  const isOfRollouts = phases.some(({ rollout }) => rollout !== undefined);
  return {
    title: "Phases",
    columns: [
      ...(isOfRollouts ? [numeric("rollout", "rollout #")] : []),
      column("name", "phase"),
      column("from", "from"),
      column("to", "to"),
      numeric("ms", "took"),
    ],
    batches: [
      phases.map((phase) =>
        row(phase, () => [
          ...(isOfRollouts ? [countCell(phase.rollout === undefined ? null : phase.rollout + 1)] : []),
          textCell(phase.name),
          textCell(times.exact(phase.from)),
          textCell(times.exact(phase.to)),
          textCell(duration(phase.ms)),
        ]),
      ),
    ],
  };
}

/** Things the objects refer to, or are selected, scaled, limited or admitted by, and who wrote them last. */
function outsideSection(outside: readonly OutsideLane[], times: Times): Section {
  return {
    title: times.titled("Touched from outside"),
    columns: [
      column("object", "object", { minWidth: 16 }),
      column("how", "how", { minWidth: 20, grow: 1, keep: "head" }),
      column("confidence", "known", { drop: 4 }),
      numeric("writes", "writes"),
      column("last", "last", { minWidth: 8 }),
      column("by", "by", { minWidth: WHO_WIDTH }),
      column("what", "what", { minWidth: 16, keep: "head", drop: 3 }),
    ],
    batches: [
      outside.toReversed().map((lane) =>
        row(lane, () => {
          const last = lane.steps.at(-1);
          return [
            textCell(laneLabel(lane)),
            textCell(lane.how),
            textCell(lane.confidence, "muted"),
            countCell(lane.steps.length + lane.stepsDropped),
            textCell(times.second(last?.t ?? null)),
            textCell(last === undefined ? "" : shortActorName(last, false)),
            textCell(last?.what ?? ""),
          ];
        }),
      ),
    ],
  };
}

function evidenceSection({ evidence, source = null, died }: TrailResult): Section {
  const facts = [
    ...(source === null ? [] : [{ what: "deployed by", value: sourceWords(source) }]),
    ...diedFacts(died),
    { what: "level", value: evidence.level },
    ...evidence.missing.map((value) => ({ what: "missing", value })),
    ...clockFacts(evidence.clocks),
  ];
  return {
    title: "Evidence",
    columns: [column("what", "what"), column("value", "value", { grow: 1, keep: "head" })],
    batches: [facts.map((fact) => row(fact, () => [textCell(fact.what, "muted"), textCell(fact.value)]))],
  };
}

/** What a namespace took with it, and what held it. */
export function diedFacts(died: DiedWith | undefined): readonly { readonly what: string; readonly value: string }[] {
  if (died === undefined) return [];
  const facts = [
    { what: "died with it", value: diedWords(died) },
    { what: "by name", value: diedNames(died) },
    { what: died.ms === null ? "held by" : "held it", value: heldWords(died) },
  ];
  return facts.filter(({ value }) => value !== "");
}

export function clockFacts(clocks: readonly ClockNote[] = []): { readonly what: string; readonly value: string }[] {
  return clocks.map(({ apiserver, of, aheadMs }) => ({
    what: "clock",
    value: `that of ${apiserver} is ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead" : "behind"} that of ${of}: times here are corrected`,
  }));
}

export function livesSection(otherLives: TrailResult["otherLives"], zone: TimeZone): Section {
  return {
    title: "Other lives of this name",
    columns: [column("id", "object"), column("created", "created"), column("deleted", "deleted")],
    batches: [
      otherLives.map((life) =>
        row(life, () => [
          textCell(life.id),
          textCell(secondTime(life.created, zone)),
          textCell(secondTime(life.deleted, zone)),
        ]),
      ),
    ],
  };
}
