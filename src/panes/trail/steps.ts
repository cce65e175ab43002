import type { TrailStep } from "../../lineage/contract.ts";
import { duration } from "../../models/numbers.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import type { Cell, TableModel, Tone } from "../../models/view.ts";
import { quote } from "../../queries/print-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
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
function objectLabel(step: TrailStep, { nodes, lanes }: VisibleSteps, width: number): string {
  const lane = lanes.get(step);
  if (lane !== undefined) return laneLabel(lane);
  const node = nodes.get(step.object);
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

export function stepTable(
  context: PaneContext,
  visible: VisibleSteps,
  place: { readonly top: number; readonly page: number; readonly fromMs: number; readonly width: number },
): TableModel {
  const isNarrow = place.width < NARROW;
  const time = timeColumn(context);
  const safe = (text: string): string => safeText(text, context.unicode);
  const rows = visible.steps.slice(place.top, place.top + place.page);
  const actorWidth = isNarrow ? 15 : place.width < WIDE ? 18 : 30;
  const objectWidth = isNarrow ? (place.width < 100 ? 14 : 20) : place.width < WIDE ? 26 : 48;
  const at = { id: "at", title: "+", align: "right" as const, minWidth: 8 };
  return {
    kind: "table",
    columns: [
      { id: "time", title: time.title, minWidth: time.width, ...(isNarrow ? { drop: 9 } : { drop: 3 }) },
      isNarrow ? at : { ...at, drop: 6 },
      {
        id: "actor",
        title: "actor",
        minWidth: place.width < 70 ? 11 : isNarrow ? 15 : 17,
        maxWidth: actorWidth,
        keep: "tail",
      },
      { id: "object", title: "object", minWidth: isNarrow ? objectWidth - 4 : 26, maxWidth: objectWidth },
      {
        id: "what",
        title: "what",
        minWidth: place.width < 70 ? 24 : place.width < 100 ? 30 : isNarrow ? 38 : 41,
        grow: 1,
        keep: "head",
      },
      { id: "code", title: "code", drop: 2, minWidth: 4 },
      { id: "latency", title: "latency", align: "right", drop: 8 },
    ],
    rows: rows.map((step, row) => {
      const previous = visible.steps[place.top + row - 1];
      const tone = stepTone(step);
      const toned = (text: string): Cell => (tone === undefined ? { text } : { text, tone });
      const lane = visible.lanes.get(step);
      const sinceMs = exactTime(step.t) - place.fromMs;
      return {
        id: visible.ids[place.top + row] ?? "",
        cells: [
          { text: time.text(exactTime(step.t), exactTime(previous?.t ?? null)), tone: "muted" },
          { text: Number.isFinite(sinceMs) ? `${sinceMs < 0 ? "" : "+"}${duration(sinceMs)}` : "-", tone: "muted" },
          {
            text: orDash(safe(place.width < WIDE ? shortActorName(step, isNarrow) : actorName(step))),
            tone: actorTone(step.actorClass),
          },
          {
            ...toned(safe(objectLabel(step, visible, place.width))),
            ...(lane === undefined ? {} : { tone: "info" as const }),
          },
          toned(safe(lane === undefined ? wordsOf(step) : laneWords(lane, wordsOf(step)))),
          { text: step.code === null ? "" : String(step.code), tone: codeTone(step.code) },
          { text: step.latencyMs === null ? "" : duration(step.latencyMs), tone: "muted" },
        ],
      };
    }),
    rowCount: visible.steps.length,
    firstRow: place.top,
    empty: "no step is in the log",
  };
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
