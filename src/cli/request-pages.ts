import type { Engine } from "../engine/contract.ts";
import type { RequestFacts } from "../events/request.ts";
import type { Selection } from "../queries/contract.ts";

/** Rows fetched at a time: few enough to stay small (about 1 KB each), enough for long runs through a compressed input. */
const PAGE = 16_384;

/**
 * All matching requests by the time they were received, at most `limit`, page by page. `withIDs` also reads their
 * auditIDs, which are in the original events only.
 */
export async function* requestPages(
  engine: Engine,
  selection: Selection,
  limit: number,
  withIDs: boolean,
): AsyncGenerator<readonly RequestFacts[]> {
  for (let position = 0; position < limit; position += PAGE) {
    const { rows, total } = await engine.ask("rows", {
      ...selection,
      order: "received",
      position,
      before: 0,
      after: Math.min(PAGE, limit - position),
      auditIDs: withIDs,
    });
    if (rows.length > 0) yield rows;
    if (position + rows.length >= total) return;
  }
}
