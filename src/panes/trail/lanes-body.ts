import type { TrailNode, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { line, span } from "../../models/line.ts";
import { count, duration } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import type { Body } from "./body.ts";
import { type Chapter, criticalPath, rootOf } from "./chapters.ts";
import { lanesOf, MARKS } from "./lanes.ts";
import { stepSelection, stepTable, stepTone, wordsOf } from "./steps.ts";
import { visibleSteps } from "./visible-steps.ts";
import { axisAround, waterfallLines } from "./waterfall.ts";
import { exactTime } from "./exact-time.ts";
import { underHead } from "../table-page.ts";

export const MOST_ZOOM = 16;

/** The swim lanes of one chapter, the state at the cursor's time, and the steps around the cursor. */
export function lanesBody(
  context: PaneContext,
  result: TrailResult,
  chapter: Chapter,
  room: number,
  options: { readonly unfolded: boolean; readonly zoom: number },
): Body {
  const { width, unicode } = context;
  const visible = visibleSteps(result, chapter, options.unfolded);
  const { index } = listPlace(context.frame, visible.ids, 1);
  const step = visible.steps[index];
  const cursorMs = exactTime(step?.t ?? null);
  const notes = step === undefined ? [] : belowLines(context, result, chapter, cursorMs, room);
  const leastList = room >= 28 ? 7 : room >= 18 ? 4 : 1;
  // What a chapter began with is listed; the axis begins with the chapter.
  const isContext = step !== undefined && visible.lanes.has(step) && cursorMs < chapter.fromMs;
  const axis = axisAround(chapter.fromMs, chapter.axisToMs, options.zoom, isContext ? chapter.fromMs : cursorMs);
  const height = Math.max(2, room - notes.length - leastList);
  const lanes = lanesOf(visible, axis, height - 1);
  const names = Math.max(1, ...lanes.map((lane) => safeText(lane.name, unicode).length));
  const drawn =
    lanes.length === 0
      ? [line(span("  no step with a time is in the log", "warn"))]
      : waterfallLines(lanes, criticalPath(result, chapter), axis, {
          width,
          height,
          unicode,
          labelWidth: Math.min(names, Math.max(12, Math.floor(width * 0.2))),
          cursor: step === undefined ? null : { index, ms: cursorMs },
        });
  const above = [...drawn, ...notes];
  const page = Math.max(1, room - above.length - 1);
  const place = listPlace(context.frame, visible.ids, page);
  const list =
    leastList > 1 || room - above.length > 2
      ? layoutTable(stepTable(context, visible, { top: place.top, page, fromMs: chapter.fromMs }), {
          width,
          cursorId: place.cursorId,
        })
      : { lines: step === undefined ? [] : [stepLine(context, step)], cursorLine: null };
  return {
    ...underHead(above, { ...list, rows: place.rows }),
    selection: stepSelection(visible, index),
    hidden: visible.hidden,
  };
}

/** On the smallest screens the step under the cursor alone. */
function stepLine(context: PaneContext, step: TrailStep): Line {
  const words = safeText(`${step.code ?? ""} ${wordsOf(step)}`.trim(), context.unicode);
  return line("  ", span(words, stepTone(step) ?? "normal"));
}

/** The legend and how things stood at the cursor's time. */
function belowLines(
  context: PaneContext,
  result: TrailResult,
  chapter: Chapter,
  cursorMs: number,
  room: number,
): Line[] {
  const glyph = context.unicode ? 0 : 1;
  const lines: Line[] = [];
  if (room >= 18) {
    const words = {
      create: "create",
      bind: "bind",
      change: "change",
      event: "Event",
      delete: "delete",
      failure: "failure",
    };
    lines.push(
      line(
        ...Object.entries(words).flatMap(([kind, word]) => {
          const mark = MARKS[kind as keyof typeof words];
          return [span(`${mark[glyph]} `, mark[2]), span(`${word}   `, "muted")];
        }),
      ),
    );
  }
  lines.push(stateLine(context, result, chapter, cursorMs));
  return lines;
}

/** `At +416 ms  1 ReplicaSet · 2 pods: 2 bound, 1 accepted, 0 Ready` */
function stateLine(context: PaneContext, result: TrailResult, chapter: Chapter, atMs: number): Line {
  const isOver = (time: string | null | undefined): boolean => exactTime(time ?? null) <= atMs;
  const there = result.nodes.filter(
    (node) =>
      node.created !== null && isOver(node.created) && !isOver(node.gone ?? (node.terminating ? null : node.deleted)),
  );
  const sinceMs = atMs - chapter.fromMs;
  const label = span(`At ${sinceMs < 0 ? "" : "+"}${duration(sinceMs)}  `, "heading", true);
  const pods = there.filter((node) => node.kind === "Pod");
  const root = rootOf(result);
  const others = new Map<string, number>();
  for (const node of there)
    if (node.kind !== "Pod" && node !== root) others.set(node.kind, (others.get(node.kind) ?? 0) + 1);
  const parts = [...others].map(
    ([kind, number]) => `${count(number)} ${safeText(kind, context.unicode)}${number === 1 ? "" : "s"}`,
  );
  const reached = (name: keyof NonNullable<TrailNode["milestones"]>): number =>
    pods.filter((pod) => isOver(pod.milestones?.[name])).length;
  if (pods.length > 0) {
    const ending = pods.filter((pod) => isOver(pod.deleted)).length;
    parts.push(
      `${count(pods.length)} ${pods.length === 1 ? "pod" : "pods"}: ${reached("bound")} bound, ${reached("accepted")} accepted, ` +
        `${reached("started")} started, ${reached("ready")} Ready${ending === 0 ? "" : `, ${ending} being deleted`}`,
    );
  }
  const isThere = root !== undefined && there.includes(root);
  const alone = isThere ? "the object alone, nothing of its own yet" : "";
  const isYet = root !== undefined && !isOver(root.created);
  const absent = isYet ? "the object itself is not there yet" : "the object itself is gone";
  const words = [isThere ? "" : absent, ...parts].filter((part) => part !== "");
  return line(label, span(words.length === 0 ? alone : words.join(" · ")));
}
