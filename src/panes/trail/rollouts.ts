import type { TrailNode, TrailResult } from "../../lineage/contract.ts";
import { line, span } from "../../models/line.ts";
import { count, duration } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Cell, Line } from "../../models/view.ts";
import {
  type AnswerTable,
  type CellLook,
  countCell,
  screenLook,
  screenTable,
  textCell,
  timeCell,
} from "../answer-table.ts";
import type { PaneContext } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import type { Body } from "./body.ts";
import { type Chapter, chaptersOf, criticalPath, type PathPart } from "./chapters.ts";
import { tailOf } from "./lanes.ts";
import { nodeLabel } from "./nodes.ts";
import { phaseBar, phasesOf, type PhaseRow } from "./phases.ts";

interface ChapterLook extends CellLook {
  readonly nodes: ReadonlyMap<string, TrailNode>;
}

/** Parts of a life: what began each, by whom, how long it took, with how many pods and failures. */
export const CHAPTER_TABLE: AnswerTable<Chapter, ChapterLook> = {
  columns: [
    { id: "part", title: "part", minWidth: 12, cell: ({ label }) => ({ text: label, tone: "accent" }) },
    {
      id: "from",
      title: "from",
      drop: 5,
      cell: ({ fromMs }, look) =>
        timeCell(Number.isFinite(fromMs) ? new Date(fromMs).toISOString() : null, look, "muted"),
    },
    {
      id: "took",
      title: "took",
      align: "right",
      cell: ({ fromMs, toMs }) =>
        toMs === null ? { text: "not seen", tone: "warn" } : { text: duration(toMs - fromMs) },
    },
    {
      id: "what",
      title: "what",
      minWidth: 20,
      grow: 1,
      keep: "head",
      cell: ({ what }, { unicode }) => ({ text: safeText(what, unicode) }),
    },
    { id: "by", title: "by", minWidth: 14, maxWidth: 40, cell: ({ by }, look) => textCell(by, look, "human") },
    {
      id: "revision",
      title: "rev.",
      align: "right",
      drop: 4,
      cell: ({ revision }, { unicode }) => ({ text: safeText(revision ?? "", unicode) }),
    },
    {
      id: "replicaSet",
      title: "replica set",
      only: "print",
      drop: 3,
      cell: ({ replicaSet }, look) => textCell(labelOf(replicaSet, look), look),
    },
    {
      id: "pods",
      title: "pods",
      align: "right",
      drop: 2,
      cell: ({ rollout, pods }) => ({ text: rollout === null ? "" : count(pods.length) }),
    },
    { id: "failures", title: "fail.", align: "right", drop: 1, cell: ({ failures }) => countCell(failures, "danger") },
    {
      id: "slowest",
      title: "slowest",
      drop: 3,
      cell({ rollout, slowestPod }, look) {
        const label = rollout === null ? "" : labelOf(slowestPod, look);
        return { text: safeText(label, look.unicode), tone: "warn" };
      },
    },
  ],
};

/** On the screen what tells pods of one roll-out apart. */
function labelOf(id: string | null, { nodes, isPrinted }: ChapterLook): string {
  const node = id === null ? undefined : nodes.get(id);
  if (node === undefined) return isPrinted ? (id ?? "") : "";
  return isPrinted ? nodeLabel(node) : tailOf(node.name);
}

/** All parts of the life as a list. */
export function chapterListBody(context: PaneContext, result: TrailResult, room: number): Body {
  const chapters = chaptersOf(result);
  const ids = chapters.map((chapter) => chapter.id);
  const page = Math.max(1, room - 1);
  const place = listPlace(context.frame, ids, page);
  const look = { ...screenLook(context), nodes: new Map(result.nodes.map((node) => [node.id, node])) };
  const table = layoutTable(screenTable(CHAPTER_TABLE, look, place.shown(chapters), place.rows), {
    width: context.width,
    cursorId: place.cursorId,
  });
  const chosen = chapters[place.index];
  return {
    lines: table.lines,
    cursorLine: table.cursorLine,
    rows: place.rows,
    selection:
      chosen === undefined
        ? {}
        : {
            copy: chosen.what,
            ...(chosen.by === "" ? {} : { user: chosen.by }),
            ...(Number.isFinite(chosen.fromMs) ? { timeUs: chosen.fromMs * 1_000 } : {}),
            enter: {
              frame: {
                pane: "trail",
                params: { ...context.frame.params, view: "story", part: chosen.id },
                cursorId: null,
                cursorIndex: 0,
                top: 0,
              },
            },
          },
  };
}

/** Two roll-outs side by side: phase by phase, with the difference. */
export function compareBody(
  context: PaneContext,
  result: TrailResult,
  first: Chapter,
  second: Chapter,
  room: number,
): Body {
  const safe = (text: string): string => safeText(text, context.unicode);
  const [left, right] = [phasesOf(result, first), phasesOf(result, second)];
  const head: Line[] = [
    line(
      span("Side by side  ", "heading", true),
      span("[ ]", "key"),
      span(" changes B, ", "muted"),
      span("=", "key"),
      span(" keeps B as A", "muted"),
    ),
    describe("A", first, context),
    describe("B", second, context),
    [],
  ];
  const names = [...new Set([...left, ...right].map((row) => row.name))];
  const find = (rows: readonly PhaseRow[], name: string): PhaseRow | undefined => rows.find((row) => row.name === name);
  const longest = Math.max(1, ...[...left, ...right].map((row) => row.axisMs));
  const barWidth = Math.max(8, Math.min(50, Math.floor((context.width - 52) / 2)));
  const took = (ms: number | undefined): Cell =>
    ms === undefined ? { text: "-", tone: "muted" } : { text: duration(ms) };
  const bar = (row: PhaseRow | undefined): Cell => ({
    text: row === undefined ? "" : phaseBar({ ...row, axisMs: longest }, barWidth, context.unicode),
    tone: "bar",
  });
  const totals = [first, second].map((chapter) => (chapter.toMs === null ? undefined : chapter.toMs - chapter.fromMs));
  const rows = names.map((name) => {
    const [a, b] = [find(left, name), find(right, name)];
    return {
      id: name,
      cells: [{ text: safe(name) }, took(a?.ms), bar(a), took(b?.ms), bar(b), difference(a?.ms, b?.ms)],
    };
  });
  rows.push({
    id: "total",
    cells: [
      { text: "until available" },
      took(totals[0]),
      { text: "", tone: "bar" },
      took(totals[1]),
      { text: "", tone: "bar" },
      difference(totals[0], totals[1]),
    ],
  });
  const table = layoutTable(
    {
      kind: "table",
      columns: [
        { id: "phase", title: "phase", minWidth: 12, maxWidth: 24, keep: "head" },
        { id: "a", title: "A", align: "right" },
        { id: "barA", title: "", minWidth: barWidth, drop: 2 },
        { id: "b", title: "B", align: "right" },
        { id: "barB", title: "", minWidth: barWidth, drop: 1 },
        { id: "difference", title: "B - A", align: "right" },
      ],
      rows,
      rowCount: rows.length,
      firstRow: 0,
    },
    { width: context.width },
  ).lines;
  const paths = [first, second].map((chapter, at) => pathText(at === 0 ? "A" : "B", criticalPath(result, chapter)));
  const lines = [...head, ...table, [], ...paths].slice(0, room);
  return { lines, cursorLine: null, rows: { count: 0, top: 0, page: Math.max(1, room), ids: [] }, selection: {} };
}

function describe(name: string, chapter: Chapter, context: PaneContext): Line {
  const safe = (text: string): string => safeText(text, context.unicode);
  return line(
    span(`  ${name}  `, "key", true),
    span(`${chapter.label}  `, "accent"),
    safe(chapter.what),
    span(" by ", "muted"),
    span(safe(chapter.by), "human"),
    span(` · ${count(chapter.pods.length)} pods · ${count(chapter.failures)} failures`, "muted"),
  );
}

function difference(a: number | undefined, b: number | undefined): Cell {
  if (a === undefined || b === undefined) return { text: "-", tone: "muted" };
  const ms = b - a;
  return { text: `${ms > 0 ? "+" : ""}${duration(ms)}`, tone: ms > 0 ? "warn" : "good" };
}

function pathText(name: string, path: readonly PathPart[]): Line {
  if (path.length === 0) return [];
  return line(
    span(`  ${name} waited for  `, "muted"),
    ...path.flatMap((part, at) => [
      span(at === 0 ? "" : " → ", "muted"),
      span(`${part.name} ${duration(part.toMs - part.fromMs)}`, part.isLongest ? "warn" : "normal"),
    ]),
  );
}
