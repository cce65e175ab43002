import type { Ask } from "../../engine/contract.ts";
import type { GridSection } from "../../models/grid.ts";
import { line, span } from "../../models/line.ts";
import { duration, rates } from "../../models/numbers.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { TableRow } from "../../models/view.ts";
import type { GroupResult, TimeWindow } from "../../queries/contract.ts";
import { termFor } from "../../queries/filter-term.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";

/** Who calls more, or less, than just before: the last part of the window against one as long before it. */
export interface MoverWindows {
  readonly now: Required<TimeWindow>;
  readonly before: Required<TimeWindow>;
  readonly seconds: number;
}

const LEAST_MS = 10_000;
const MOST_MS = 15 * 60_000;
const ROWS = 12;

/** Null when the log is too short to compare. Whole seconds, so that a live tail does not ask anew all the time. */
export function moverWindows(context: PaneContext): MoverWindows | null {
  const from = context.window?.fromUs ?? parseTime(context.status.from) * 1_000;
  const to = context.window?.toUs ?? parseTime(context.status.to) * 1_000;
  const endUs = Math.ceil(to / 1e6) * 1e6;
  const lengthMs = Math.min(MOST_MS, Math.floor((to - from) / 1_000 / 4 / 1_000) * 1_000);
  if (!Number.isFinite(lengthMs) || lengthMs < LEAST_MS) return null;
  const lengthUs = lengthMs * 1_000;
  return {
    now: { fromUs: endUs - lengthUs, toUs: endUs },
    before: { fromUs: endUs - 2 * lengthUs, toUs: endUs - lengthUs },
    seconds: lengthMs / 1_000,
  };
}

export function moversAsk(context: PaneContext, window: TimeWindow): Ask {
  return { kind: "groups", filter: context.filter, window, by: ["who"], limit: 200, latency: false };
}

interface Mover {
  readonly who: string;
  readonly now: number;
  readonly before: number;
}

export function movers(now: GroupResult, before: GroupResult): Mover[] {
  const counts = new Map<string, { now: number; before: number }>();
  for (const row of now.rows) counts.set(row.key["who"] ?? "", { now: row.requests, before: 0 });
  for (const row of before.rows) {
    const who = row.key["who"] ?? "";
    counts.set(who, { now: counts.get(who)?.now ?? 0, before: row.requests });
  }
  return [...counts]
    .map(([who, both]) => ({ who, ...both }))
    .filter((mover) => mover.now !== mover.before)
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before) || (a.who < b.who ? -1 : 1));
}

function change({ now, before }: Mover): string {
  if (before === 0) return "new";
  if (now === 0) return "gone";
  const factor = now / before;
  return factor >= 1 ? `▲ ${factor.toFixed(1)}×` : `▼ ${(1 / factor).toFixed(1)}×`;
}

function moverId(who: string): string {
  return `movers|${JSON.stringify([who])}`;
}

export function moversSection(
  context: PaneContext,
  windows: MoverWindows | null,
  now: GroupResult | undefined,
  before: GroupResult | undefined,
  mark: string,
): GridSection {
  const rows = now === undefined || before === undefined ? [] : movers(now, before).slice(0, ROWS);
  const per = windows?.seconds ?? 1;
  const rateText = rates(rows.flatMap((mover) => [mover.now / per, mover.before / per]));
  const cells = (mover: Mover): TableRow => ({
    id: moverId(mover.who),
    cells: [
      { text: orDash(safeText(mover.who, context.unicode)) },
      { text: change(mover), tone: mover.now > mover.before ? "warn" : "muted" },
      { text: rateText(mover.now / per) },
      { text: rateText(mover.before / per), tone: "muted" },
    ],
  });
  const versus = windows === null ? "" : `  last ${duration(windows.seconds * 1_000)} vs before`;
  return {
    id: "movers",
    title: line("  ", span("What changed", "heading", true), span(versus, "muted"), span(mark, "warn")),
    minWidth: context.width < 100 ? 36 : 56,
    table: {
      kind: "table",
      columns: [
        { id: "who", title: "who", minWidth: 8, grow: 1 },
        { id: "change", title: "change", align: "right" },
        { id: "now", title: "now", align: "right" },
        { id: "before", title: "before", align: "right", drop: 2 },
      ],
      rows: rows.map(cells),
      rowCount: rows.length,
      firstRow: 0,
      empty:
        windows === null ? "the log is too short to compare" : now === undefined ? "counting …" : "nothing changed",
    },
  };
}

/** The requests of the last part: what the row's first number counted. */
export function moverSelection(windows: MoverWindows | null, id: string | undefined): PaneSelection | undefined {
  if (windows === null || id?.startsWith("movers|") !== true) return undefined;
  const [who = ""] = JSON.parse(id.slice("movers|".length)) as string[];
  const term = termFor("who", who);
  const { fromUs, toUs } = windows.now;
  const bounds = [`since:${new Date(fromUs / 1_000).toISOString()}`, `until:${new Date(toUs / 1_000).toISOString()}`];
  return { copy: who, term, enter: { frame: frameOf("requests"), chips: [term, ...bounds] } };
}
