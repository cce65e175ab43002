import { LEVELS } from "../../../events/vocabulary.ts";
import type { Decision } from "../../evaluate.ts";
import { resourceProbe, WHO } from "../../probe.ts";
import type { LintedPolicy, MeaningRule } from "../contract.ts";
import { byDecider, deciderText, list, ofRule } from "../findings.ts";

/** Subresources that do what people mean by the resource, with the verb that does it, and whether they have bodies. */
const SUBRESOURCES: Readonly<Record<string, readonly (readonly [sub: string, verb: string, hasBody: boolean])[]>> = {
  pods: [
    ["pods/exec", "create", false],
    ["pods/attach", "create", false],
    ["pods/portforward", "create", false],
    ["pods/ephemeralcontainers", "patch", true],
    ["pods/eviction", "create", true],
    ["pods/binding", "create", true],
  ],
  secrets: [],
  serviceaccounts: [["serviceaccounts/token", "create", false]],
  nodes: [["nodes/proxy", "get", false]],
  services: [["services/proxy", "get", false]],
  "deployments.apps": [["deployments.apps/scale", "update", true]],
  "statefulsets.apps": [["statefulsets.apps/scale", "update", true]],
  "replicasets.apps": [["replicasets.apps/scale", "update", true]],
};

export const subresourceForgotten: MeaningRule = {
  of: "meaning",
  id: "subresource-forgotten",
  severity: "warning",
  about: "A resource does not include its subresources: shells, evictions, tokens and scaling go on to other rules.",
  hits: [
    {
      text: "rules: [{level: RequestResponse, resources: [{resources: [pods]}]}, {level: Metadata}]",
      says: "pods/ephemeralcontainers",
    },
    { text: "rules: [{level: Metadata, resources: [{resources: [pods]}]}]", says: "pods/exec" },
  ],
  misses: [
    'rules: [{level: RequestResponse, resources: [{resources: ["pods/*"]}]}, {level: Metadata}]',
    "rules: [{level: RequestResponse, resources: [{resources: [pods, pods/ephemeralcontainers, pods/eviction, pods/binding]}]}, {level: Metadata}]",
    "rules: [{level: Metadata, resources: [{resources: [pods]}]}, {level: Metadata}]",
  ],
  check: (linted) =>
    linted.policy.rules.flatMap(({ resources, place }, at) => {
      const listed = resources.flatMap(({ group, resources: words, resourceNames }) =>
        resourceNames.length > 0 ? [] : words.map(({ text }) => (group === "" ? text : `${text}.${group}`)),
      );
      const left = listed.flatMap((resource) => leftOut(linted, at, resource));
      return byDecider(left).map(([decision, subresources]) => {
        const who = deciderText(linted.policy, decision);
        const message = `a resource does not include its subresources: ${list(subresources, 8)} ${subresources.length === 1 ? "is" : "are"} decided by ${who}`;
        const parents = [...new Set(subresources.map((text) => text.split(/[./]/, 1)[0] ?? ""))];
        return ofRule(
          at,
          place,
          message,
          `resources: [${parents.map((parent) => `"${parent}", "${parent}/*"`).join(", ")}], or each by name`,
        );
      });
    }),
};

function leftOut(
  { policy, evaluator }: LintedPolicy,
  at: number,
  resource: string,
): readonly (readonly [Decision, string])[] {
  return (Object.hasOwn(SUBRESOURCES, resource) ? (SUBRESOURCES[resource] ?? []) : []).flatMap(
    ([sub, verb, hasBody]) => {
      const object = { namespace: "shop", name: "cart-1" };
      const ask = (target: string, asked: string): Decision => {
        const { user, attributes } = resourceProbe(WHO.person, asked, target, object);
        return evaluator.decide(user, attributes);
      };
      const of = ask(resource, verb === "create" ? "update" : verb);
      const decision = ask(sub, verb);
      // Another rule speaks of the resource, or of the subresource on purpose.
      if (of.rule !== at || decision.rule === at || isNamed(policy.rules[decision.rule], sub)) return [];
      const rank = hasBody ? LEVELS.indexOf(decision.level) : Math.min(1, LEVELS.indexOf(decision.level));
      const wanted = hasBody ? LEVELS.indexOf(of.level) : Math.min(1, LEVELS.indexOf(of.level));
      return rank === wanted ? [] : [[decision, sub] as const];
    },
  );
}

function isNamed(rule: LintedPolicy["policy"]["rules"][number] | undefined, sub: string): boolean {
  const plain = sub.replace(/\.[^/]*/, "");
  return (
    rule?.resources.some(({ resources }) =>
      resources.some(({ text }) => text === plain || text === `*/${plain.split("/")[1] ?? ""}`),
    ) ?? false
  );
}
