import { setImmediate as nextTurn } from "node:timers/promises";
import type { RequestFacts } from "../../events/request.ts";
import { extractAuditID, factsOf } from "../../index/facts.ts";
import type { Selection } from "../../queries/contract.ts";
import type { Steps } from "../../queries/scan.ts";
import type { Asks } from "../contract.ts";
import type { RowPlace } from "../raw-events.ts";
import type { Desk } from "./desk.ts";

/** A query gives way to reading and to newer questions after this long. */
const SLICE_MS = 8;

export async function answerGroups(
  desk: Desk,
  query: Asks["groups"]["ask"],
  signal: AbortSignal,
): Promise<Asks["groups"]["answer"]> {
  await settle(desk, query, signal);
  return run(desk.queries.groups(query), signal);
}

export async function answerSeries(
  desk: Desk,
  query: Asks["series"]["ask"],
  signal: AbortSignal,
): Promise<Asks["series"]["answer"]> {
  await settle(desk, query, signal);
  return run(desk.queries.series(query), signal);
}

export async function answerRows(
  desk: Desk,
  query: Asks["rows"]["ask"],
  signal: AbortSignal,
): Promise<Asks["rows"]["answer"]> {
  await settle(desk, query, signal);
  const page = await run(desk.queries.rows(query), signal);
  const places = page.rows.map((seq) => desk.ring.locate(seq)).filter((place) => place !== null);
  const rows = places.map(({ block, row }) => factsOf(desk.ring, block, row));
  return { ...page, rows: query.auditIDs === true ? await withAuditIDs(desk, places, rows, signal) : rows };
}

/** auditIDs are not in the index: they are read from the original events, one pass over the inputs for all. */
async function withAuditIDs(
  desk: Desk,
  places: readonly RowPlace[],
  rows: readonly RequestFacts[],
  signal: AbortSignal,
): Promise<RequestFacts[]> {
  const filled = [...rows];
  for await (const { index, event } of desk.events.readMany(places, signal)) {
    if (!("bytes" in event)) continue;
    const auditID = extractAuditID(event.bytes, 0, event.bytes.length);
    filled[index] = { ...(filled[index] as RequestFacts), auditID };
  }
  return filled;
}

/** Rows that only their original events can decide (body: and the like) are decided before anything is counted. */
export async function settle(desk: Desk, selection: Selection, signal: AbortSignal): Promise<void> {
  await desk.queries.settle(selection, (places, stop) => desk.events.readMany(places, stop), signal);
  signal.throwIfAborted();
}

export async function run<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  let since = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    since = performance.now();
  }
}
