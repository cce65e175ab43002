import type { Dimension, Filter } from "../queries/contract.ts";
import { termFor } from "../queries/filter-term.ts";
import { parseFilter } from "../queries/parse-filter.ts";

/** The filter language as the screen needs it. */
export interface FilterLanguage {
  /** `terms`: the text cut into what is AND-ed at the top, each a chip of its own. `column` is 1-based. */
  parse(text: string): ParsedFilter | FilterMistake;
  /** A term that selects exactly what counted under this value. */
  term(dimension: Dimension, value: string): string;
}

/** The one of the prompt, of `--query` and of every chip. */
export const filterLanguage: FilterLanguage = { parse: parseFilter, term: termFor };

export interface ParsedFilter {
  readonly ok: true;
  readonly filter: Filter;
  readonly terms: readonly string[];
}

export interface FilterMistake {
  readonly ok: false;
  readonly column: number;
  readonly message: string;
}
