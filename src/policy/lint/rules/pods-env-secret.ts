import { LEVELS } from "../../../events/vocabulary.ts";
import { resourceProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { byDecider, list, ofRule } from "../findings.ts";

const TARGETS = [
  "pods",
  "deployments.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "jobs.batch",
  "cronjobs.batch",
] as const;

export const podsEnvSecret: MeaningRule = {
  of: "meaning",
  id: "pods-env-secret",
  severity: "info",
  about:
    "Bodies of pods and workloads hold the values of their environment, and kubectl's last-applied annotation whole manifests.",
  hits: [{ text: "rules: [{level: Request}]", says: "pods" }],
  misses: [
    "rules: [{level: Metadata}]",
    "rules: [{level: RequestResponse, resources: [{group: rbac.authorization.k8s.io}]}, {level: Metadata}]",
  ],
  check: ({ policy, evaluator }) => {
    const written = TARGETS.flatMap((target) => {
      const { user, attributes } = resourceProbe(WHO.person, "create", target, { namespace: "shop" });
      const decision = evaluator.decide(user, attributes);
      return LEVELS.indexOf(decision.level) >= LEVELS.indexOf("Request") ? [[decision, target] as const] : [];
    });
    return byDecider(written).map(([{ rule }, targets]) => {
      const place = policy.rules[rule]?.place ?? { line: 1, column: 1 };
      const message = `bodies of ${list(targets, 8)} are written: values of env that should be secrets, and manifests in the last-applied annotation, are in the log`;
      return ofRule(
        rule,
        place,
        message,
        "nothing, if diffs and owners are worth it and the log is kept like a secret: # ktrail: accept pods-env-secret; else level: Metadata",
      );
    });
  },
};
