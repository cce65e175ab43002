import type { MeaningRule } from "../contract.ts";
import { list, ofRule } from "../findings.ts";

const NAMELESS: readonly string[] = ["create", "deletecollection"];

export const namesWithCreate: MeaningRule = {
  of: "meaning",
  id: "names-with-create",
  severity: "warning",
  about: "resourceNames never match a create or deletecollection: the name is in the body, which is read later.",
  hits: [
    {
      text: "rules: [{level: None, resources: [{resources: [configmaps], resourceNames: [leader]}]}]",
      says: "create and deletecollection",
    },
    {
      text: "rules: [{level: None, verbs: [create, get], resources: [{resources: [configmaps], resourceNames: [leader]}]}]",
      says: "create",
    },
  ],
  misses: [
    "rules: [{level: None, verbs: [get, update], resources: [{resources: [configmaps], resourceNames: [leader]}]}]",
    "rules: [{level: None, resources: [{resources: [pods/exec], resourceNames: [web]}]}]",
    'rules: [{level: None, resources: [{resources: [configmaps], resourceNames: [leader, ""]}]}]',
  ],
  check: ({ policy }) =>
    policy.rules.flatMap(({ verbs, resources }, at) => {
      const vain = NAMELESS.filter((verb) => verbs.length === 0 || verbs.some(({ text }) => text === verb));
      if (vain.length === 0) return [];
      return resources.flatMap(({ place, resources: words, resourceNames }) => {
        const isWhole = words.some(({ text }) => !text.includes("/"));
        if (!isWhole || resourceNames.length === 0 || resourceNames.some(({ text }) => text === "")) return [];
        const message = `${list(vain)} name no object in the URL: with resourceNames they never match and go on to the rules below`;
        return [
          ofRule(
            at,
            place,
            message,
            "verbs: [get, update, patch, delete], and a rule of its own for create where it matters",
          ),
        ];
      });
    }),
};
