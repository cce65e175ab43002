import { FIELDS } from "../events/fields.ts";
import { type Dimension, DIMENSIONS, type PlainDimension } from "./contract.ts";
import { quote } from "./print-filter.ts";

/** Field of the filter language behind each dimension. */
const FIELD_OF: ReadonlyMap<string, string> = new Map(
  FIELDS.flatMap(({ id, dimension }) => (dimension === undefined ? [] : [[dimension.id, id]])),
);

/** The dimension whose values a field of the filter language tests; null where there is none. */
export function dimensionOf(field: string): PlainDimension | null {
  return DIMENSIONS.find((dimension) => FIELD_OF.get(dimension) === field) ?? null;
}

/**
 * Text in the filter language that selects exactly the requests a row with this key counted: `user:"alice"`, `ns:""`,
 * `resource:"pods" sub:""`. For `resource` it may be two terms; to negate it, put it in parentheses.
 */
export function termFor(dimension: Dimension, value: string): string {
  if (dimension.startsWith("annotation:"))
    return `annotation:${quote(dimension.slice("annotation:".length))}=${quote(value)}`;
  if (dimension === "resource") return resourceTerm(value);
  if (dimension === "code") return value === "" ? 'code:""' : `code:${value}`;
  return `${FIELD_OF.get(dimension) ?? dimension}:${quote(value)}`;
}

/** The terms of a whole row: one for each dimension of its key. */
export function termsForKey(key: Readonly<Record<string, string>>): string[] {
  return Object.entries(key).map(([dimension, value]) => termFor(dimension as Dimension, value));
}

function resourceTerm(value: string): string {
  // Without a slash a value includes its subresources; a path, or one with its subresource, stands for itself.
  if (value === "") return 'resource:"" path:""';
  return value.includes("/") ? `resource:${quote(value)}` : `resource:${quote(value)} sub:""`;
}
