import type { MeaningRule } from "../contract.ts";
import { list, ofFile, percentText } from "../findings.ts";

export const managedFields: MeaningRule = {
  of: "meaning",
  id: "managed-fields",
  severity: "info",
  about: "Bodies are written with metadata.managedFields, which often is a fifth of them and never of use.",
  hits: [
    { text: "rules: [{level: RequestResponse, resources: [{group: apps}]}, {level: Metadata}]", says: "line 4" },
    { text: "omitManagedFields: true\nrules: [{level: Request, omitManagedFields: false}]", says: "managedFields" },
  ],
  misses: [
    "omitManagedFields: true\nrules: [{level: Request}]",
    "rules: [{level: Metadata}]",
    "rules: [{level: Request, omitManagedFields: true}]",
  ],
  check: ({ policy, log }) => {
    const written = policy.rules.filter(
      ({ level, omitManagedFields }) =>
        (level === "Request" || level === "RequestResponse") && !(omitManagedFields ?? policy.omitManagedFields),
    );
    if (written.length === 0) return [];
    const lines = list(written.map(({ place }) => `line ${String(place.line)}`));
    const measured =
      log === null || log.bytes === 0
        ? ""
        : `: ${percentText(log.managedFieldsBytes / log.bytes)} of this log (${String(log.managedFieldsBytes)} bytes)`;
    return [
      ofFile(
        `bodies are written with their managedFields by ${lines}${measured}`,
        "omitManagedFields: true above the rules (Kubernetes 1.23 and newer)",
      ),
    ];
  },
};
