import type { Asks } from "../contract.ts";
import { FindingsWatch } from "../findings/findings-watch.ts";
import type { Desk } from "./desk.ts";

/** One a desk: what passed by once is not looked at again. */
const watches = new WeakMap<Desk, FindingsWatch>();

export function answerFindings(
  desk: Desk,
  ask: Asks["findings"]["ask"],
  signal: AbortSignal,
): Promise<Asks["findings"]["answer"]> {
  let watch = watches.get(desk);
  if (watch === undefined) watches.set(desk, (watch = new FindingsWatch(desk)));
  return watch.answer(ask, signal);
}
