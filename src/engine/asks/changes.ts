import type { Asks, ObjectState } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { answerState } from "./state.ts";

/** The newest of the selected requests, and what some of them changed: that takes reading their objects' other events. */
export async function answerChanges(
  desk: Desk,
  { filter, window, limit, position, count }: Asks["changes"]["ask"],
  signal: AbortSignal,
): Promise<Asks["changes"]["answer"]> {
  const selection = { filter, ...(window === undefined ? {} : { window }) };
  const order = { order: "received", reverse: true, anchor: "oldest", before: 0, after: limit } as const;
  const { rows, total } = await desk.store.rows({ ...selection, ...order }, signal);
  const states: ObjectState[] = [];
  for (const { seq } of rows.slice(position, position + count)) {
    signal.throwIfAborted();
    const state = await answerState(desk, { seq }, signal);
    if (state !== null) states.push(state);
  }
  return { rows, total, states };
}
