import type { EngineStatus } from "../engine/contract.ts";
import type { SeriesPoint, SeriesQuery } from "../queries/contract.ts";
import type { CommandContext } from "./contract.ts";
import { changes } from "./follow.ts";

/**
 * Points of a growing log, each once, when the log has moved past its step; the unfinished last one when the
 * follow is stopped. A watch that completes afterwards belongs to a step already printed and changes nothing.
 */
export async function* followSeries(
  { engine, selection, stop }: CommandContext,
  query: Pick<SeriesQuery, "stepMs" | "by" | "measures">,
): AsyncGenerator<readonly SeriesPoint[]> {
  let printedUntilUs = selection.window?.fromUs ?? Number.NEGATIVE_INFINITY;
  for await (const last of changes(engine, stop)) {
    // Logs are not in the order of time received: what is there already is counted whole before its steps are closed.
    if (!last && isCatchingUp(engine.status)) continue;
    const window = {
      ...selection.window,
      ...(Number.isFinite(printedUntilUs) ? { fromUs: printedUntilUs } : {}),
    };
    const { points, stepMs: usedMs } = await engine.ask("series", {
      ...selection,
      ...query,
      window,
    });
    const newestMs = Date.parse(engine.status.lastReceived ?? "");
    const closed = last ? points : points.filter((point) => Date.parse(point.t) + usedMs <= newestMs);
    const newest = closed.at(-1);
    if (newest === undefined) continue;
    printedUntilUs = (Date.parse(newest.t) + usedMs) * 1_000;
    yield closed;
  }
}

function isCatchingUp({ inputs, backfilling }: EngineStatus): boolean {
  return backfilling || inputs.some(({ state, totalBytes }) => state === "reading" && totalBytes !== null);
}
