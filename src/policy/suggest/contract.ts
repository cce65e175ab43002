import type { Level } from "../../events/vocabulary.ts";
import type { Volume } from "../tally.ts";
import type { Traffic } from "./traffic.ts";

/** A rule to be written. */
export interface RuleSpec {
  readonly level: Level;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly { readonly group: string; readonly resources?: readonly string[] }[];
  readonly nonResourceURLs?: readonly string[];
}

/** A rule with why it is there. */
export interface Proposal {
  /** Sentences for its comment. */
  readonly about: readonly string[];
  /** What can't be asked any more; "" when nothing is. */
  readonly givesUp: string;
  readonly rule: RuleSpec;
  /** Ids of lint rules that it goes against on purpose, as its comment says. */
  readonly accepts?: readonly string[];
}

/** A part of a suggestion: looks at the log and proposes rules, in the order they have to stand. */
export type Part = (traffic: Traffic) => readonly Proposal[];

/** A proposal with what it does to the log. */
export interface SuggestedRule extends Proposal {
  /** Events it decides about, and what is written of them. */
  readonly in: Volume;
  readonly kept: Volume;
}

export interface Suggestion {
  readonly rules: readonly SuggestedRule[];
  readonly in: Volume;
  readonly kept: Volume;
  /** Written events that were recorded at a lower level: their bytes are a lower bound. */
  readonly lacking: number;
  /** Too many kinds of requests to keep them apart: figures are close, not exact. */
  readonly isCapped: boolean;
}
