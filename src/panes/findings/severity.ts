import { type Finding, SEVERITIES, type Severity } from "../../findings/contract.ts";
import { count } from "../../models/numbers.ts";
import type { Tone } from "../../models/view.ts";

const TONES: Readonly<Record<Severity, Tone>> = {
  critical: "danger",
  high: "danger",
  medium: "warn",
  low: "accent",
  info: "muted",
};
/** Magnitude never rests on colour alone. */
const MARKS: Readonly<Record<Severity, readonly [string, string]>> = {
  critical: ["✖", "X"],
  high: ["▲", "^"],
  medium: ["◆", "*"],
  low: ["●", "o"],
  info: ["·", "."],
};

export function severityTone(severity: Severity): Tone {
  return TONES[severity];
}

export function severityMark(severity: Severity, unicode: boolean): string {
  return MARKS[severity][unicode ? 0 : 1];
}

/** `3 critical · 12 high`, the worst first; without those there are none of. */
export function countsText(findings: readonly Finding[]): string {
  return SEVERITIES.toReversed()
    .flatMap((severity) => {
      const own = findings.filter((finding) => finding.severity === severity).length;
      return own === 0 ? [] : [`${count(own)} ${severity}`];
    })
    .join(" · ");
}

/** `3 critical of 57`: how many there are of the worst. Worst first. */
export function worstText(findings: readonly Finding[]): string {
  const [worst] = findings;
  if (worst === undefined) return "";
  const own = findings.filter(({ severity }) => severity === worst.severity).length;
  return `${count(own)} ${worst.severity}${own === findings.length ? "" : ` of ${count(findings.length)}`}`;
}
