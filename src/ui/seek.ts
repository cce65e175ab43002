import type { FilterLanguage } from "../commands/filter-language.ts";
import type { Engine } from "../engine/contract.ts";
import { count } from "../models/numbers.ts";
import { selectionOf } from "../panes/answers.ts";
import type { PaneContext } from "../panes/contract.ts";
import { isFollowing, requestOrder } from "../panes/requests/order.ts";
import type { Filter, RowsQuery, Selection } from "../queries/contract.ts";
import { windowWithin } from "../panes/own-time.ts";
import type { Action, Effect } from "../state/actions.ts";

type Seek = Extract<Effect, { kind: "seek" }>;

/**
 * Cursor onto the next (1) or previous (−1) request that matches `term` as well as the filter of the screen. Two questions:
 * which request, and where it is in the list as shown.
 */
export async function seek(
  engine: Engine,
  context: PaneContext,
  { term, direction, what }: Seek,
  language: FilterLanguage,
): Promise<readonly Action[]> {
  const parsed = language.parse(term);
  if (!parsed.ok) return [warning(parsed.message)];
  const narrower: Filter = { op: "and", terms: [context.filter, parsed.filter] };
  const from = await seqUnderCursor(engine, context);
  const found = await engine.ask("rows", {
    ...listOf(context),
    filter: narrower,
    anchor: from === null ? "oldest" : { seq: from },
    before: direction > 0 ? 0 : 2,
    after: direction > 0 ? 2 : 0,
  });
  if (found.rows.length === 0) return [warning(direction > 0 ? `no later ${what}` : `no earlier ${what}`)];
  const others = found.rows.filter((row) => row.seq !== from);
  const target = direction > 0 ? others[0] : others.at(-1);
  if (target === undefined) return [warning(direction > 0 ? `no later ${what}` : `no earlier ${what}`)];
  const number = found.first + found.rows.indexOf(target) + 1;
  return [
    ...(await cursorOn(engine, context, target.seq)),
    { type: "message", text: `${what} ${count(number)} of ${count(found.total)}`, tone: "info" },
  ];
}

export async function cursorOn(engine: Engine, context: PaneContext, seq: number): Promise<readonly Action[]> {
  const { first } = await engine.ask("rows", { ...listOf(context), anchor: { seq }, before: 0, after: 1 });
  const top = Math.max(0, first - Math.floor(context.height / 3));
  return [
    ...(isFollowing(context) ? [{ type: "follow", on: false } as const] : []),
    { type: "cursor", id: String(seq), index: first, top },
  ];
}

/** Cursor onto the first request received at `us` or later; where all are before it, onto the last. */
export async function seekTime(engine: Engine, context: PaneContext, us: number): Promise<readonly Action[]> {
  const selection = selectionOf(context);
  const { rows: since } = await engine.ask("rows", {
    ...selection,
    window: windowWithin(context, { fromUs: us }),
    anchor: "oldest",
    after: 1,
  });
  if (since[0] !== undefined) return cursorOn(engine, context, since[0].seq);
  const { rows: before } = await engine.ask("rows", { ...selection, anchor: "newest", before: 1 });
  const last = before.at(-1);
  if (last === undefined) return [warning("no request to go to")];
  return [...(await cursorOn(engine, context, last.seq)), warning("this is the last request before that time")];
}

/** The list of requests as it is shown: which, and in which order. */
export function listOf(context: PaneContext): Selection & Pick<RowsQuery, "order" | "reverse"> {
  return { ...selectionOf(context), ...requestOrder(context) };
}

/** Null: on the first row, or on none that is known. */
export async function seqUnderCursor(engine: Engine, context: PaneContext): Promise<number | null> {
  if (!isFollowing(context)) return context.frame.cursorId === null ? null : Number(context.frame.cursorId);
  const { rows } = await engine.ask("rows", { ...listOf(context), anchor: "newest", before: 0, after: 1 });
  return rows[0]?.seq ?? null;
}

export function warning(text: string): Action {
  return { type: "message", text, tone: "warn" };
}
