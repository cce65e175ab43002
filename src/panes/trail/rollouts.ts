import type { TrailResult } from "../../lineage/contract.ts";
import { line, span } from "../../models/line.ts";
import { count, duration } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import type { Cell, Line } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import { moment } from "../time-column.ts";
import type { Body } from "./body.ts";
import { type Chapter, chaptersOf, criticalPath, type PathPart } from "./chapters.ts";
import { tailOf } from "./lanes.ts";
import { phaseBar, phasesOf, type PhaseRow } from "./phases.ts";

/** All parts of the life as a list: what began each, by whom, how long it took, with how many pods and failures. */
export function chapterListBody(context: PaneContext, result: TrailResult, room: number): Body {
  const chapters = chaptersOf(result);
  const ids = chapters.map((chapter) => chapter.id);
  const page = Math.max(1, room - 1);
  const place = listPlace(context.frame, ids, page);
  const safe = (text: string): string => safeText(text, context.unicode);
  const pod = (id: string | null): string => tailOf(result.nodes.find((node) => node.id === id)?.name ?? "");
  const cells = (chapter: Chapter): Cell[] => {
    const took = chapter.toMs === null ? null : chapter.toMs - chapter.fromMs;
    const isRollout = chapter.rollout !== null;
    return [
      { text: chapter.label, tone: "accent" },
      { text: Number.isFinite(chapter.fromMs) ? moment(context, chapter.fromMs) : "-", tone: "muted" },
      took === null ? { text: "not seen", tone: "warn" } : { text: duration(took) },
      { text: safe(chapter.what) },
      { text: orDash(safe(chapter.by)), tone: "human" },
      { text: chapter.revision === null ? "" : safe(chapter.revision) },
      { text: isRollout ? count(chapter.pods.length) : "" },
      chapter.failures === 0 ? { text: "0", tone: "muted" } : { text: count(chapter.failures), tone: "danger" },
      { text: isRollout ? safe(pod(chapter.slowestPod)) : "", tone: "warn" },
    ];
  };
  const table = layoutTable(
    {
      kind: "table",
      columns: [
        { id: "part", title: "part", minWidth: 12 },
        { id: "from", title: "from", drop: 5 },
        { id: "took", title: "took", align: "right" },
        { id: "what", title: "what", minWidth: 20, grow: 1, keep: "head" },
        { id: "by", title: "by", minWidth: 14, maxWidth: 40 },
        { id: "revision", title: "rev.", align: "right", drop: 4 },
        { id: "pods", title: "pods", align: "right", drop: 2 },
        { id: "failures", title: "fail.", align: "right", drop: 1 },
        { id: "slowest", title: "slowest", drop: 3 },
      ],
      rows: place.shown(chapters).map((chapter) => ({ id: chapter.id, cells: cells(chapter) })),
      rowCount: chapters.length,
      firstRow: place.top,
    },
    { width: context.width, cursorId: place.cursorId },
  );
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
