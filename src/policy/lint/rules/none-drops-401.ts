import { resourceProbe, urlProbe, WHO } from "../../probe.ts";
import { ruleText } from "../../rule-text.ts";
import type { MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

export const noneDrops401: MeaningRule = {
  of: "meaning",
  id: "none-drops-401",
  severity: "info",
  about: "A None rule for everybody also drops failed logins (401) and refusals (403) of what it names.",
  hits: [{ text: "rules: [{level: None, resources: [{resources: [events]}]}, {level: Metadata}]", says: "refused" }],
  misses: [
    'rules: [{level: None, userGroups: ["system:nodes"], resources: [{resources: [events]}]}, {level: Metadata}]',
    "rules: [{level: None}]",
    'rules: [{level: None, nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]}, {level: Metadata}]',
  ],
  check: ({ policy, evaluator, reach }) => {
    const isLogged =
      evaluator.decide(WHO.nobody, resourceProbe(WHO.nobody, "list", "pods", { namespace: "shop" }).attributes)
        .level !== "None";
    if (!isLogged) return [];
    return policy.rules.flatMap((rule, at) => {
      const { level, users, userGroups, resources, namespaces, nonResourceURLs, place } = rule;
      const isForAll = level === "None" && users.length + userGroups.length === 0;
      if (!isForAll || !reach(at).isReached || resources.length + namespaces.length + nonResourceURLs.length === 0)
        return [];
      const [url] = nonResourceURLs;
      // Whoever probes these is refused nothing.
      if (url !== undefined && nonResourceURLs.every(({ text }) => PUBLIC.test(text))) return [];
      const { attributes } = url === undefined ? { attributes: null } : urlProbe(WHO.nobody, "get", url.text);
      if (attributes !== null && evaluator.decide(WHO.nobody, attributes).rule !== at) return [];
      const message = `who is refused here (401, 403) leaves no trace either: ${ruleText(rule)}`;
      return [ofRule(at, place, message, "users or userGroups of those whose requests are noise")];
    });
  },
};

const PUBLIC = /^\/(?:healthz|livez|readyz|version|metrics|openapi|swagger)/;
