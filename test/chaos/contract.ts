import type { Seeded } from "../bench/seeded.ts";

/** What came of one round. Everything is counted in events. */
export interface Outcome {
  /** Written by the round's model, and shown or counted by the program. */
  readonly written: number;
  readonly shown: number;
  /** Faults done to it, by name. */
  readonly faults: readonly string[];
  /** Events that are missing, and where the program says so. */
  readonly missing: number;
  /** Null, or what the program got wrong: a sentence. */
  readonly wrong: string | null;
}

/** One way of running the program among faults. */
export interface Kind {
  readonly name: string;
  /** Why it can't be run here; null when it can. */
  readonly missing: string | null;
  run(random: Seeded, folder: string): Promise<Outcome>;
}

/** How long the program may take over anything, also on a busy machine. */
export const PATIENCE_MS = 30_000;

/** Resolves true when the condition holds, false when it did not in time. */
export async function holds(condition: () => boolean, patience = PATIENCE_MS): Promise<boolean> {
  const until = performance.now() + patience;
  while (!condition()) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}
