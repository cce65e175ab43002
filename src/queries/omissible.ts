import { OMISSIBLE_TEXTS, type OmissibleText } from "../index/ring-options.ts";
import type { Dimension, Filter } from "./contract.ts";

/** Fields and dimensions that are answered with none of these texts. */
const WITH_NONE =
  "verb user as actor resource sub subresource ns namespace code class latency bytes stage level decision reason apiserver " +
  "input since until";

/** What fields and dimensions look at; one that is not listed, at any. */
const NEEDED = new Map<string, readonly OmissibleText[]>([
  ...WITH_NONE.split(" ").map((id) => [id, []] as const),
  ["who", ["useragent"]],
  ["group", ["groupSet"]],
  ["ua", ["useragent"]],
  ["useragent", ["useragent"]],
  ["ip", ["ip"]],
  ["forwarded", ["sourceIPs"]],
  ["authreason", ["authReason"]],
  ["annotation", ["annotations", "authReason"]],
  ["name", ["name"]],
  ["object", ["name"]],
]);

/**
 * Texts that need not be kept to answer a question of these dimensions under this filter. A big cluster has a name and a URI
 * for every other event; whoever makes a log can have a user agent for each.
 */
export function omissibleTexts(filter: Filter, dimensions: readonly Dimension[]): readonly OmissibleText[] {
  const needed = new Set(
    [...fieldsOf(filter), ...dimensions.map(rootOf)].flatMap((id) => NEEDED.get(id) ?? OMISSIBLE_TEXTS),
  );
  return OMISSIBLE_TEXTS.filter((text) => !needed.has(text));
}

function fieldsOf(filter: Filter): readonly string[] {
  if (filter.op === "match") return [filter.field];
  return filter.op === "not" ? fieldsOf(filter.term) : filter.terms.flatMap(fieldsOf);
}

function rootOf(dimension: Dimension): string {
  return dimension.split(":", 1)[0] ?? "";
}
