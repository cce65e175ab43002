import { treeRows } from "../../models/tree.ts";
import type { TrailResult, TrailStep } from "../../lineage/contract.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import { fields, type Answer, type OutputRow, type Section } from "../output.ts";
import { codeTone } from "../../panes/tones.ts";
import { secondTime, timeTitle } from "../text.ts";
import { duration } from "../../models/numbers.ts";
import { dateTime, parseTime, type TimeZone } from "../../models/times.ts";
import { KtrailError } from "../../errors.ts";
import { quoted } from "../option-values.ts";

export const trail: CliCommand = {
  name: "trail",
  about: "the life of an object and of what it owns",
  operands: ["OBJECT"],
  needsLineage: true,
  options: ["namespace", "output", "limit", "format", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: ["table", "json", "jsonl", "csv", "md"],
  examples: [
    ["ktrail trail deploy/nginx -n demo audit.log", "the Deployment, its ReplicaSets and their pods"],
    ["ktrail trail 64ccc728-1f5c-4d0e-9b7a-4f8a1c1e2d3f audit.log", "one life of an object, by its uid"],
  ],
  async answer({ engine, invocation: { operands, options } }) {
    const object = operands["OBJECT"] ?? "";
    const { namespace } = options;
    const result = await engine.ask("trail", { object, ...(namespace === undefined ? {} : { namespace }) });
    if (result === null) throw unknownObject(object, namespace);
    return trailAnswer(result, options.tz, options.limit ?? Number.POSITIVE_INFINITY);
  },
};

export function unknownObject(object: string, namespace: string | undefined): KtrailError {
  const where = namespace === undefined ? "; is a -n NAMESPACE missing?" : ` in namespace ${quoted(namespace)}`;
  return new KtrailError("KT102", `no request of this log touches ${quoted(object)}${where}`);
}

function trailAnswer(result: TrailResult, zone: TimeZone, limit: number): Answer {
  const steps = stepsSection(result, zone, limit);
  const { rollouts = [], phases, otherLives } = result;
  const people = [
    nodesSection(result, zone),
    ...(rollouts.length > 0 ? [rolloutsSection(result, zone)] : []),
    ...(phases.length > 0 ? [phasesSection(result, zone)] : []),
    evidenceSection(result),
    ...(otherLives.length > 0 ? [livesSection(otherLives, zone)] : []),
    steps,
  ];
  return { document: { ...result, steps: result.steps.slice(0, limit) }, data: steps, people };
}

function row(record: object, cells: OutputRow["cells"]): OutputRow {
  return { record: record as Readonly<Record<string, unknown>>, cells };
}

function nodesSection({ object, nodes }: TrailResult, zone: TimeZone): Section {
  return {
    title: `Trail of ${object}`,
    columns: [
      column("object", "object", { grow: 1 }),
      column("life", "life", { drop: 6 }),
      column("owner", "owned by", { drop: 5 }),
      column("created", "created"),
      column("createdBy", "by", { grow: 1 }),
      column("deleted", "deleted"),
      column("deletedBy", "by", { grow: 1 }),
      column("node", "node", { drop: 4 }),
    ],
    fields: fields(
      "id",
      "kind",
      "group",
      "namespace",
      "name",
      "uid",
      "incarnation",
      "created",
      "createdBy",
      "deleted",
      "deletedBy",
      "node",
    ),
    batches: [
      treeRows(
        nodes,
        ({ id }) => id,
        ({ owner }) => owner?.id ?? null,
      ).map(({ node, strokes }) =>
        row(node, () => [
          textCell(`${strokes}${node.kind}/${node.name}`),
          textCell(`#${node.incarnation}`, "muted"),
          textCell(node.owner === null ? "" : `${node.owner.evidence} (${node.owner.confidence})`, "muted"),
          textCell(secondTime(node.created, zone)),
          textCell(node.createdBy),
          textCell(secondTime(node.deleted, zone)),
          textCell(node.deletedBy),
          textCell(node.node),
        ]),
      ),
    ],
  };
}

function stepsSection({ steps, nodes }: TrailResult, zone: TimeZone, limit: number): Section {
  const names = new Map(nodes.map(({ id, kind, name }) => [id, `${kind}/${name}`]));
  return {
    title: "Steps",
    columns: [
      column("t", timeTitle("time", zone)),
      numeric("at", "+time"),
      column("actor", "actor", { grow: 1 }),
      column("verb", "verb"),
      column("object", "object", { grow: 1 }),
      numeric("code", "code"),
      numeric("latency", "latency", { drop: 3 }),
      column("what", "what", { grow: 2, keep: "head" }),
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
    batches: [steps.slice(0, limit).map((step) => row(step, () => stepCells(step, names, zone)))],
  };
}

function stepCells(
  step: TrailStep,
  names: ReadonlyMap<string, string>,
  zone: TimeZone,
): ReturnType<OutputRow["cells"]> {
  const object = names.get(step.object) ?? step.object;
  return [
    textCell(dateTime(parseTime(step.t), zone)),
    textCell(`+${duration(step.atMs)}`, "muted"),
    textCell(step.actor),
    textCell(step.verb),
    textCell(step.subresource === "" ? object : `${object}/${step.subresource}`),
    textCell(step.code === null ? "" : String(step.code), codeTone(step.code)),
    textCell(duration(step.latencyMs)),
    textCell(step.what),
  ];
}

function rolloutsSection({ rollouts = [], nodes }: TrailResult, zone: TimeZone): Section {
  const names = new Map(nodes.map(({ id, kind, name }) => [id, `${kind}/${name}`]));
  const named = (id: string | null): string => (id === null ? "" : (names.get(id) ?? id));
  return {
    title: "Rollouts",
    columns: [
      numeric("rollout", "#"),
      column("from", timeTitle("from", zone)),
      numeric("took", "took"),
      column("what", "what", { grow: 1, keep: "head" }),
      column("by", "by", { grow: 1 }),
      column("replicaSet", "replica set", { grow: 1 }),
      numeric("pods", "pods", { drop: 2 }),
      column("slowestPod", "ready last", { drop: 1 }),
    ],
    fields: fields("revision", "from", "to", "ms", "what", "by", "auditID", "replicaSet", "pods", "slowestPod"),
    batches: [
      rollouts.map((rollout, at) =>
        row(rollout, () => [
          countCell(at + 1),
          textCell(secondTime(rollout.from, zone)),
          textCell(rollout.ms === null ? "" : duration(rollout.ms)),
          textCell(rollout.what),
          textCell(rollout.by),
          textCell(named(rollout.replicaSet)),
          countCell(rollout.pods.length),
          textCell(named(rollout.slowestPod)),
        ]),
      ),
    ],
  };
}

function phasesSection({ phases }: TrailResult, zone: TimeZone): Section {
  const isOfRollouts = phases.some(({ rollout }) => rollout !== undefined);
  return {
    title: "Phases",
    columns: [
      ...(isOfRollouts ? [numeric("rollout", "rollout #")] : []),
      column("name", "phase"),
      column("from", timeTitle("from", zone)),
      column("to", timeTitle("to", zone)),
      numeric("ms", "took"),
    ],
    fields: fields("rollout", "name", "from", "to", "ms"),
    batches: [
      phases.map((phase) =>
        row(phase, () => [
          ...(isOfRollouts ? [countCell(phase.rollout === undefined ? null : phase.rollout + 1)] : []),
          textCell(phase.name),
          textCell(dateTime(parseTime(phase.from), zone)),
          textCell(dateTime(parseTime(phase.to), zone)),
          textCell(duration(phase.ms)),
        ]),
      ),
    ],
  };
}

function evidenceSection({ evidence }: TrailResult): Section {
  const facts = [
    { what: "level", value: evidence.level },
    ...evidence.missing.map((value) => ({ what: "missing", value })),
  ];
  return {
    title: "Evidence",
    columns: [column("what", "what"), column("value", "value", { grow: 1, keep: "head" })],
    fields: fields("what", "value"),
    batches: [facts.map((fact) => row(fact, () => [textCell(fact.what, "muted"), textCell(fact.value)]))],
  };
}

export function livesSection(otherLives: TrailResult["otherLives"], zone: TimeZone): Section {
  return {
    title: "Other lives of this name",
    columns: [column("id", "object"), column("created", "created"), column("deleted", "deleted")],
    fields: fields("id", "created", "deleted"),
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
