import {
  type Completion,
  type CompletionPlace,
  completionPlace,
  completionsAt,
  corrected,
} from "../queries/complete-filter.ts";
import type { Dimension, Filter } from "../queries/contract.ts";
import { termFor } from "../queries/filter-term.ts";
import type { LogValue } from "../queries/nearest-values.ts";
import { parseFilter } from "../queries/parse-filter.ts";

/** The filter language as the screen needs it. */
export interface FilterLanguage {
  /** `terms`: the text cut into what is AND-ed at the top, each a chip of its own. `column` is 1-based. */
  parse(text: string): ParsedFilter | FilterMistake;
  /** A term that selects exactly what counted under this value. */
  term(dimension: Dimension, value: string): string;
  /** What stands at the cursor and may be completed; null where nothing can. */
  place(text: string, cursor: number): CompletionPlace | null;
  /** What fits there, best first; `values`: of the log. */
  completions(place: CompletionPlace, values: readonly LogValue[]): readonly Completion[];
  /** The text with the first suggestion of its mistake taken; null where there is none. */
  corrected(text: string, mistake: FilterMistake): string | null;
}

/** The one of the prompt, of `--query` and of every chip. */
export const filterLanguage: FilterLanguage = {
  parse: parseFilter,
  term: termFor,
  place: completionPlace,
  completions: completionsAt,
  corrected: (text, { column, suggestions = [] }) => corrected(text, { column, suggestions }),
};

export interface ParsedFilter {
  readonly ok: true;
  readonly filter: Filter;
  readonly terms: readonly string[];
}

export interface FilterMistake {
  readonly ok: false;
  readonly column: number;
  readonly message: string;
  /** Texts that would fit at the column, best first. */
  readonly suggestions?: readonly string[];
}
