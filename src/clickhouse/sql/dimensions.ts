import { FIELDS } from "../../events/fields.ts";
import type { Dimension } from "../../queries/contract.ts";
import { isManyValued } from "../../queries/dimension-codes.ts";
import { textOf } from "./columns.ts";
import { CODE, CODE_CLASS } from "./filter.ts";
import type { SqlParams } from "./params.ts";
import { RESOURCE_PATH } from "./target.ts";

const ANNOTATION = "annotation:";

/** Value of a dimension as text; of one with several values a row each. */
export function dimensionSql(dimension: Dimension, params: SqlParams): string {
  if (dimension.startsWith(ANNOTATION)) return `annotations[${params.text(dimension.slice(ANNOTATION.length))}]`;
  switch (dimension) {
    case "group":
      return "arrayJoin(groups)";
    case "code":
      return CODE;
    case "class":
      return CODE_CLASS;
    case "resource":
      return RESOURCE_PATH;
    default:
      return textOf(FIELDS.find((field) => field.dimension?.id === dimension)?.column?.fact ?? dimension);
  }
}

/** Whether a request may be in several groups, or in none. */
export function isSpread(by: readonly Dimension[]): boolean {
  return by.some(isManyValued);
}
