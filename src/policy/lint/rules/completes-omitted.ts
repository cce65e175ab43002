import type { MeaningRule } from "../contract.ts";
import { ofFile, ofRule } from "../findings.ts";

const INSTEAD = "omitStages: [RequestReceived]";

export const completesOmitted: MeaningRule = {
  of: "meaning",
  id: "completes-omitted",
  severity: "warning",
  about: "Stage ResponseComplete omitted: no status codes, no latencies, no answers.",
  hits: [
    { text: "omitStages: [ResponseComplete]\nrules: [{level: Metadata}]", says: "no codes" },
    { text: "rules: [{level: Metadata, omitStages: [ResponseComplete]}]", says: "no codes" },
  ],
  misses: ["rules: [{level: None, omitStages: [ResponseComplete]}, {level: Metadata}]"],
  check: ({ policy }) => {
    const what =
      "ResponseComplete is omitted: what is left of an ordinary request has no codes, no latencies and no answers";
    const written = policy.rules.some(({ level }) => level !== "None");
    if (policy.omitStages.includes("ResponseComplete")) return written ? [ofFile(what, INSTEAD)] : [];
    return policy.rules.flatMap(({ level, omitStages, place }, at) =>
      level !== "None" && omitStages.includes("ResponseComplete") ? [ofRule(at, place, what, INSTEAD)] : [],
    );
  },
};
