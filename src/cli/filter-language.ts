import type { FilterLanguage } from "../commands/filter-language.ts";
import type { Dimension } from "../queries/contract.ts";
import { termFor } from "../queries/filter-term.ts";
import { parseFilter } from "../queries/parse-filter.ts";

/** The command line's filter language, handed to the screen: one parser for both. */
export const filterLanguage: FilterLanguage = {
  parse: parseFilter,
  term: (field, value) => termFor(field as Dimension, value),
};
