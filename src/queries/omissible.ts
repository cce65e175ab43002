import type { OmissibleText } from "../index/ring-options.ts";
import type { Dimension, Filter } from "./contract.ts";

/** Fields and dimensions that are answered without most names, UIDs and URIs. Of what is not listed all texts are kept. */
const WITHOUT_NAMES =
  "verb user as who group actor resource sub subresource ns namespace code class latency bytes ua useragent ip forwarded " +
  "stage level decision reason authreason apiserver input annotation since until";
const WITHOUT_URIS = "name object";

const ANSWERED_WITHOUT = new Map<string, readonly OmissibleText[]>([
  ...WITHOUT_NAMES.split(" ").map((id) => [id, ["name", "uid", "uri"]] as const),
  ...WITHOUT_URIS.split(" ").map((id) => [id, ["uid", "uri"]] as const),
]);

/**
 * Texts that need not be kept to answer a question of these dimensions under this filter. A big cluster has a name and a URI
 * for every other event.
 */
export function omissibleTexts(filter: Filter, dimensions: readonly Dimension[]): readonly OmissibleText[] {
  const asked = [...new Set([...fieldsOf(filter), ...dimensions.map(rootOf)])];
  return asked.reduce<readonly OmissibleText[]>(
    (left, id) => left.filter((text) => ANSWERED_WITHOUT.get(id)?.includes(text) === true),
    ["name", "uid", "uri"],
  );
}

function fieldsOf(filter: Filter): readonly string[] {
  if (filter.op === "match") return [filter.field];
  return filter.op === "not" ? fieldsOf(filter.term) : filter.terms.flatMap(fieldsOf);
}

function rootOf(dimension: Dimension): string {
  return dimension.split(":", 1)[0] ?? "";
}
