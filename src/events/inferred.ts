/**
 * Facts that a log does not hold but that follow from what it does: a status code from another system's, say. The
 * annotation is ktrail's own, in events it had to put together; its value names each fact and what it was taken from.
 */
export const INFERRED_ANNOTATION = "ktrail/inferred";

/** What the fact at a path was taken from; "" when the log holds it. */
export function inferredFrom(annotations: Readonly<Record<string, string>>, path: string): string {
  const fact = inferredFacts(annotations).find((text) => text === path || text.startsWith(`${path} from `));
  return fact === undefined ? "" : fact.slice(path.length).replace(/^ from /, "");
}

/** `responseStatus.code from gRPC status 7` for each inferred fact; empty for an event that is told as it was. */
export function inferredFacts(annotations: Readonly<Record<string, string>>): readonly string[] {
  const value = annotations[INFERRED_ANNOTATION];
  return value === undefined || value === "" ? [] : value.split("; ");
}
