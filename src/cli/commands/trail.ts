import { treeRows } from "../../models/tree.ts";
import type { TrailResult, TrailStep } from "../../lineage/contract.ts";
import { column, numeric, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import { fields, type Answer, type OutputRow, type Section } from "../output.ts";
import { codeTone, secondTime, timeTitle } from "../text.ts";
import { duration } from "../../models/numbers.ts";
import { dateTime, parseTime, type TimeZone } from "../../models/times.ts";
import { KtrailError } from "../../errors.ts";
import { quoted } from "../option-values.ts";

export const trail: CliCommand = {
  name: "trail",
  about: "the life of an object and of what it owns",
  operands: ["OBJECT"],
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
  const people = [nodesSection(result, zone), steps];
  if (result.phases.length > 0) people.push(phasesSection(result, zone));
  people.push(evidenceSection(result));
  if (result.otherLives.length > 0) people.push(livesSection(result.otherLives, zone));
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
      column("owner", "owner by", { drop: 5 }),
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

function stepsSection({ steps }: TrailResult, zone: TimeZone, limit: number): Section {
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
    batches: [steps.slice(0, limit).map((step) => row(step, () => stepCells(step, zone)))],
  };
}

function stepCells(step: TrailStep, zone: TimeZone): ReturnType<OutputRow["cells"]> {
  return [
    textCell(dateTime(parseTime(step.t), zone)),
    textCell(`+${duration(step.atMs)}`, "muted"),
    textCell(step.actor),
    textCell(step.verb),
    textCell(step.subresource === "" ? step.object : `${step.object}/${step.subresource}`),
    textCell(step.code === null ? "" : String(step.code), codeTone(step.code)),
    textCell(duration(step.latencyMs)),
    textCell(step.what),
  ];
}

function phasesSection({ phases }: TrailResult, zone: TimeZone): Section {
  return {
    title: "Phases",
    columns: [column("name", "phase"), column("from", "from"), column("to", "to"), numeric("ms", "took")],
    fields: fields("name", "from", "to", "ms"),
    batches: [
      phases.map((phase) =>
        row(phase, () => [
          textCell(phase.name),
          textCell(secondTime(phase.from, zone)),
          textCell(secondTime(phase.to, zone)),
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
