import { parseExact } from "../events/exact-json.ts";
import type { RequestBlock } from "../index/contract.ts";
import { eventFacts } from "../events/event-facts.ts";
import type { PlanNode } from "./filter-plan.ts";
import { stateOf } from "./match-state.ts";
import { matchesRow } from "./row-filter.ts";
import type { Pauses, Scan } from "./scan.ts";
import type { RowDecisions } from "./row-decisions.ts";

export interface RowPlace {
  readonly block: RequestBlock;
  readonly row: number;
}

/** Reads the original events of rows, in any order; `index` is the place's position. */
export type ReadEvents = (
  places: readonly RowPlace[],
  signal?: AbortSignal,
) => AsyncIterable<{
  readonly index: number;
  readonly event: { readonly bytes: Uint8Array } | { readonly missing: string };
}>;

/** Rows that only their original events can decide and nobody has yet. */
export function* undecidedRows(scan: Scan): Pauses<RowPlace[]> {
  const places: RowPlace[] = [];
  yield* scan.all((block, { undecided }) => {
    for (const row of undecided) places.push({ block, row });
  });
  return places;
}

const decoder = new TextDecoder();

/** Decides one row by its event. An event that is not JSON (any more) does not match. */
export function decideRow(plan: PlanNode, decisions: RowDecisions, place: RowPlace, bytes: Uint8Array | null): void {
  decisions.set(place.block, place.row, stateOf(matchesEvent(plan, place, bytes)));
}

/** Whether a row matches, by its event; null: which cannot be read. */
export function matchesEvent(plan: PlanNode, { block, row }: RowPlace, bytes: Uint8Array | null): boolean {
  if (bytes === null) return false;
  let event: unknown;
  try {
    event = parseExact(decoder.decode(bytes));
  } catch {
    return false;
  }
  return matchesRow(plan, block, row, eventFacts(event));
}
