import { SEVERITIES, type Severity } from "./contract.ts";

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Steps up, or down when negative; stays within the scale. */
export function shifted(severity: Severity, steps: number): Severity {
  const at = Math.min(SEVERITIES.length - 1, Math.max(0, severityRank(severity) + steps));
  return SEVERITIES[at] ?? severity;
}

export function worse(a: Severity, b: Severity): Severity {
  return severityRank(a) >= severityRank(b) ? a : b;
}
