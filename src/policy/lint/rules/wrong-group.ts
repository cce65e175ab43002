import { groupsServing, isBuiltInGroup } from "../../../events/resource-names.ts";
import type { MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

export const wrongGroup: MeaningRule = {
  of: "meaning",
  id: "wrong-group",
  severity: "warning",
  about: "A well-known resource under a group that never served it: the entry matches nothing.",
  hits: [
    { text: "rules: [{level: Request, resources: [{resources: [pods, deployments]}]}]", says: "deployments" },
    { text: "rules: [{level: None, resources: [{group: apps, resources: [pods]}]}]", says: 'group ""' },
    { text: "rules: [{level: None, resources: [{resources: [tokenreviews]}]}]", says: "authentication.k8s.io" },
  ],
  misses: [
    "rules: [{level: None, resources: [{group: extensions, resources: [ingresses]}, {group: oauth.openshift.io, resources: [tokenreviews]}]}]",
    'rules: [{level: None, resources: [{group: "*", resources: [deployments]}, {group: "", resources: [widgets, "*"]}]}]',
  ],
  check: ({ policy }) =>
    policy.rules.flatMap(({ resources }, at) =>
      resources.flatMap(({ group, resources: words }) => {
        if (!isBuiltInGroup(group)) return [];
        return words.flatMap(({ text, place }) => {
          const groups = groupsServing(text.split("/", 1)[0] ?? "");
          if (groups.length === 0 || groups.includes(group)) return [];
          const named = group === "" ? "the core group" : `group "${group}"`;
          const right = groups.map((name) => `group "${name}"`).join(" or ");
          return [
            ofRule(
              at,
              place,
              `${named} never served ${text}: this matches nothing, it is in ${right}`,
              `group: "${groups[0] ?? ""}"`,
            ),
          ];
        });
      }),
    ),
};
