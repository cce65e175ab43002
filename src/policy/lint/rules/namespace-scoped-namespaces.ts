import type { MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

export const namespaceScopedNamespaces: MeaningRule = {
  of: "meaning",
  id: "namespace-scoped-namespaces",
  severity: "warning",
  about: 'A request for a Namespace has its own name as namespace: `namespaces: [""]` does not match it.',
  hits: [
    { text: 'rules: [{level: None, namespaces: [""], resources: [{resources: [namespaces]}]}]', says: "its own name" },
  ],
  misses: [
    'rules: [{level: None, namespaces: [""], resources: [{resources: [nodes]}]}]',
    'rules: [{level: None, namespaces: ["", kube-system], resources: [{resources: [namespaces]}], verbs: [list, watch, create]}]',
    "rules: [{level: None, namespaces: [kube-system], resources: [{resources: [namespaces]}]}]",
  ],
  check: ({ policy }) =>
    policy.rules.flatMap(({ namespaces, resources, verbs }, at) => {
      const empty = namespaces.find(({ text }) => text === "");
      const isNamed =
        verbs.length === 0 || verbs.some(({ text }) => ["get", "update", "patch", "delete"].includes(text));
      const named = resources.some(
        ({ group, resources: words }) =>
          group === "" && words.some(({ text }) => text.split("/", 1)[0] === "namespaces"),
      );
      if (empty === undefined || !named || !isNamed) return [];
      const message =
        'a request for one Namespace has its own name as namespace: "" matches lists, watches and creates of them only';
      return [ofRule(at, empty.place, message, "a rule of its own for namespaces, without namespaces:")];
    }),
};
