import type { Ask } from "../../engine/contract.ts";
import type { GridSection } from "../../models/grid.ts";
import { line, span } from "../../models/line.ts";
import { duration, rates } from "../../models/numbers.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import type { TableRow } from "../../models/view.ts";
import type { Filter, GroupResult, TimeWindow } from "../../queries/contract.ts";
import { termFor } from "../../queries/filter-term.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { logSpan, ownTime } from "../own-time.ts";
import { isoMicros } from "../shell-command.ts";

/** Who calls more, or less, than just before. */
export interface MoverWindows {
  /** What both are part of: the filters, without the time that is shown. */
  readonly filter: Filter;
  readonly now: Required<TimeWindow>;
  readonly before: Required<TimeWindow>;
  readonly seconds: number;
  /** Less where the log begins in between. */
  readonly secondsBefore: number;
  /** What is shown is a window: that is compared, not its end. */
  readonly isWindow: boolean;
}

const LEAST_MS = 10_000;
const MOST_MS = 15 * 60_000;
const LEAST_BEFORE_US = 1e6;
const ROWS = 12;

/**
 * The window that is shown against as long a time before it, or as much of that as the log has; without one the last quarter
 * of the log, at most 15 minutes, against the quarter before. Null when there is too little to compare. Whole seconds
 * without a window, so that a live tail does not ask anew all the time.
 */
export function moverWindows(context: PaneContext): MoverWindows | null {
  const { filter, window } = ownTime(context);
  const log = logSpan(context);
  const toUs = window?.toUs ?? log.toUs;
  const endUs = window?.toUs ?? Math.ceil(toUs / 1e6) * 1e6;
  const fromUs = window?.fromUs;
  if (fromUs !== undefined) {
    const beforeUs = Math.max(log.fromUs, 2 * fromUs - endUs);
    if (!(endUs > fromUs) || !(fromUs - beforeUs >= Math.min(LEAST_BEFORE_US, endUs - fromUs))) return null;
    return {
      filter,
      now: { fromUs, toUs: endUs },
      before: { fromUs: beforeUs, toUs: fromUs },
      seconds: (endUs - fromUs) / 1e6,
      secondsBefore: (fromUs - beforeUs) / 1e6,
      isWindow: true,
    };
  }
  const lengthMs = Math.min(MOST_MS, Math.floor((toUs - log.fromUs) / 1_000 / 4 / 1_000) * 1_000);
  if (!Number.isFinite(lengthMs) || lengthMs < LEAST_MS) return null;
  const lengthUs = lengthMs * 1_000;
  return {
    filter,
    now: { fromUs: endUs - lengthUs, toUs: endUs },
    before: { fromUs: endUs - 2 * lengthUs, toUs: endUs - lengthUs },
    seconds: lengthMs / 1_000,
    secondsBefore: lengthMs / 1_000,
    isWindow: false,
  };
}

export function moversAsk({ filter }: MoverWindows, window: TimeWindow): Ask {
  return { kind: "groups", filter, window, by: ["who"], limit: 200, measures: ["requests"] };
}

/** Requests per second. */
interface Mover {
  readonly who: string;
  readonly now: number;
  readonly before: number;
}

export function movers({ seconds, secondsBefore }: MoverWindows, now: GroupResult, before: GroupResult): Mover[] {
  const rates = new Map<string, { now: number; before: number }>();
  for (const row of now.rows) rates.set(row.key["who"] ?? "", { now: row.requests / seconds, before: 0 });
  for (const row of before.rows) {
    const who = row.key["who"] ?? "";
    rates.set(who, { now: rates.get(who)?.now ?? 0, before: row.requests / secondsBefore });
  }
  return [...rates]
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
  const rows =
    windows === null || now === undefined || before === undefined ? [] : movers(windows, now, before).slice(0, ROWS);
  const rateText = rates(rows.flatMap((mover) => [mover.now, mover.before]));
  const cells = (mover: Mover): TableRow => ({
    id: moverId(mover.who),
    cells: [
      { text: orDash(safeText(mover.who, context.unicode)) },
      { text: change(mover), tone: mover.now > mover.before ? "warn" : "muted" },
      { text: rateText(mover.now) },
      { text: rateText(mover.before), tone: "muted" },
    ],
  });
  const versus = windows === null ? "" : `  ${versusText(windows)}`;
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
      empty: windows === null ? tooLittle(context) : now === undefined ? "counting …" : "nothing changed",
    },
  };
}

function versusText({ seconds, secondsBefore, isWindow }: MoverWindows): string {
  const length = duration(seconds * 1_000);
  if (!isWindow) return `last ${length} vs before`;
  return secondsBefore < seconds
    ? `${length} vs ${duration(secondsBefore * 1_000)} before`
    : `${length} vs as long before`;
}

function tooLittle(context: PaneContext): string {
  return ownTime(context).window?.fromUs === undefined
    ? "the log is too short to compare"
    : "the log has nothing before this window";
}

/** The requests of the last part: what the row's first number counted. */
export function moverSelection(windows: MoverWindows | null, id: string | undefined): PaneSelection | undefined {
  if (windows === null || id?.startsWith("movers|") !== true) return undefined;
  const [who = ""] = JSON.parse(id.slice("movers|".length)) as string[];
  const term = termFor("who", who);
  const { fromUs, toUs } = windows.now;
  const bounds = [`since:${isoMicros(fromUs)}`, `until:${isoMicros(toUs)}`];
  return { copy: who, term, enter: { frame: frameOf("requests"), chips: [term, ...bounds] } };
}
