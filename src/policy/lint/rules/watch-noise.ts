import { resourceProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { byDecider, deciderText, list, ofRule } from "../findings.ts";

/** Who reads what all the time. */
const NOISE = [
  [WHO.controllerManager, ["leases.coordination.k8s.io", "endpoints", "endpointslices.discovery.k8s.io"]],
  [WHO.scheduler, ["leases.coordination.k8s.io"]],
  [WHO.node, ["leases.coordination.k8s.io", "nodes/status"]],
  [WHO.apiserver, ["endpoints", "endpointslices.discovery.k8s.io"]],
] as const;
const VERBS = ["get", "list", "watch"] as const;

const INSTEAD =
  'first rules level: None, verbs: ["get", "list", "watch"], one with userGroups: ["system:nodes", "system:serviceaccounts:kube-system"], one with users: ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"]';

export const watchNoise: MeaningRule = {
  of: "meaning",
  id: "watch-noise",
  severity: "info",
  about: "What the control plane and the nodes read all the time is written: many events that say nothing.",
  hits: [
    { text: "rules: [{level: Metadata}]", says: "leases" },
    { text: "rules: [{level: None, resources: [{group: coordination.k8s.io}]}, {level: Metadata}]", says: "endpoints" },
  ],
  misses: [
    'rules: [{level: None, verbs: [get, list, watch], userGroups: ["system:nodes", "system:serviceaccounts:kube-system"]}, {level: None, verbs: [get, list, watch], users: ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"]}, {level: Metadata}]',
    "rules: [{level: None}]",
  ],
  check: ({ policy, evaluator }) => {
    const written = NOISE.flatMap(([user, resources]) =>
      resources.flatMap((resource) =>
        VERBS.flatMap((verb) => {
          const { attributes } = resourceProbe(user, verb, resource, { namespace: "kube-system", name: "x" });
          const decision = evaluator.decide(user, attributes);
          return decision.level === "None" ? [] : [[decision, resource] as const];
        }),
      ),
    );
    const deciders = byDecider(written).map(([decision]) => decision);
    const [first] = deciders;
    if (first === undefined) return [];
    const resources = [...new Set(written.map(([, resource]) => resource))];
    const who = list(deciders.map((decision) => deciderText(policy, decision)));
    const message = `get, list and watch of ${list(resources)} by nodes and the control plane are written, by ${who}`;
    return [ofRule(first.rule, policy.rules[first.rule]?.place ?? { line: 1, column: 1 }, message, INSTEAD)];
  },
};
