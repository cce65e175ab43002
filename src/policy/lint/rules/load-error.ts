import type { LoadRule } from "../contract.ts";

export const loadError: LoadRule = {
  of: "load",
  id: "load-error",
  severity: "error",
  about: "The API server does not start with this file.",
  hits: [
    { text: "rules: [{level: metadata}]", says: "metadata is no level" },
    { text: "omitStages: [RequestResponse]\nrules: [{level: None}]", says: "RequestResponse is a level, not a stage" },
    { text: "rules: []", says: "no rules" },
    { text: "rules: [{level: None, users: [5]}]", says: "5 without quotes is no text" },
  ],
  misses: ["rules: [{level: Metadata}]"],
  check: (problems) => problems.filter(({ kind }) => kind === "refused"),
};
