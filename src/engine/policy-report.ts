import type { LoadProblem, Policy } from "../policy/contract.ts";
import type { LintItem } from "../policy/lint/lint.ts";
import type { ReplayResult } from "../policy/replay.ts";
import type { Suggestion } from "../policy/suggest/contract.ts";
import type { NewestOnly } from "../queries/continuity/contract.ts";
import type { Progress } from "../queries/contract.ts";

/** A policy file of the user's. */
export interface GivenPolicy {
  /** Why there is none to look at: a sentence. */
  readonly error: string | null;
  readonly problems: readonly LoadProblem[];
  readonly items: readonly LintItem[];
}

export interface PolicyReport {
  /** Absent when the answer is whole. */
  readonly partial?: Progress;
  readonly given: GivenPolicy | null;
  /** The given policy, else the suggested one; null when it cannot be evaluated, or is not known yet. */
  readonly policy: Policy | null;
  /** The log under that policy; of resources and users those with the most bytes. */
  readonly replay: ReplayResult | null;
  readonly suggestion: Suggestion;
  /** As a file. */
  readonly suggestionText: string;
  /** An input can be read but once: instead of all events, the latest of each request that is kept. */
  readonly isKept: boolean;
  /** Absent: all that is stored was passed by. */
  readonly newest?: NewestOnly;
}
