import type { Engine } from "../engine/contract.ts";
import type { RequestFacts } from "../events/request.ts";
import type { Selection } from "../queries/contract.ts";

/** Rows fetched at a time: enough to keep the engine busy, few enough to stay small (about 1 KB a row). */
const PAGE = 4_096;

/** All matching requests by the time they were received, at most `limit`, page by page. */
export async function* requestPages(
  engine: Engine,
  selection: Selection,
  limit: number,
): AsyncGenerator<readonly RequestFacts[]> {
  let left = limit;
  let last: RequestFacts | undefined;
  while (left > 0) {
    // The anchor is the last row printed, so that rows of one instant are neither lost nor doubled between pages.
    const { rows } = await engine.ask("rows", {
      ...selection,
      order: "received",
      auditIDs: true,
      anchor: last === undefined ? "oldest" : { seq: last.seq },
      before: 0,
      after: Math.min(PAGE, left) + (last === undefined ? 0 : 1),
    });
    const fresh = last === undefined ? rows : rows.slice(1);
    if (fresh.length === 0) return;
    yield fresh;
    left -= fresh.length;
    last = fresh.at(-1);
  }
}
