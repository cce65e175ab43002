import type { Finding } from "../../findings/contract.ts";
import { maskText } from "../../masking/mask.ts";

/** As in JSON. Sentences are for people: they are masked. Subjects and the filter are as in the log: they are for asking on. */
export function findingRecord(finding: Finding): Readonly<Record<string, unknown>> {
  const { id, severity, title, detail, why, attempt, ...rest } = finding;
  return {
    id,
    severity,
    title: maskText(title),
    detail: maskText(detail),
    ...(why === undefined ? {} : { why: maskText(why) }),
    ...(attempt === undefined ? {} : { attempt }),
    ...rest,
  };
}
