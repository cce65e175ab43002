import type { Engine } from "../engine/contract.ts";
import type { RequestFacts } from "../events/request.ts";
import { count } from "../models/numbers.ts";
import type { RowsQuery, Selection } from "../queries/contract.ts";
import { note } from "./notes.ts";

/** Rows fetched at a time: few enough to stay small (about 1 KB each), enough for long runs through a compressed input. */
const PAGE = 16_384;

/**
 * All matching requests, by default in the order of the time they were received, at most `limit`, page by page. `withIDs` also reads their
 * auditIDs, which are in the original events only.
 */
export async function* requestPages(
  engine: Engine,
  selection: Selection,
  limit: number,
  withIDs: boolean,
  { order = "received", reverse = false }: Pick<RowsQuery, "order" | "reverse"> = {},
): AsyncGenerator<readonly RequestFacts[]> {
  let missing = 0;
  let why = "";
  for (let position = 0; position < limit; position += PAGE) {
    const { rows, total, unreadable } = await engine.ask("rows", {
      ...selection,
      order,
      reverse,
      position,
      before: 0,
      after: Math.min(PAGE, limit - position),
      auditIDs: withIDs,
    });
    missing += unreadable?.rows ?? 0;
    why = unreadable?.why ?? why;
    if (rows.length > 0) yield rows;
    if (position + rows.length >= total) break;
  }
  if (missing > 0) note(`${count(missing)} auditIDs could not be read again: ${why}`);
}
