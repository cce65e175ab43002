import type { TrailPhase, TrailResult } from "../../lineage/contract.ts";
import { duration } from "../../models/numbers.ts";
import type { TableModel } from "../../models/view.ts";
import { type AnswerTable, type CellLook, countCell, screenLook, screenTable, textCell } from "../answer-table.ts";
import type { PaneContext } from "../contract.ts";
import type { Chapter } from "./chapters.ts";
import { exactTime } from "./exact-time.ts";

/** How long each phase of a roll-out, or of a pod, took: all on one axis. */

export interface PhaseRow extends TrailPhase {
  readonly fromMs: number;
  /** Axis of the bar. */
  readonly axisFromMs: number;
  readonly axisMs: number;
}

export function phasesOf(result: TrailResult, chapter: Pick<Chapter, "rollout">): readonly PhaseRow[] {
  return phaseRows(result.phases.filter((phase) => phase.rollout === (chapter.rollout ?? undefined)));
}

/** All on one axis. */
export function phaseRows(phases: readonly TrailPhase[]): readonly PhaseRow[] {
  const axisFromMs = Math.min(...phases.map((phase) => exactTime(phase.from)));
  const toMs = Math.max(...phases.map((phase) => exactTime(phase.to)));
  const axisMs = Math.max(1, toMs - axisFromMs);
  return phases.map((phase) => ({ ...phase, fromMs: exactTime(phase.from), axisFromMs, axisMs }));
}

export function phaseBar(row: PhaseRow, width: number, unicode: boolean): string {
  const share = (ms: number): number => (Number.isFinite(ms / row.axisMs) ? ms / row.axisMs : 0);
  const start = Math.min(width - 1, Math.max(0, Math.floor(share(row.fromMs - row.axisFromMs) * width)));
  const length = Math.max(1, Math.min(width - start, Math.round(share(row.ms) * width)));
  return " ".repeat(start) + (unicode ? "█" : "#").repeat(length);
}

interface PhaseLook extends CellLook {
  readonly barWidth: number;
  /** To the millisecond. */
  readonly exactText: (iso: string) => string;
}

const PHASE_TABLE: AnswerTable<PhaseRow, PhaseLook> = {
  empty: "the log does not show phases of this object",
  columns: [
    {
      id: "rollout",
      title: "rollout #",
      align: "right",
      only: "print",
      cell: ({ rollout }) => countCell(rollout === undefined ? null : rollout + 1),
    },
    {
      id: "phase",
      title: "phase",
      minWidth: 10,
      maxWidth: 20,
      keep: "head",
      cell: ({ name }, look) => textCell(name, look),
    },
    { id: "from", title: "from", only: "print", cell: ({ from }, { exactText }) => ({ text: exactText(from) }) },
    { id: "to", title: "to", only: "print", cell: ({ to }, { exactText }) => ({ text: exactText(to) }) },
    { id: "took", title: "took", align: "right", cell: ({ ms }) => ({ text: duration(ms), value: ms }) },
    {
      id: "bar",
      title: "",
      drop: 2,
      only: "screen",
      cell: (row, { barWidth, unicode }) => ({ text: phaseBar(row, barWidth, unicode), tone: "bar" }),
    },
  ],
};

/** Printed, phases of all roll-outs stand below each other. */
export function printedPhases(phases: readonly TrailPhase[]): AnswerTable<PhaseRow, PhaseLook> {
  const isOfRollouts = phases.some(({ rollout }) => rollout !== undefined);
  return { ...PHASE_TABLE, columns: PHASE_TABLE.columns.filter(({ id }) => isOfRollouts || id !== "rollout") };
}

export function phaseTable(context: PaneContext, rows: readonly PhaseRow[], width: number): TableModel {
  const barWidth = Math.max(8, Math.min(60, width - 32));
  const look = { ...screenLook(context), barWidth, exactText: (iso: string) => iso };
  const columns = PHASE_TABLE.columns.map((column) =>
    column.id === "bar" ? { ...column, minWidth: barWidth } : column,
  );
  const place = { ids: rows.map((_, at) => String(at)), count: rows.length, top: 0 };
  return screenTable({ ...PHASE_TABLE, columns }, look, rows, place);
}
