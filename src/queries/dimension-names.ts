import { FIELDS, namesOf } from "../events/fields.ts";
import { type Dimension, DIMENSIONS, type PlainDimension } from "./contract.ts";
import { dimensionOf } from "./filter-term.ts";
import { nameMeant, namesNear } from "./meant-name.ts";

const ANNOTATION = "annotation:";

/** As the fields of the filter language are spelled: `ns`, `ua`, `res`. */
const SPELLINGS: ReadonlyMap<string, PlainDimension> = new Map(
  FIELDS.flatMap((field) => {
    const dimension = dimensionOf(field.id);
    return dimension === null ? [] : namesOf(field).map((spelling) => [spelling, dimension] as const);
  }),
);

/** A dimension as it is typed: its name, what its field is called, or the beginning of one; null where it means none. */
export function dimensionNamed(typed: string): Dimension | null {
  if (typed.startsWith(ANNOTATION)) return typed.length > ANNOTATION.length ? (typed as Dimension) : null;
  return plainDimensionNamed(typed, DIMENSIONS);
}

/** The one of these that is meant. */
export function plainDimensionNamed<Name extends string>(typed: string, names: readonly Name[]): Name | null {
  const spelled = [...SPELLINGS].flatMap(([spelling, dimension]) => {
    const name = names.find((known) => known === dimension);
    return name === undefined ? [] : [[spelling, name] as const];
  });
  return nameMeant(typed, names, new Map(spelled));
}

/** What a word that is no dimension was likely meant to be, nearest first. */
export function dimensionsNear(typed: string): readonly string[] {
  return namesNear(typed, [...DIMENSIONS, `${ANNOTATION}KEY`]);
}

/** What the beginning of a word can become, for tab. */
export function dimensionsBegun(typed: string): readonly string[] {
  const word = typed.toLowerCase();
  const begun = DIMENSIONS.filter((dimension) => dimension.startsWith(word));
  const spelled = SPELLINGS.get(word);
  return spelled === undefined || begun.includes(spelled) ? begun : [spelled, ...begun];
}
