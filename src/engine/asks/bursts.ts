import { burstsOf } from "../../queries/bursts.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

/** Finer steps than this show the rhythm of a client, not a burst. */
const FINEST_STEP_MS = 1_000;
const MOST_STEPS = 3_600;

export async function answerBursts(
  desk: Desk,
  selection: Asks["bursts"]["ask"],
  signal: AbortSignal,
): Promise<Asks["bursts"]["answer"]> {
  const { extent } = desk.store;
  const fromUs = selection.window?.fromUs ?? extent.fromUs;
  const toUs = selection.window?.toUs ?? extent.toUs;
  const steps = (toUs - fromUs) / 1_000 / FINEST_STEP_MS;
  const width = steps <= MOST_STEPS ? { stepMs: FINEST_STEP_MS } : { buckets: MOST_STEPS };
  const { points, stepMs } = await desk.store.series({ ...selection, ...width }, signal);
  const [first] = points;
  if (first === undefined) return { stepMs, bursts: [] };
  const counts = points.map(({ requests }) => requests);
  return { stepMs, bursts: burstsOf(counts, Date.parse(first.t) * 1_000, stepMs * 1_000) };
}
