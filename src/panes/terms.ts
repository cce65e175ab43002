import type { Dimension } from "../queries/contract.ts";

/** Term of the filter language for a row of a group-by: selects exactly the requests the row counted. */
export function termOfKey(by: readonly Dimension[], key: Readonly<Record<string, string>>): string {
  const terms = by.map((dimension) => termFor(dimension, key[dimension] ?? ""));
  return terms.length === 1 ? (terms[0] ?? "") : `(${terms.join(" ")})`;
}

const FIELDS: ReadonlyMap<string, string> = new Map([
  ["namespace", "ns"],
  ["subresource", "sub"],
  ["useragent", "ua"],
]);

function termFor(dimension: Dimension, value: string): string {
  const quoted = `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  if (dimension.startsWith("annotation:")) return `${dimension}=${quoted}`;
  if (dimension === "class" && value !== "") return `code:${value}`;
  return `${FIELDS.get(dimension) ?? dimension}:${quoted}`;
}
