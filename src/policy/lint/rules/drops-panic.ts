import type { MeaningRule } from "../contract.ts";
import { list, ofFile } from "../findings.ts";

export const dropsPanic: MeaningRule = {
  of: "meaning",
  id: "drops-panic",
  severity: "info",
  about: "Stage Panic omitted: requests that made the API server panic leave no trace of their end.",
  hits: [
    { text: "omitStages: [Panic]\nrules: [{level: Metadata}]", says: "everywhere" },
    { text: "rules: [{level: Metadata, omitStages: [Panic]}]", says: "line 4" },
  ],
  misses: ["rules: [{level: None, omitStages: [Panic]}, {level: Metadata}]"],
  check: ({ policy }) => {
    const rules = policy.rules.filter(({ level, omitStages }) => level !== "None" && omitStages.includes("Panic"));
    const isEverywhere = policy.omitStages.includes("Panic") && policy.rules.some(({ level }) => level !== "None");
    if (!isEverywhere && rules.length === 0) return [];
    const where = isEverywhere ? "everywhere" : `in ${list(rules.map(({ place }) => `line ${String(place.line)}`))}`;
    return [
      ofFile(
        `stage Panic is omitted ${where}: a request that makes the API server panic looks as if it were never answered`,
        "no Panic in omitStages: there are hardly any",
      ),
    ];
  },
};
