import { resourceProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { deciderText, ofFile } from "../findings.ts";

export const userRuleMisses401: MeaningRule = {
  of: "meaning",
  id: "user-rule-misses-401",
  severity: "info",
  about: "Failed logins have no user, so that rules by users or groups never match them, and nothing else writes them.",
  hits: [
    { text: "rules: [{level: Metadata, users: [alice]}]", says: "no rule" },
    { text: 'rules: [{level: Metadata, userGroups: ["system:authenticated"]}, {level: None}]', says: "line 5 (None)" },
  ],
  misses: ["rules: [{level: None, users: [a]}, {level: Metadata}]", "rules: [{level: None}]"],
  check: ({ policy, evaluator }) => {
    const { attributes } = resourceProbe(WHO.nobody, "list", "pods", { namespace: "shop" });
    const decision = evaluator.decide(WHO.nobody, attributes);
    const names = policy.rules.flatMap(({ users, level }) => (level === "None" ? [] : users));
    const isLogged = [WHO.person, ...names.map(({ text }) => ({ name: text, groups: ["system:authenticated"] }))].some(
      (user) => evaluator.decide(user, attributes).level !== "None",
    );
    if (decision.level !== "None" || !isLogged) return [];
    const message = `failed logins (401) have no user: rules with users or userGroups never match them, and they reach ${deciderText(policy, decision)}`;
    return [ofFile(message, "a last rule without users and userGroups: level: Metadata")];
  },
};
