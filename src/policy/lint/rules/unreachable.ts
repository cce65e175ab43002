import type { MeaningRule } from "../contract.ts";
import { decidersText, ofRule } from "../findings.ts";

export const unreachable: MeaningRule = {
  of: "meaning",
  id: "unreachable",
  severity: "warning",
  about: "Rules before this one decide about everything it matches.",
  hits: [
    { text: "rules: [{level: Metadata}, {level: None, users: [a]}]", says: "never asked" },
    {
      text: 'rules: [{level: None, resources: [{resources: ["pods/*"]}]}, {level: Metadata, resources: [{resources: [pods]}]}]',
      says: "line 4 (None)",
    },
    {
      text: "rules: [{level: None, verbs: [get]}, {level: None, verbs: [list]}, {level: Metadata, verbs: [list, get]}]",
      says: "never asked",
    },
  ],
  misses: [
    'rules: [{level: None, userGroups: ["system:authenticated", "system:unauthenticated"]}, {level: Metadata}]',
    'rules: [{level: None, resources: [{resources: [pods]}]}, {level: Metadata, resources: [{resources: ["pods/*"]}]}]',
    'rules: [{level: None, verbs: ["*"]}, {level: Metadata, verbs: [get]}]',
  ],
  check: ({ policy, reach }) =>
    policy.rules.flatMap(({ place }, at) => {
      const { isReached, instead } = reach(at);
      if (isReached) return [];
      const message = `this rule is never asked: what it matches is decided before it, by ${decidersText(policy, instead)}`;
      return [ofRule(at, place, message, "move it up, or leave it out")];
    }),
};
