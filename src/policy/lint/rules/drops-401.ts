import { resourceProbe, urlProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { list, ofFile, ofRule } from "../findings.ts";

export const drops401: MeaningRule = {
  of: "meaning",
  id: "drops-401",
  severity: "warning",
  about: "Failed logins (401) are written at stage ResponseStarted only: omitting it removes every one.",
  hits: [
    { text: "omitStages: [RequestReceived, ResponseStarted]\nrules: [{level: Metadata}]", says: "every failed login" },
    { text: "rules: [{level: Metadata, omitStages: [ResponseStarted]}]", says: "line 4" },
  ],
  misses: [
    "omitStages: [RequestReceived]\nrules: [{level: Metadata}]",
    'rules: [{level: Metadata, userGroups: ["system:nodes"], omitStages: [ResponseStarted]}, {level: Metadata}]',
    "omitStages: [ResponseStarted]\nrules: [{level: None}]",
  ],
  check: ({ policy, evaluator }) => {
    const probes = [
      resourceProbe(WHO.nobody, "list", "pods", { namespace: "shop" }),
      resourceProbe(WHO.nobody, "create", "secrets", { namespace: "shop" }),
      urlProbe(WHO.nobody, "get", "/version"),
    ];
    const decisions = probes.map(({ user, attributes }) => evaluator.decide(user, attributes));
    const dropping = [
      ...new Set(decisions.filter(({ level, omitStages }) => level !== "None" && omitStages.has("ResponseStarted"))),
    ];
    const [first] = dropping;
    if (first === undefined) return [];
    const instead = "omitStages: [RequestReceived]: a watch then has two events, of which one says when it began";
    if (policy.omitStages.includes("ResponseStarted")) {
      return [
        ofFile(
          "ResponseStarted is omitted: that is the only stage of a failed login (401), so that every failed login is lost",
          instead,
        ),
      ];
    }
    const lines = dropping.map(({ rule }) => `line ${String(policy.rules[rule]?.place.line)}`);
    const message = `failed logins (401) reach ${list(lines)}, and have no stage but ResponseStarted, which is omitted there: every one is lost`;
    return dropping.flatMap(({ rule }) => {
      const place = policy.rules[rule]?.place;
      return place === undefined ? [] : [ofRule(rule, place, message, instead)];
    });
  },
};
