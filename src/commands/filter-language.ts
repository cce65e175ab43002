import type { Filter } from "../queries/contract.ts";

/** The filter language as the screen needs it; the parser itself is passed in. */
export interface FilterLanguage {
  /** `terms`: the text cut into what is AND-ed at the top, each a chip of its own. `column` is 1-based. */
  parse(text: string): ParsedFilter | FilterMistake;
  /** `field:value` that matches exactly this value, quoted where the language needs it. */
  term(field: string, value: string): string;
}

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
