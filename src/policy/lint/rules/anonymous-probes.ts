import { urlProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { deciderText, list, ofRule } from "../findings.ts";

const PATHS = ["/livez", "/readyz", "/healthz", "/version"] as const;

export const anonymousProbes: MeaningRule = {
  of: "meaning",
  id: "anonymous-probes",
  severity: "info",
  about: "Probes of load balancers are anonymous: a None rule for authenticated users does not take them.",
  hits: [
    {
      text: 'rules: [{level: None, userGroups: ["system:authenticated"], nonResourceURLs: ["/healthz*", "/livez*"]}, {level: Metadata}]',
      says: "/livez",
    },
  ],
  misses: [
    'rules: [{level: None, userGroups: ["system:authenticated", "system:unauthenticated"], nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]}, {level: Metadata}]',
    'rules: [{level: None, userGroups: ["system:authenticated"], nonResourceURLs: ["/healthz*"]}]',
    'rules: [{level: None, userGroups: ["system:nodes"], nonResourceURLs: ["/healthz*"]}, {level: Metadata}]',
  ],
  check: ({ policy, evaluator }) =>
    policy.rules.flatMap(({ level, userGroups, nonResourceURLs, place }, at) => {
      const groups = userGroups.map(({ text }) => text);
      if (level !== "None" || nonResourceURLs.length === 0 || !groups.includes("system:authenticated")) return [];
      const written = PATHS.flatMap((path) => {
        const { user, attributes } = urlProbe(WHO.anonymous, "get", path);
        const decision = evaluator.decide(user, attributes);
        return decision.level === "None" ? [] : [{ path, decision }];
      });
      const [first] = written;
      if (first === undefined) return [];
      const paths = list(written.map(({ path }) => path));
      const message = `probes of ${paths} are anonymous, so that this does not take them: ${deciderText(policy, first.decision)} writes them`;
      return [
        ofRule(
          at,
          place,
          message,
          'userGroups: ["system:authenticated", "system:unauthenticated"], nonResourceURLs: ["/livez*", "/readyz*", "/healthz*", "/version"]',
        ),
      ];
    }),
};
