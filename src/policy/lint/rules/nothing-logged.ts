import type { MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

export const nothingLogged: MeaningRule = {
  of: "meaning",
  id: "nothing-logged",
  severity: "warning",
  about: "Nothing is written at all.",
  hits: [
    { text: "rules: [{level: None}]", says: "nothing" },
    { text: "rules: [{level: None}, {level: Metadata}]", says: "nothing" },
    { text: "rules: [{level: None, users: [a]}, {level: None, verbs: [get]}]", says: "nothing" },
  ],
  misses: ["rules: [{level: None, users: [a]}, {level: Metadata}]"],
  check: ({ policy, reach }) => {
    const first = policy.rules.findIndex((_, at) => reach(at).isReached);
    const isSilent = policy.rules.every(({ level }, at) => level === "None" || !reach(at).isReached);
    const rule = policy.rules[Math.max(0, first)];
    if (!isSilent || rule === undefined) return [];
    const message = "nothing is written: every rule that is asked has level None";
    return [ofRule(Math.max(0, first), rule.place, message, "level: Metadata, at least for what people do")];
  },
};
