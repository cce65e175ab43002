import { resourceProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { byDecider, list, ofRule } from "../findings.ts";

export const eventsBodies: MeaningRule = {
  of: "meaning",
  id: "events-bodies",
  severity: "info",
  about:
    "Kubernetes Events written with both bodies: the answer repeats the request. ktrail's Kubernetes Events live on the request.",
  hits: [
    { text: "rules: [{level: RequestResponse}]", says: "events" },
    {
      text: "rules: [{level: RequestResponse, resources: [{group: events.k8s.io}]}, {level: Metadata}]",
      says: "events.events.k8s.io",
    },
  ],
  misses: [
    "rules: [{level: Request, resources: [{resources: [events]}, {group: events.k8s.io}]}, {level: RequestResponse}]",
    "rules: [{level: Metadata}]",
  ],
  check: ({ policy, evaluator }) => {
    const written = ["events", "events.events.k8s.io"].flatMap((target) =>
      [WHO.node, WHO.controller, WHO.scheduler].flatMap((user) => {
        const { attributes } = resourceProbe(user, "create", target, { namespace: "shop" });
        const decision = evaluator.decide(user, attributes);
        return decision.level === "RequestResponse" ? [[decision, target] as const] : [];
      }),
    );
    return byDecider(written).map(([{ rule }, targets]) => {
      const message = `${list(targets)} are written with request and answer, which say the same: often a tenth of a log`;
      const instead =
        'a rule before it: level: Request, resources: [{group: "", resources: ["events"]}, {group: events.k8s.io}]; at Metadata k8s-events has no reasons and messages';
      return ofRule(rule, policy.rules[rule]?.place ?? { line: 1, column: 1 }, message, instead);
    });
  },
};
