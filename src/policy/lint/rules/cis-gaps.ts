import { resourceProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { list, ofFile } from "../findings.ts";

/** CIS Kubernetes Benchmark 3.2.2: at least who did it. */
const WANTED: readonly (readonly [what: string, verb: string, target: string])[] = [
  ["reads of secrets", "get", "secrets"],
  ["changes of secrets", "update", "secrets"],
  ["changes of configmaps", "update", "configmaps"],
  ["tokenreviews", "create", "tokenreviews.authentication.k8s.io"],
  ["changes of pods", "create", "pods"],
  ["changes of deployments", "patch", "deployments.apps"],
  ["pods/exec", "create", "pods/exec"],
  ["pods/portforward", "create", "pods/portforward"],
  ["pods/proxy", "get", "pods/proxy"],
  ["services/proxy", "get", "services/proxy"],
];

export const cisGaps: MeaningRule = {
  of: "meaning",
  id: "cis-gaps",
  severity: "info",
  about: "The CIS benchmark (3.2.2) wants who touched secrets, tokens, pods and deployments, and who got into pods.",
  hits: [
    {
      text: "rules: [{level: None, resources: [{resources: [secrets]}]}, {level: Metadata}]",
      says: "reads of secrets",
    },
    { text: "rules: [{level: Metadata, resources: [{resources: [pods]}]}]", says: "pods/exec" },
  ],
  misses: ["rules: [{level: Metadata}]", 'rules: [{level: None, userGroups: ["system:nodes"]}, {level: Metadata}]'],
  check: ({ evaluator }) => {
    const gaps = WANTED.filter(([, verb, target]) =>
      [WHO.person, WHO.serviceAccount].some((user) => {
        const { attributes } = resourceProbe(user, verb, target, { namespace: "shop", name: "x" });
        return evaluator.decide(user, attributes).level === "None";
      }),
    );
    if (gaps.length === 0) return [];
    const message = `the CIS benchmark (3.2.2) wants at least Metadata of what is not written: ${list(
      gaps.map(([what]) => what),
      10,
    )}`;
    return [ofFile(message, "level: Metadata for them, by whomever")];
  },
};
