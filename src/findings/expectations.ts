import { matchesGlob } from "../queries/glob.ts";
import type { Draft, Expectation } from "./contract.ts";

/** The first expectation that a finding fits, or undefined: all that an expectation gives must match. */
export function expectationOf(
  id: string,
  { subject }: Pick<Draft, "subject">,
  expectations: readonly Expectation[],
): Expectation | undefined {
  return expectations.find((expected) => {
    if (!expected.ids.some((glob) => matchesGlob(glob, id))) return false;
    const given = [
      [expected.user, subject.user],
      [expected.useragent, subject.useragent],
      [expected.ip, subject.ip],
      [expected.object, subject.object],
      [expected.namespace, subject.namespace],
    ] as const;
    return given.every(([glob, value]) => glob === undefined || (value !== undefined && matchesGlob(glob, value)));
  });
}
