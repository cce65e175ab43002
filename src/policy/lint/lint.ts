import type { PolicyText } from "../contract.ts";
import { evaluatorOf } from "../evaluate.ts";
import type { LogFacts } from "../log-facts.ts";
import { type Reach, reachOf } from "../reach.ts";
import type { Finding, LintedPolicy, LintRule, Severity } from "./contract.ts";
import { LINT_RULES } from "./registry.ts";

/** One finding of `policy lint`. */
export interface LintItem extends Finding {
  readonly id: string;
  readonly severity: Severity;
}

export interface LintResult {
  /** Worst first, then in the order of the file. */
  readonly items: readonly LintItem[];
  /** Ids of what the file accepts by a comment, where there would be something to say. */
  readonly accepted: readonly string[];
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** Everything there is to say about a policy. `source`: the text of its file, for what its comments accept. */
export function lintPolicy(read: PolicyText, source: string, log: LogFacts | null): LintResult {
  const linted = read.policy === null ? null : lintedPolicy(read.policy, log);
  const found = LINT_RULES.flatMap((rule) => {
    const findings = findingsOf(rule, read, linted);
    return findings.map((finding): LintItem => ({ ...finding, id: rule.id, severity: rule.severity }));
  });
  const accepts = acceptedIn(source);
  const accepted = [...new Set(found.map(({ id }) => id))].filter((id) => accepts.has(id));
  const items = found.filter(({ id, severity }) => severity === "error" || !accepts.has(id));
  const line = ({ place }: LintItem): number => place?.line ?? 0;
  const rank = ({ severity }: LintItem): number => SEVERITIES.indexOf(severity);
  return { items: items.toSorted((a, b) => rank(a) - rank(b) || line(a) - line(b)), accepted };
}

function findingsOf(rule: LintRule, { problems }: PolicyText, linted: LintedPolicy | null): readonly Finding[] {
  if (rule.of === "load") return rule.check(problems);
  return linted === null ? [] : rule.check(linted);
}

function lintedPolicy(policy: LintedPolicy["policy"], log: LogFacts | null): LintedPolicy {
  const evaluator = evaluatorOf(policy);
  const reaches = new Map<number, Reach>();
  const reach = (at: number): Reach => {
    const known = reaches.get(at) ?? reachOf(policy, evaluator, at);
    reaches.set(at, known);
    return known;
  };
  return { policy, evaluator, reach, log };
}

const ACCEPT = /#\s*ktrail:\s*accept\s+([a-z0-9][a-z0-9, -]*)/g;

/** Ids after `# ktrail: accept` in a comment: somebody knows, and wants it so. */
function acceptedIn(source: string): ReadonlySet<string> {
  const ids = [...source.matchAll(ACCEPT)].flatMap(([, words = ""]) => words.split(/[,\s]+/));
  return new Set(ids.filter((id) => LINT_RULES.some((rule) => rule.id === id)));
}
