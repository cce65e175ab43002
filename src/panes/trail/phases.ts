import type { TrailResult } from "../../lineage/contract.ts";
import { duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Cell, TableModel } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import type { Chapter } from "./chapters.ts";
import { exactTime } from "./exact-time.ts";

/** How long each phase of a roll-out, or of a pod, took: all on one axis. */

export interface PhaseRow {
  readonly name: string;
  readonly fromMs: number;
  readonly ms: number;
  /** Axis of the bar. */
  readonly axisFromMs: number;
  readonly axisMs: number;
}

export function phasesOf(result: TrailResult, chapter: Pick<Chapter, "rollout">): PhaseRow[] {
  const own = result.phases.filter((phase) => phase.rollout === (chapter.rollout ?? undefined));
  const from = Math.min(...own.map((phase) => exactTime(phase.from)));
  const to = Math.max(...own.map((phase) => exactTime(phase.to)));
  return own.map((phase) => ({
    name: phase.name,
    fromMs: exactTime(phase.from),
    ms: phase.ms,
    axisFromMs: from,
    axisMs: Math.max(1, to - from),
  }));
}

export function phaseBar(row: PhaseRow, width: number, unicode: boolean): string {
  const share = (ms: number): number => (Number.isFinite(ms / row.axisMs) ? ms / row.axisMs : 0);
  const start = Math.min(width - 1, Math.max(0, Math.floor(share(row.fromMs - row.axisFromMs) * width)));
  const length = Math.max(1, Math.min(width - start, Math.round(share(row.ms) * width)));
  return " ".repeat(start) + (unicode ? "█" : "#").repeat(length);
}

export function phaseTable(context: PaneContext, rows: readonly PhaseRow[], width: number): TableModel {
  const barWidth = Math.max(8, Math.min(60, width - 32));
  const cells = (row: PhaseRow): Cell[] => [
    { text: safeText(row.name, context.unicode) },
    { text: duration(row.ms), value: row.ms },
    { text: phaseBar(row, barWidth, context.unicode), tone: "bar" },
  ];
  return {
    kind: "table",
    columns: [
      { id: "phase", title: "phase", minWidth: 10, maxWidth: 20, keep: "head" },
      { id: "took", title: "took", align: "right" },
      { id: "bar", title: "", minWidth: barWidth, drop: 2 },
    ],
    rows: rows.map((row, at) => ({ id: String(at), cells: cells(row) })),
    rowCount: rows.length,
    firstRow: 0,
    empty: "the log does not show phases of this object",
  };
}
