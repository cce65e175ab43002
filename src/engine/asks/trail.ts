import { controllerOf } from "../../lineage/actors.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

export async function answerTrail(
  desk: Desk,
  { object, namespace }: Asks["trail"]["ask"],
  signal: AbortSignal,
): Promise<Asks["trail"]["answer"]> {
  const { lineage } = await desk.lineage.about(object, namespace || undefined, signal);
  return lineage.trail(object, namespace);
}

export async function answerWhy(
  desk: Desk,
  { object, namespace }: Asks["why"]["ask"],
  signal: AbortSignal,
): Promise<Asks["why"]["answer"]> {
  const { lineage, isNarrow } = await desk.lineage.about(object, namespace || undefined, signal);
  const answer = lineage.why(object, namespace);
  // What the scheduler removed made room for a pod that may be in any namespace.
  const reachesOut =
    answer?.chain.some(({ by, useragent }) => controllerOf(by, useragent ?? "") === "kube-scheduler") === true;
  if (!isNarrow || !reachesOut) return answer;
  return (await desk.lineage.reachingOut(namespace || undefined, signal)).why(object, namespace);
}
