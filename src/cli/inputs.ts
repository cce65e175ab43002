import type { InputReport } from "../ingest/contract.ts";
import type { Invocation } from "./contract.ts";

export const EXIT_FAULT = 1;
export const EXIT_UNREADABLE = 3;

/** A sentence for each input that counts as unreadable. What a directory passes over does not. */
export function refusals(reports: readonly InputReport[], { inputs }: Invocation): readonly string[] {
  return reports.flatMap(({ path, error, passedOver }) => {
    if (error !== null) return [error];
    return passedOver !== null && inputs.includes(path) ? [`${path}: ${passedOver}`] : [];
  });
}

/** A sentence for each piece of an input that is known to be missing. */
export function losses(reports: readonly InputReport[]): readonly string[] {
  return reports.flatMap(({ lost }) => lost.map((sentence) => `lost: ${sentence}`));
}
