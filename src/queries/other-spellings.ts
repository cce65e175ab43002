import { FilterSyntaxError } from "./filter-mistake.ts";
import type { FieldOperator, FilterText } from "./filter-text.ts";

/** What other languages write, with what it is called here. */
const OPERATORS: Readonly<Record<string, readonly [word: string, stands: string]>> = {
  "&&": ["AND", ", or just a space, stands between terms"],
  "&": ["AND", ", or just a space, stands between terms"],
  "||": ["OR", " stands between alternatives"],
  "|": ["OR", " stands between alternatives, a comma between values"],
};

/** Refuses what looks like an operator where a term should be. */
export function refuseOperator(text: FilterText): void {
  const rest = text.text.slice(text.at);
  const joined = /^(?:&&?|\|\|?)(?=$|[\s()])/.exec(rest)?.[0];
  if (joined !== undefined) {
    const [word, stands] = OPERATORS[joined] ?? ["", ""];
    throw new FilterSyntaxError(text.at, `${word}${stands}; to search for it, write "${joined}"`, [word]);
  }
  const operator = /^(?:[<>]=?|=[=~]?|~)/.exec(rest)?.[0];
  if (operator !== undefined) {
    throw new FilterSyntaxError(
      text.at,
      `${operator} stands right behind a field and before its value, as in code>=400; to search for it, use "…"`,
    );
  }
}

/** `name=~x`: patterns have delimiters of their own here. */
export function refusePattern(operator: FieldOperator, field: string, at: number): void {
  if (!operator.includes("~")) return;
  const sign = operator.startsWith("!") ? "-" : "";
  throw new FilterSyntaxError(at, `a regex stands between slashes: ${sign}${field}/…/`);
}
