import { CUSTOM_RESOURCE, resourceProbe, urlProbe, UNHEARD, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { list, ofFile } from "../findings.ts";

export const catchAllMissing: MeaningRule = {
  of: "meaning",
  id: "catch-all-missing",
  severity: "warning",
  about: "Requests that no rule matches are not written: custom resources first.",
  hits: [
    { text: "rules: [{level: Metadata, users: [a]}]", says: "custom resources" },
    { text: 'rules: [{level: Metadata, resources: [{group: "*"}]}]', says: "URLs" },
  ],
  misses: ["rules: [{level: Metadata, users: [a]}, {level: None}]", "rules: [{level: Metadata}]"],
  check: ({ policy, evaluator }) => {
    const object = { namespace: "shop", name: UNHEARD.name };
    const asked = [
      ["custom resources", resourceProbe(WHO.person, "update", CUSTOM_RESOURCE, object)],
      ["pods", resourceProbe(WHO.person, "update", "pods", object)],
      ["what service accounts do", resourceProbe(WHO.serviceAccount, "update", CUSTOM_RESOURCE, object)],
      ["URLs that are no resources", urlProbe(WHO.person, "get", `/${UNHEARD.name}`)],
      ["anonymous requests", resourceProbe(WHO.anonymous, "update", CUSTOM_RESOURCE, object)],
    ] as const;
    const unmatched = asked.filter(([, { user, attributes }]) => evaluator.decide(user, attributes).rule < 0);
    if (unmatched.length === 0 || policy.rules.length === 0) return [];
    const message = `the last rule is no catch-all: what no rule matches is not written, as ${list(unmatched.map(([what]) => what))}`;
    return [ofFile(message, "a last rule - level: Metadata, without anything else")];
  },
};
