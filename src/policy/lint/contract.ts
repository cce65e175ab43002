import type { Place } from "../../yaml/located.ts";
import type { LoadProblem, Policy } from "../contract.ts";
import type { Evaluator } from "../evaluate.ts";
import type { LogFacts } from "../log-facts.ts";
import type { Reach } from "../reach.ts";

/** `error`: the API server refuses the policy. */
export type Severity = "error" | "warning" | "info";

/** What one rule found. */
export interface Finding {
  /** 0-based; null: of the file. */
  readonly rule: number | null;
  readonly place: Place | null;
  /** What really happens. */
  readonly message: string;
  /** What to write instead. */
  readonly instead: string;
}

/** A policy that can be evaluated, and what is known of it. */
export interface LintedPolicy {
  readonly policy: Policy;
  readonly evaluator: Evaluator;
  /** What arrives at each rule. */
  reach(rule: number): Reach;
  /** Of a log that was given, to measure on; else null. */
  readonly log: LogFacts | null;
}

/** A text that is a hit: the line it is about, and a part of the message. Absent `line`: the file. */
export interface Sample {
  /** YAML from `rules:` on, or with what stands before it. */
  readonly text: string;
  readonly says: string;
}

interface RuleDescription {
  /** Stable; JSON and `accept` name it. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence for the docs: what is wrong with it. */
  readonly about: string;
  readonly hits: readonly Sample[];
  /** Policies that look alike and are fine. */
  readonly misses: readonly string[];
}

/** Looks at how a policy was loaded. */
export interface LoadRule extends RuleDescription {
  readonly of: "load";
  check(problems: readonly LoadProblem[]): readonly Finding[];
}

/** Looks at a policy that loads. */
export interface MeaningRule extends RuleDescription {
  readonly of: "meaning";
  check(linted: LintedPolicy): readonly Finding[];
}

export type LintRule = LoadRule | MeaningRule;
