import { clampCursor, type RowsOnScreen } from "../state/cursor.ts";
import type { Frame } from "../state/app-state.ts";

/** Where cursor and scroll are in a list whose rows are all known, and which of them are on the screen. */
export interface ListPlace {
  readonly index: number;
  readonly top: number;
  /** Of the row under the cursor; null where there is none. */
  readonly cursorId: string | null;
  readonly rows: RowsOnScreen;
  /** Those on the screen, of what belongs to the rows. */
  shown<T>(all: readonly T[]): readonly T[];
}

/** The cursor stays on its row while rows move; its position is the fallback. `ids` are all rows. */
export function listPlace(frame: Frame, ids: readonly string[], page: number): ListPlace {
  const found = frame.cursorId === null ? -1 : ids.indexOf(frame.cursorId);
  const wanted = found >= 0 ? found : frame.cursorIndex;
  // The row keeps its place on the screen: what moved above it must not scroll the list.
  const { index, top } = clampCursor(
    ids.length,
    page,
    wanted,
    frame.top + (found >= 0 ? found - frame.cursorIndex : 0),
  );
  const shown = <T>(all: readonly T[]): readonly T[] => all.slice(top, top + page);
  return { index, top, cursorId: ids[index] ?? null, rows: { count: ids.length, top, page, ids: shown(ids) }, shown };
}

/** Ids that repeat get their number appended: rows must be told apart. */
export function distinctIds(ids: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return ids.map((long) => {
    const id = shortId(long);
    const times = seen.get(id) ?? 0;
    seen.set(id, times + 1);
    return times === 0 ? id : `${id}#${times + 1}`;
  });
}

const LONGEST_ID = 200;

/** V8 hashes strings over 16,383 characters by their length only: as keys of a map, hostile ones cost seconds. */
function shortId(id: string): string {
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID / 2)}…${id.slice(-LONGEST_ID / 2)}#${id.length}`;
}
