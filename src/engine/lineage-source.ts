import type { Lineage } from "../lineage/lineage.ts";

/** Where lives of objects are told from. */
export interface LineageSource {
  /** Lineage that can tell of an object; `isNarrow`: but not of the pods elsewhere for which the scheduler may have made room. */
  about(
    object: string,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly lineage: Lineage; readonly isNarrow: boolean }>;
  /** Lineage that also tells of pods elsewhere. */
  reachingOut(namespace: string | undefined, signal: AbortSignal): Promise<Lineage>;
  /** Over what is known by now; without a namespace over all of it. */
  current(namespace: string | undefined, signal: AbortSignal): Promise<Lineage>;
}
