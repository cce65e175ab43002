import type { Frame } from "./app-state.ts";

/** What a view says about its rows: how many, the first on screen, how many fit, and the ids of those on screen. */
export interface RowsOnScreen {
  readonly count: number;
  readonly top: number;
  readonly page: number;
  readonly ids: readonly string[];
  /** Where the cursor is drawn, for views whose chosen row may be gone (evicted) and another one stands in for it. */
  readonly cursor?: number;
}

export interface CursorPlace {
  readonly id: string | null;
  readonly index: number;
  readonly top: number;
}

/** The only place where cursor and scroll are bounded: 0 ≤ index < count and top ≤ index < top + page. */
export function clampCursor(count: number, page: number, index: number, top: number): { index: number; top: number } {
  const rows = Math.max(0, Math.floor(count) || 0);
  const fits = Math.max(1, Math.floor(page) || 1);
  if (rows === 0) return { index: 0, top: 0 };
  const at = Math.min(rows - 1, Math.max(0, Math.floor(index) || 0));
  const lowest = Math.max(0, at - fits + 1);
  const first = Math.min(at, Math.max(lowest, Math.floor(top) || 0), Math.max(0, rows - fits));
  return { index: at, top: first };
}

/** Where the cursor is among all rows: its row moves with the data, its position is the fallback. */
export function cursorIndex(frame: Frame, rows: RowsOnScreen): number {
  if (frame.cursorId !== null) {
    const at = rows.ids.indexOf(frame.cursorId);
    if (at >= 0) return rows.top + at;
    if (rows.cursor !== undefined) return rows.cursor;
  }
  return clampCursor(rows.count, rows.page, frame.cursorIndex, frame.top).index;
}

/**
 * The cursor on row `index`. Its id is known only while that row is on screen; otherwise the row that appears there takes
 * it (see settleCursor). The first row has no id: a cursor at the top stays at the top while rows change order.
 */
export function cursorAt(rows: RowsOnScreen, index: number, top: number): CursorPlace {
  const place = clampCursor(rows.count, rows.page, index, top);
  return { id: place.index === 0 ? null : (rows.ids[place.index - rows.top] ?? null), ...place };
}

/** The first visible row for views without a cursor. */
export function scrolledTo(rows: RowsOnScreen, top: number): CursorPlace {
  const first = Math.min(Math.max(0, rows.count - rows.page), Math.max(0, top));
  return { id: null, index: first, top: first };
}

/** After a view was built: gives the cursor the id of the row it came to rest on, or takes it off a row that is gone. */
export function settleCursor(frame: Frame, rows: RowsOnScreen): CursorPlace | null {
  if (rows.count === 0) return null;
  const isBeyond = frame.cursorIndex >= rows.count;
  if (frame.cursorId !== null) {
    const at = rows.ids.indexOf(frame.cursorId);
    const index = at >= 0 ? rows.top + at : rows.cursor;
    // Its row is there, or another one stands in for it: filters that made the list shorter do not send it to the end.
    if (index !== undefined && (at >= 0 || isBeyond)) {
      const isSame = index === frame.cursorIndex && rows.top === frame.top;
      return isSame ? null : { id: frame.cursorId, index, top: rows.top };
    }
    if (!isBeyond) return null;
  }
  if (isBeyond) return cursorAt(rows, rows.count - 1, frame.top);
  if (frame.cursorIndex === 0) return null;
  const id = rows.ids[frame.cursorIndex - rows.top];
  return id === undefined ? null : { id, index: frame.cursorIndex, top: rows.top };
}
