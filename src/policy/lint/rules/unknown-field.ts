import type { LoadRule } from "../contract.ts";

export const unknownField: LoadRule = {
  of: "load",
  id: "unknown-field",
  severity: "warning",
  about:
    "A field the API server doesn't know, or one written twice: it warns in its own log, and the rule means something else.",
  hits: [
    {
      text: "rules: [{level: None, resources: [{group: apps, resource: [x]}]}]",
      says: "covers every resource of group apps",
    },
    { text: "rules: [{level: None, level: Metadata}]", says: "written twice" },
  ],
  misses: ["metadata: {name: x}\nrules: [{level: None, resources: [{group: apps, resources: [x]}]}]"],
  check: (problems) => problems.filter(({ kind }) => kind === "ignored"),
};
