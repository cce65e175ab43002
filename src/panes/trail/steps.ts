import type { TrailNode, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { duration } from "../../models/numbers.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Cell, TableModel, Tone } from "../../models/view.ts";
import { quote } from "../../queries/print-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { distinctIds } from "../list-place.ts";
import { timeColumn } from "../time-column.ts";
import { actorTone, codeTone } from "../tones.ts";
import { nodeLabel, objectOfNode } from "./nodes.ts";

/** What happened to the object and to what it owned, in the order it happened. */

interface Steps {
  readonly ids: readonly string[];
  readonly nodes: ReadonlyMap<string, TrailNode>;
}

const prepared = new WeakMap<TrailResult, Steps>();

export function stepsOf(result: TrailResult): Steps {
  const known = prepared.get(result);
  if (known !== undefined) return known;
  const steps = {
    ids: distinctIds(result.steps.map((step) => `${step.auditID}|${step.object}`)),
    nodes: new Map(result.nodes.map((node) => [node.id, node])),
  };
  prepared.set(result, steps);
  return steps;
}

/** The controller, where one acted under a shared name, else the user. */
function actorOf(step: TrailStep): string {
  return step.controller === undefined || step.controller === "" ? step.actor : step.controller;
}

function stepTone(step: TrailStep): Tone | undefined {
  if (step.sort === "failure") return codeTone(step.code);
  return step.sort === "event" || step.sort === "dry-run" ? "muted" : undefined;
}

function objectLabel(step: TrailStep, nodes: ReadonlyMap<string, TrailNode>): string {
  const node = nodes.get(step.object);
  const label = node === undefined ? step.object : nodeLabel(node);
  return step.subresource === "" ? label : `${label}/${step.subresource}`;
}

export function stepTable(
  context: PaneContext,
  result: TrailResult,
  place: { readonly top: number; readonly page: number },
): TableModel {
  const { ids, nodes } = stepsOf(result);
  const time = timeColumn(context);
  const safe = (text: string): string => safeText(text, context.unicode);
  const rows = result.steps.slice(place.top, place.top + place.page);
  return {
    kind: "table",
    columns: [
      { id: "time", title: time.title, minWidth: time.width },
      { id: "at", title: "+", align: "right", drop: 6 },
      { id: "actor", title: "actor", minWidth: context.width < 100 ? 13 : 18, grow: 1 },
      { id: "verb", title: "verb", drop: 5, minWidth: 6 },
      { id: "object", title: "object", minWidth: context.width < 100 ? 14 : 22, grow: 1 },
      { id: "what", title: "what", minWidth: context.width < 100 ? 24 : 36, grow: 2, keep: "head" },
      { id: "code", title: "code", drop: 2, minWidth: 4 },
      { id: "latency", title: "latency", align: "right", drop: 4 },
    ],
    rows: rows.map((step, at) => {
      const previous = result.steps[place.top + at - 1];
      const tone = stepTone(step);
      const toned = (text: string): Cell => (tone === undefined ? { text } : { text, tone });
      return {
        id: ids[place.top + at] ?? "",
        cells: [
          { text: time.text(parseTime(step.t), parseTime(previous?.t ?? null)), tone: "muted" },
          { text: `+${duration(step.atMs)}`, tone: "muted" },
          { text: orDash(safe(actorOf(step))), tone: actorTone(step.actorClass) },
          toned(orDash(safe(step.sort === "event" ? "event" : step.verb))),
          toned(safe(objectLabel(step, nodes))),
          toned(safe(step.sort === "dry-run" ? `dry run: ${step.what}` : step.what)),
          { text: step.code === null ? "" : String(step.code), tone: codeTone(step.code) },
          { text: step.latencyMs === null ? "" : duration(step.latencyMs), tone: "muted" },
        ],
      };
    }),
    rowCount: result.steps.length,
    firstRow: place.top,
    empty: "no step is in the log",
  };
}

export function stepSelection(result: TrailResult, index: number): PaneSelection {
  const step = result.steps[index];
  if (step === undefined) return {};
  const node = stepsOf(result).nodes.get(step.object);
  const timeMs = parseTime(step.t);
  return {
    copy: step.what,
    term: `id:${quote(step.auditID)}`,
    ...(node === undefined ? {} : { object: objectOfNode(node) }),
    ...(step.actor === "" ? {} : { user: step.actor }),
    ...(Number.isFinite(timeMs) ? { timeUs: timeMs * 1_000 } : {}),
    ...(step.seq === null ? {} : { seq: step.seq, enter: { frame: frameOf("request", { seq: String(step.seq) }) } }),
  };
}
