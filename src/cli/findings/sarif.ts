import { DETECTORS } from "../../findings/registry.ts";
import type { Finding, Severity } from "../../findings/contract.ts";
import { maskText } from "../../masking/mask.ts";
import { VERSION } from "../version.ts";
import { keyOf } from "./baseline.ts";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};
/** GitHub's scale, 0 to 10. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
  info: "0.0",
};

/** SARIF 2.1.0: a rule a detector that found something, a result a finding. */
export function sarifLog(findings: readonly Finding[], inputs: readonly string[]): object {
  const ids = new Set(findings.map(({ id }) => id));
  const rules = DETECTORS.filter(({ id }) => ids.has(id));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "ktrail",
            version: VERSION,
            rules: rules.map(({ id, about, advice, severity, references }) => ({
              id,
              shortDescription: { text: about },
              help: { text: advice },
              properties: { "security-severity": SCORES[severity], tags: [...new Set(references)] },
            })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.id,
          ruleIndex: rules.findIndex(({ id }) => id === finding.id),
          level: LEVELS[finding.severity],
          message: { text: maskText(`${finding.detail}. ${finding.advice}`) },
          // Uploads ask for a line; a finding is about many, wherever they are.
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(inputs[0] ?? "-") },
                region: { startLine: 1 },
              },
            },
          ],
          partialFingerprints: { "ktrail/v1": keyOf(finding) },
          properties: {
            severity: finding.severity,
            count: finding.count,
            firstSeen: finding.firstSeen,
            lastSeen: finding.lastSeen,
            subject: finding.subject,
            evidence: finding.evidence.query,
          },
        })),
      },
    ],
  };
}
