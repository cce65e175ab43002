/** A place in a filter's text where it stops making sense. */
export interface FilterMistake {
  readonly ok: false;
  /** 1-based, in UTF-16 units of the text. */
  readonly column: number;
  /** What is wrong and what would fit, one sentence. */
  readonly message: string;
  /** Texts that would fit at the column, best first. */
  readonly suggestions: readonly string[];
}

/** Thrown inside the parser only; parseFilter turns it into a FilterMistake. */
export class FilterSyntaxError extends Error {
  readonly at: number;
  readonly suggestions: readonly string[];

  /** `at`: 0-based position in the text. */
  constructor(at: number, message: string, suggestions: readonly string[] = []) {
    super(message);
    this.name = "FilterSyntaxError";
    this.at = at;
    this.suggestions = suggestions;
  }
}
