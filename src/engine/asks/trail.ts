import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

export async function answerTrail(
  desk: Desk,
  { object, namespace }: Asks["trail"]["ask"],
  signal: AbortSignal,
): Promise<Asks["trail"]["answer"]> {
  return (await desk.lineage.about(object, namespace || undefined, signal)).trail(object, namespace);
}

export async function answerWhy(
  desk: Desk,
  { object, namespace }: Asks["why"]["ask"],
  signal: AbortSignal,
): Promise<Asks["why"]["answer"]> {
  return (await desk.lineage.about(object, namespace || undefined, signal)).why(object, namespace);
}
