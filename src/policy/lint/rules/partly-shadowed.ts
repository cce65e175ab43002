import { RESOURCE_VERBS } from "../../probe.ts";
import type { Facet } from "../../reach.ts";
import type { MeaningRule } from "../contract.ts";
import { decidersText, list, ofRule } from "../findings.ts";

const WORDS: Readonly<Record<Facet["kind"], string>> = {
  users: "users",
  userGroups: "groups",
  verbs: "verbs",
  resources: "resources",
};

export const partlyShadowed: MeaningRule = {
  of: "meaning",
  id: "partly-shadowed",
  severity: "info",
  about: "Rules before this one decide about some of what it says.",
  hits: [
    {
      text: "rules: [{level: Metadata, resources: [{resources: [secrets]}]}, {level: Request, resources: [{resources: [secrets, pods]}]}]",
      says: "resources secrets never arrive",
    },
    {
      text: "rules: [{level: Request, verbs: [get, list, watch], resources: [{group: apps}]}, {level: RequestResponse, resources: [{group: apps}]}]",
      says: "verbs get, list and watch",
    },
  ],
  misses: [
    "rules: [{level: Metadata, users: [a], resources: [{resources: [secrets]}]}, {level: Request, resources: [{resources: [secrets, pods]}]}]",
    "rules: [{level: Request, verbs: [get]}, {level: Metadata}]",
  ],
  check: ({ policy, reach }) =>
    policy.rules.flatMap(({ place }, at) => {
      const { isReached, vain, instead } = reach(at);
      if (!isReached || vain.length === 0) return [];
      const kinds = [...new Set(vain.map(({ kind }) => kind))];
      const words = kinds.map((kind) => {
        const texts = vain.filter((facet) => facet.kind === kind).map(({ text }) => text);
        return `${WORDS[kind]} ${list(kind === "verbs" ? texts.toSorted(byVerb) : texts)}`;
      });
      const message = `${words.join(", ")} never arrive here: decided before it, by ${decidersText(policy, instead)}`;
      return [ofRule(at, place, message, "leave them out where that is meant; else move this rule up")];
    }),
};

function byVerb(a: string, b: string): number {
  const verbs: readonly string[] = RESOURCE_VERBS;
  return verbs.indexOf(a) - verbs.indexOf(b);
}
