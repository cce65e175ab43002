import type { TrailResult } from "../../lineage/contract.ts";
import { duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Cell, TableModel } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { moment } from "../time-column.ts";

/** How long each part took: of one pod, or of every roll-out of its owner, on one time axis per roll-out. */

export interface PhaseRow {
  readonly id: string;
  readonly name: string;
  readonly detail: string;
  readonly fromMs: number;
  readonly ms: number | null;
  readonly isRollout: boolean;
  /** Axis of the bar. */
  readonly axisFromMs: number;
  readonly axisMs: number;
}

export function phaseRows(result: TrailResult): PhaseRow[] {
  const rollouts = result.rollouts ?? [];
  const rows: PhaseRow[] = [];
  const add = (rollout: number | undefined): void => {
    const own = result.phases.filter((phase) => phase.rollout === rollout);
    const from = Math.min(...own.map((phase) => parseTime(phase.from)));
    const to = Math.max(...own.map((phase) => parseTime(phase.to)));
    for (const phase of own)
      rows.push({
        id: `${rollout ?? "pod"}:${phase.name}:${rows.length}`,
        name: phase.name,
        detail: "",
        fromMs: parseTime(phase.from),
        ms: phase.ms,
        isRollout: false,
        axisFromMs: from,
        axisMs: Math.max(1, to - from),
      });
  };
  for (const [at, rollout] of rollouts.entries()) {
    const fromMs = parseTime(rollout.from);
    const revision = rollout.revision === null ? `roll-out ${at + 1}` : `revision ${rollout.revision}`;
    rows.push({
      id: `rollout:${at}`,
      name: revision,
      detail: `${rollout.what} by ${rollout.by}`,
      fromMs,
      ms: rollout.ms,
      isRollout: true,
      axisFromMs: fromMs,
      axisMs: 1,
    });
    add(at);
  }
  add(undefined);
  return rows;
}

function bar(row: PhaseRow, width: number, unicode: boolean): string {
  const start = Math.min(width - 1, Math.max(0, Math.floor(((row.fromMs - row.axisFromMs) / row.axisMs) * width)));
  const length = Math.max(1, Math.min(width - start, Math.round(((row.ms ?? 0) / row.axisMs) * width)));
  return " ".repeat(start) + (unicode ? "█" : "#").repeat(length);
}

export function phaseTable(context: PaneContext, rows: readonly PhaseRow[], count: number, width: number): TableModel {
  const barWidth = width < 60 ? 12 : width < 100 ? 24 : 48;
  const cells = (row: PhaseRow): Cell[] => {
    const name = safeText(row.isRollout ? `${row.name}: ${row.detail}` : `  ${row.name}`, context.unicode);
    return [
      { text: name, ...(row.isRollout ? { tone: "accent" as const } : {}) },
      { text: Number.isFinite(row.fromMs) ? moment(context, row.fromMs) : "-", tone: "muted" },
      row.ms === null ? { text: "never", tone: "warn" } : { text: duration(row.ms), value: row.ms },
      { text: row.isRollout ? "" : bar(row, barWidth, context.unicode), tone: "bar" },
    ];
  };
  return {
    kind: "table",
    columns: [
      { id: "phase", title: "phase", minWidth: 16, grow: 1, keep: "head" },
      { id: "from", title: "from", drop: 3 },
      { id: "took", title: "took", align: "right" },
      { id: "bar", title: "", minWidth: barWidth, drop: 2 },
    ],
    rows: rows.map((row) => ({ id: row.id, cells: cells(row) })),
    rowCount: count,
    firstRow: 0,
    empty: "the log does not show phases of this object",
  };
}
