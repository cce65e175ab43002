import type { MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

export const withoutEffect: MeaningRule = {
  of: "meaning",
  id: "without-effect",
  severity: "info",
  about: "omitStages on a rule that writes nothing, omitManagedFields on one that writes no bodies.",
  hits: [
    { text: "rules: [{level: None, omitStages: [RequestReceived]}, {level: Metadata}]", says: "omitStages" },
    { text: "rules: [{level: Metadata, omitManagedFields: true}]", says: "omitManagedFields" },
  ],
  misses: [
    "omitManagedFields: true\nrules: [{level: Request, omitStages: [RequestReceived], omitManagedFields: false}, {level: Metadata}]",
  ],
  check: ({ policy }) =>
    policy.rules.flatMap(({ level, omitStages, omitManagedFields, place }, at) => {
      if (level === "None" && omitStages.length > 0) {
        return [ofRule(at, place, "omitStages changes nothing here: level None writes no stage", "leave it out")];
      }
      if (omitManagedFields === null || level === "Request" || level === "RequestResponse") return [];
      return [
        ofRule(at, place, `omitManagedFields changes nothing here: level ${level} has no bodies`, "leave it out"),
      ];
    }),
};
