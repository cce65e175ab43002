import { LEVELS } from "../../events/vocabulary.ts";
import { type Evaluator, evaluatorOf, isWritten } from "../evaluate.ts";
import { policyYaml, type PolicySpec } from "../policy-yaml.ts";
import { readPolicies } from "../read-policy.ts";
import { noVolume } from "../tally.ts";
import type { Proposal, SuggestedRule, Suggestion } from "./contract.ts";
import { PARTS } from "./parts.ts";
import type { Traffic } from "./traffic.ts";

/** What stands above the rules. */
export const SUGGESTED_HEAD = { omitStages: ["RequestReceived"], omitManagedFields: true } as const;

/** A policy fitted to a log, and what replaying the log under it will say. */
export function suggestPolicy(traffic: Traffic): Suggestion {
  const proposals = PARTS.flatMap((part) => part(traffic));
  const rules = proposals.map((proposal): SuggestedRule => ({ ...proposal, in: noVolume(), kept: noVolume() }));
  const evaluator = evaluatorFor(proposals);
  const kept = noVolume();
  let lacking = 0;
  for (const kind of traffic.kinds.values()) {
    const decision = evaluator.decide(kind.user, kind.attributes);
    const rule = rules[decision.rule];
    if (rule === undefined) throw new Error("the last rule takes everything");
    rule.in.events += kind.events;
    rule.in.bytes += kind.bytes;
    if (!isWritten(decision, kind.stage)) continue;
    for (const volume of [rule.kept, kept]) {
      volume.events += kind.events;
      volume.bytes += kind.atLevel[decision.level];
    }
    if (LEVELS.indexOf(kind.level) < LEVELS.indexOf(decision.level)) lacking += kind.events;
  }
  return { rules, in: traffic.total, kept, lacking, isCapped: traffic.isCapped };
}

/** The policy of some proposals as it will be read. */
function evaluatorFor(proposals: readonly Proposal[]): Evaluator {
  const text = policyYaml({
    comment: [],
    ...SUGGESTED_HEAD,
    rules: proposals.map(({ rule }) => ({ comment: [], rule })),
  });
  const [read] = readPolicies(text);
  if (read?.policy === null || read === undefined)
    throw new Error(`a suggestion is refused: ${JSON.stringify(read?.problems)}`);
  return evaluatorOf(read.policy);
}

/** What the suggestion is as a file, with `comment` above it and one for each rule. */
export function suggestedYaml(
  { rules }: Suggestion,
  comment: readonly string[],
  ruleComment: (rule: SuggestedRule) => readonly string[],
): string {
  const spec: PolicySpec = {
    comment,
    ...SUGGESTED_HEAD,
    rules: rules.map((rule) => ({ comment: ruleComment(rule), rule: rule.rule })),
  };
  return policyYaml(spec);
}
