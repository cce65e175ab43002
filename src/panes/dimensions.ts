import { FIELDS } from "../events/fields.ts";
import { objectOfText } from "../events/object-key.ts";
import { objectName } from "../events/object-name.ts";
import { shortUser } from "../events/service-account.ts";
import { maskField } from "../masking/mask.ts";
import type { Keep } from "../models/display-width.ts";
import { dimensionNamed, dimensionsNear } from "../queries/dimension-names.ts";
import { DIMENSIONS, type Dimension, type PlainDimension } from "../queries/contract.ts";

export interface DimensionChoice {
  readonly dimension: PlainDimension;
  /** Column title, singular. */
  readonly title: string;
  readonly plural: string;
  /** The question it answers. */
  readonly about: string;
  /** Key in the group-by pane. */
  readonly key: string;
}

/** In the order of the group-by pane. */
export const DIMENSION_CHOICES: readonly DimensionChoice[] = FIELDS.flatMap(({ title, dimension }) =>
  dimension === undefined ? [] : [{ title, ...dimension, dimension: dimension.id as PlainDimension }],
);
const NAMES: ReadonlyMap<string, DimensionChoice> = new Map(
  DIMENSION_CHOICES.map((choice) => [choice.dimension, choice]),
);

export function dimensionTitle(dimension: Dimension): string {
  return NAMES.get(dimension)?.title ?? dimension.slice("annotation:".length);
}

/** A group's value as people see it: objects by their names, and a key that names a secret masks it (`annotation:x/token`). */
export function shownValue(dimension: Dimension, value: string): string {
  if (dimension === "object") {
    const object = objectOfText(value);
    return object === null ? value : objectName(object);
  }
  return isPlain(dimension) ? value : maskField(dimension.slice(dimension.indexOf(":") + 1), value);
}

/** The same in a table of the screen: users are shortened to what tells them apart. */
export function tableValue(dimension: Dimension, value: string): string {
  return dimension === "user" ? shortUser(value) : shownValue(dimension, value);
}

/** Names keep their tail when cut; of resources and programs the head tells them apart, groups and versions repeat. */
export function keepOf(dimension: Dimension): { readonly keep?: Keep } {
  if (dimension === "resource") return { keep: "ends" };
  if (dimension === "object") return { keep: "object" };
  return dimension === "useragent" || !isPlain(dimension) ? { keep: "head" } : {};
}

export function dimensionPlural(dimension: Dimension): string {
  return NAMES.get(dimension)?.plural ?? "values";
}

function isPlain(dimension: Dimension): dimension is PlainDimension {
  return NAMES.has(dimension);
}

/** `user,verb` → dimensions; throws a sentence that names what would fit. */
export function parseDimensions(text: string): Dimension[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  if (words.length > 2) throw new Error("at most two dimensions: user,verb");
  return words.map((word) => {
    const found = dimensionNamed(word);
    if (found !== null) return found;
    const near = dimensionsNear(word);
    const meant = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `${DIMENSIONS.join(" ")} annotation:KEY`;
    throw new Error(`no dimension “${word}”: ${meant}`);
  });
}

/** For parameters of a frame: what is not a dimension is passed over. */
export function dimensionsOf(text: string | undefined, fallback: readonly Dimension[]): readonly Dimension[] {
  try {
    const dimensions = parseDimensions(text ?? "");
    return dimensions.length === 0 ? fallback : dimensions;
  } catch {
    return fallback;
  }
}
