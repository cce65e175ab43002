import type { PolicyRule } from "../../contract.ts";
import { CUSTOM_RESOURCE, resourceProbe, UNHEARD, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

export const catchAllBodies: MeaningRule = {
  of: "meaning",
  id: "catch-all-bodies",
  severity: "warning",
  about: "Everything that no other rule takes is written with bodies: lists and managed fields make that huge.",
  hits: [{ text: "rules: [{level: RequestResponse}]", says: "whole lists" }],
  misses: [
    "rules: [{level: RequestResponse, verbs: [create, update, patch, delete]}, {level: Metadata}]",
    "rules: [{level: Request, users: [a]}, {level: Metadata}]",
  ],
  check: ({ policy, evaluator }) => {
    const { user, attributes } = resourceProbe(WHO.person, "list", CUSTOM_RESOURCE, {
      namespace: "shop",
      name: UNHEARD.name,
    });
    const { rule: at, level } = evaluator.decide(user, attributes);
    const rule = policy.rules[at];
    if (rule === undefined || level === "None" || level === "Metadata" || !isUnlimited(rule)) return [];
    const what = level === "Request" ? "request bodies of everything" : "whole lists and every answer";
    const message = `this takes everything the rules before it leave, at ${level}: ${what} are in the log`;
    return [
      ofRule(
        at,
        rule.place,
        message,
        'verbs: ["create", "update", "patch", "delete", "deletecollection"] here, and a last rule - level: Metadata',
      ),
    ];
  },
};

/** Whoever asks for whatever. */
function isUnlimited({ verbs, resources, namespaces, users, nonResourceURLs }: PolicyRule): boolean {
  return [verbs, resources, namespaces, users, nonResourceURLs].every((words) => words.length === 0);
}
