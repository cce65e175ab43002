import type { TrailNode, TrailResult } from "../../lineage/contract.ts";
import { besideEachOther, line, span } from "../../models/line.ts";
import { count, duration } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Cell, Line, TableModel } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import { moment } from "../time-column.ts";
import type { Body } from "./body.ts";
import { type Chapter, rootOf } from "./chapters.ts";
import { pathLine } from "./header.ts";
import { nodeLabel, nodeRows, type NodeRow } from "./nodes.ts";
import { phaseTable, phasesOf } from "./phases.ts";
import { stepSelection, stepTable } from "./steps.ts";
import { visibleSteps } from "./visible-steps.ts";
import { exactTime } from "./exact-time.ts";
import { underHead } from "../table-page.ts";

/** From here on the objects and the phases stand beside each other. */
const BESIDE = 100;

/** One roll-out on one screen: its objects, its phases, and what happened in order. */
export function storyBody(
  context: PaneContext,
  result: TrailResult,
  chapter: Chapter,
  room: number,
  unfolded: boolean,
): Body {
  const { width } = context;
  const above: Line[] = [];
  const path = pathLine(context, result, chapter);
  if (path.length > 0) above.push(path);
  if (room >= 12) {
    above.push(...objectsAndPhases(context, result, chapter, room));
    above.push([]);
  }
  const visible = visibleSteps(result, chapter, unfolded);
  const page = Math.max(1, room - above.length - 1);
  const place = listPlace(context.frame, visible.ids, page);
  const table = layoutTable(stepTable(context, visible, { top: place.top, page, fromMs: chapter.fromMs }), {
    width,
    cursorId: place.cursorId,
  });
  return {
    ...underHead(above, { ...table, rows: place.rows }),
    selection: stepSelection(visible, place.index),
    hidden: visible.hidden,
  };
}

function objectsAndPhases(context: PaneContext, result: TrailResult, chapter: Chapter, room: number): Line[] {
  const { width } = context;
  const rows = nodesOf(result, chapter);
  const phases = phasesOf(result, chapter);
  const isBeside = width >= BESIDE && phases.length > 0;
  const most = Math.max(2, isBeside ? Math.max(phases.length + 1, Math.floor(room * 0.22)) : Math.floor(room * 0.3));
  const leftWidth = isBeside ? Math.min(84, Math.floor(width * 0.62)) : width;
  const isCut = rows.length + 1 > most;
  const shown = isCut ? rows.slice(0, Math.max(1, most - 2)) : rows;
  const tree = [...layoutTable(objectTable(context, shown, chapter), { width: leftWidth }).lines];
  if (isCut)
    tree.push(
      line(
        span(`  … ${count(rows.length - shown.length)} more, `, "muted"),
        span("v", "key"),
        span(" shows the tree", "muted"),
      ),
    );
  if (!isBeside) return tree;
  const rightWidth = width - leftWidth - 2;
  const right = layoutTable(phaseTable(context, phases, rightWidth), { width: rightWidth, plain: true }).lines;
  return besideEachOther(
    [
      { lines: tree, width: leftWidth },
      { lines: right, width: rightWidth },
    ],
    2,
  );
}

/** Objects of a roll-out: its root, its ReplicaSet and its pods; of other chapters all. */
function nodesOf(result: TrailResult, chapter: Chapter): readonly NodeRow[] {
  const rows = nodeRows(result);
  if (chapter.rollout === null) return rows;
  const wanted = new Set([rootOf(result)?.id, chapter.replicaSet, ...chapter.pods]);
  const kept = result.nodes.filter((node) => wanted.has(node.id));
  return nodeRows({ nodes: kept });
}

function objectTable(context: PaneContext, rows: readonly NodeRow[], chapter: Chapter): TableModel {
  const safe = (text: string): string => safeText(text, context.unicode);
  const since = (time: string | null | undefined): Cell => {
    const ms = exactTime(time ?? null) - chapter.fromMs;
    if (!Number.isFinite(ms)) return { text: "-", tone: "muted" };
    return { text: `${ms < 0 ? "" : "+"}${duration(ms)}` };
  };
  const gone = (node: TrailNode): Cell => {
    if (node.terminating === true) return { text: "terminating", tone: "warn" };
    const time = exactTime(node.deleted ?? node.gone ?? null);
    return Number.isFinite(time) ? { text: moment(context, time), tone: "muted" } : { text: "-", tone: "muted" };
  };
  return {
    kind: "table",
    columns: [
      { id: "object", title: "object", minWidth: context.width < BESIDE ? 18 : 34, grow: 1 },
      { id: "node", title: "node", drop: 2, maxWidth: 14 },
      { id: "created", title: "created", align: "right" },
      { id: "ready", title: "Ready", align: "right", drop: 1 },
      { id: "gone", title: "gone", drop: 5 },
    ],
    rows: rows.map(({ id, node, strokes }) => {
      const label = safe(nodeLabel(node));
      const isSlowest = id === chapter.slowestPod && chapter.rollout !== null;
      return {
        id,
        cells: [
          {
            text: strokes + label,
            spans: [{ text: strokes, tone: "muted" as const }, { text: label }],
          },
          { text: node.node === null ? "" : safe(node.node), tone: "node" as const },
          since(node.created),
          node.milestones === null || node.milestones === undefined
            ? { text: "" }
            : isSlowest
              ? { text: `last ${since(node.milestones.ready).text}`, tone: "warn" as const }
              : since(node.milestones.ready),
          gone(node),
        ],
      };
    }),
    rowCount: rows.length,
    firstRow: 0,
    empty: "no object",
  };
}
