import type { OutsideLane, TrailNode, TrailStep } from "../../lineage/contract.ts";
import { duration } from "../../models/numbers.ts";
import { orDash } from "../../models/text-safety.ts";
import type { Cell, TableModel, Tone } from "../../models/view.ts";
import { quote } from "../../queries/print-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import { type AnswerTable, type CellLook, fields, screenLook, screenTable, textCell } from "../answer-table.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { timeColumn } from "../time-column.ts";
import { actorTone, codeTone } from "../tones.ts";
import { actorName, shortActorName } from "./actors.ts";
import { lifeMark, nodeLabel, objectOfNode } from "./nodes.ts";
import { laneLabel, laneWords, objectOfLane } from "./outside.ts";
import type { VisibleSteps } from "./visible-steps.ts";
import { exactTime } from "./exact-time.ts";

/** What happened to the object and to what it owned, in the order it happened. */

/** From here on names are written out. */
const WIDE = 160;

export const SHORT_KINDS: ReadonlyMap<string, string> = new Map([
  ["ReplicaSet", "RS"],
  ["StatefulSet", "STS"],
  ["DaemonSet", "DS"],
  ["Deployment", "Deploy"],
  ["ControllerRevision", "revision"],
  ["PersistentVolumeClaim", "PVC"],
]);

export function stepTone(step: TrailStep): Tone | undefined {
  if (step.sort === "failure") return codeTone(step.code);
  return step.sort === "event" || step.sort === "dry-run" ? "muted" : undefined;
}

/** Below this a step's time, actor, object and words do not fit beside each other. */
const NARROW = 112;

/** Where there is little room the words tell the subresource: binding, status, scale. */
function objectLabel({ step, node, lane }: ListedStep, width: number): string {
  if (lane !== undefined) return laneLabel(lane);
  if (node === undefined) return step.object;
  if (width < NARROW) return node.name + lifeMark(node);
  return step.subresource === "" || width < WIDE ? nodeLabel(node) : `${nodeLabel(node)}/${step.subresource}`;
}

/** The code has its own column. */
export function wordsOf(step: TrailStep): string {
  if (step.sort === "dry-run") return `dry run: ${step.what}`;
  if (step.sort === "failure" && step.code !== null) return step.what.replace(` ${step.code} `, " ");
  return step.what;
}

/** A row of the list. */
export interface ListedStep {
  readonly step: TrailStep;
  /** The row above, for times as differences. */
  readonly above?: TrailStep | undefined;
  readonly node?: TrailNode | undefined;
  /** Of a step from outside: what it is on. */
  readonly lane?: OutsideLane | undefined;
}

export function listedSteps({ steps, nodes, lanes }: VisibleSteps, from = 0, to = steps.length): readonly ListedStep[] {
  return steps.slice(from, to).map((step, at) => ({
    step,
    above: steps[from + at - 1],
    node: nodes.get(step.object),
    lane: lanes.get(step),
  }));
}

interface StepLook extends CellLook {
  readonly stepTime: (row: ListedStep) => string;
  /** Since what the list begins with. */
  readonly sinceMs: (step: TrailStep) => number;
}

/** What a step has not is left empty on the screen. */
function valueCell(text: string, { isPrinted }: CellLook, tone?: Tone): Cell {
  return { text: isPrinted ? orDash(text) : text, ...(tone === undefined ? {} : { tone }) };
}

export const STEP_TABLE: AnswerTable<ListedStep, StepLook> = {
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
  empty: "no step is in the log",
  columns: [
    {
      id: "time",
      title: "time",
      room: (width) => ({ drop: width < NARROW ? 9 : 3 }),
      cell: (row, { stepTime }) => ({ text: stepTime(row), tone: "muted" }),
    },
    {
      id: "at",
      title: "+",
      align: "right",
      minWidth: 8,
      room: (width) => ({ drop: width < NARROW ? 0 : 6 }),
      cell({ step }, { sinceMs }) {
        const ms = sinceMs(step);
        return { text: Number.isFinite(ms) ? `${ms < 0 ? "" : "+"}${duration(ms)}` : "-", tone: "muted" };
      },
    },
    {
      id: "actor",
      title: "actor",
      keep: "tail",
      room: (width) => ({
        minWidth: width < 70 ? 11 : width < NARROW ? 15 : 17,
        maxWidth: width < NARROW ? 15 : width < WIDE ? 18 : 30,
      }),
      cell: ({ step }, look) =>
        textCell(
          look.width < WIDE ? shortActorName(step, look.width < NARROW) : actorName(step),
          look,
          actorTone(step.actorClass),
        ),
    },
    { id: "verb", title: "verb", drop: 4, only: "print", cell: ({ step: { verb } }, look) => textCell(verb, look) },
    {
      id: "object",
      title: "object",
      room(width) {
        const most = width < 100 ? 14 : width < NARROW ? 20 : width < WIDE ? 26 : 48;
        return { minWidth: width < NARROW ? most - 4 : 26, maxWidth: most };
      },
      cell: (row, look) =>
        textCell(objectLabel(row, look.width), look, row.lane === undefined ? stepTone(row.step) : "info"),
    },
    {
      id: "code",
      title: "code",
      drop: 2,
      minWidth: 4,
      cell: ({ step: { code } }, look) => valueCell(code === null ? "" : String(code), look, codeTone(code)),
    },
    {
      id: "latency",
      title: "latency",
      align: "right",
      drop: 8,
      cell: ({ step: { latencyMs } }, look) => valueCell(latencyMs === null ? "" : duration(latencyMs), look, "muted"),
    },
    {
      id: "what",
      title: "what",
      grow: 1,
      keep: "head",
      room: (width) => ({ minWidth: width < 70 ? 24 : width < 100 ? 30 : width < NARROW ? 38 : 41 }),
      cell: ({ step, lane }, look) =>
        textCell(lane === undefined ? wordsOf(step) : laneWords(lane, wordsOf(step)), look, stepTone(step)),
    },
  ],
};

export function stepTable(
  context: PaneContext,
  visible: VisibleSteps,
  { top, page, fromMs }: { readonly top: number; readonly page: number; readonly fromMs: number },
): TableModel {
  const { title, width, text } = timeColumn(context);
  const look: StepLook = {
    ...screenLook(context),
    stepTime: ({ step, above }) => text(exactTime(step.t), exactTime(above?.t ?? null)),
    sinceMs: ({ t }) => exactTime(t) - fromMs,
  };
  const columns = STEP_TABLE.columns.map((column) =>
    column.id === "time" ? { ...column, title, minWidth: width } : column,
  );
  const place = { ids: visible.ids.slice(top, top + page), count: visible.steps.length, top };
  return screenTable({ ...STEP_TABLE, columns }, look, listedSteps(visible, top, top + page), place);
}

export function stepSelection(visible: VisibleSteps, index: number): PaneSelection {
  const step = visible.steps[index];
  if (step === undefined) return {};
  const lane = visible.lanes.get(step);
  const node = visible.nodes.get(step.object);
  const timeMs = exactTime(step.t);
  return {
    copy: step.what,
    term: `id:${quote(step.auditID)}`,
    ...(lane !== undefined ? { object: objectOfLane(lane) } : node === undefined ? {} : { object: objectOfNode(node) }),
    ...(step.actor === "" ? {} : { user: step.actor }),
    ...(Number.isFinite(timeMs) ? { timeUs: timeMs * 1_000 } : {}),
    ...(step.seq === null ? {} : { seq: step.seq, enter: { frame: frameOf("request", { seq: String(step.seq) }) } }),
  };
}
