import { LEVELS, type Level } from "../../../events/vocabulary.ts";
import { BUILT_IN_GROUPS } from "../../../events/resource-names.ts";
import { CUSTOM_RESOURCE, resourceProbe, UNHEARD, WHO } from "../../probe.ts";
import type { LintedPolicy, MeaningRule } from "../contract.ts";
import { list, ofRule } from "../findings.ts";

/** So many whole groups are meant to be all of them. */
const FEWEST_GROUPS = 5;
/** Seen in requests, but not worth bodies. */
const NO_OBJECTS: readonly string[] = ["authentication.k8s.io", "authorization.k8s.io", "metrics.k8s.io", "extensions"];

export const crdGroupsForgotten: MeaningRule = {
  of: "meaning",
  id: "crd-groups-forgotten",
  severity: "info",
  about: "A list of all known groups: custom resources and groups added since are not in it.",
  hits: [
    {
      text: 'rules: [{level: RequestResponse, resources: [{group: ""}, {group: apps}, {group: batch}, {group: policy}, {group: autoscaling}]}, {level: Metadata}]',
      says: "custom resources",
    },
  ],
  misses: [
    'rules: [{level: RequestResponse, resources: [{group: ""}, {group: apps}]}, {level: Metadata}]',
    'rules: [{level: Metadata, resources: [{group: ""}, {group: apps}, {group: batch}, {group: policy}, {group: autoscaling}]}, {level: RequestResponse}]',
  ],
  check: (linted) => {
    const { policy, log } = linted;
    const known = log === null ? BUILT_IN_GROUPS : [...log.groups];
    const found = policy.rules.flatMap((rule, at) => {
      const groups = rule.resources.flatMap(({ group, resources }) =>
        resources.length === 0 && group !== "*" ? [group] : [],
      );
      if (groups.length < FEWEST_GROUPS || levelOf(linted, CUSTOM_RESOURCE) >= LEVELS.indexOf(rule.level)) return [];
      const missing = known.filter((group) => !groups.includes(group) && !NO_OBJECTS.includes(group));
      const lower = missing.filter(
        (group) => levelOf(linted, `${UNHEARD.resource}.${group}`) < LEVELS.indexOf(rule.level),
      );
      const named = log === null ? ["custom resources", ...lower] : lower;
      return named.length === 0 ? [] : [{ at, rule, named }];
    });
    // The same list is often written twice, for reads and for writes: the fuller rule is the one that matters.
    const fullest = found.toSorted((a, b) => rank(b.rule.level) - rank(a.rule.level))[0];
    if (fullest === undefined) return [];
    const seen = log === null ? "" : " (seen in this log)";
    const message = `these groups are meant to be all, but ${list(fullest.named)}${seen} ${fullest.named.length === 1 ? "is" : "are"} not among them and get less`;
    return [ofRule(fullest.at, fullest.rule.place, message, 'group: "*", after rules for what must not be in it')];
  },
};

function rank(level: Level): number {
  return LEVELS.indexOf(level);
}

function levelOf({ evaluator }: LintedPolicy, target: string): number {
  const { user, attributes } = resourceProbe(WHO.person, "update", target, { namespace: "shop", name: UNHEARD.name });
  return rank(evaluator.decide(user, attributes).level);
}
