import { closestWords } from "../queries/closest.ts";
import type { Located, LocatedEntry, LocatedMap, Place } from "../yaml/located.ts";
import type { Word } from "./contract.ts";
import type { DecodeProblems } from "./decode-problems.ts";
import { isTrue, scalarType, type ScalarType } from "./scalar-type.ts";

/** How one field of an object is taken. */
type Take = (value: Located) => void;

export interface UnknownField {
  readonly key: string;
  readonly place: Place;
  /** The field it was likely meant to be; "" when none is near. */
  readonly near: string;
}

/**
 * Reads YAML as the API server decodes it: a value of a wrong type is refused, a field it doesn't know is told and passed
 * over, of a field written twice the last counts.
 */
export class Decoder {
  readonly problems: DecodeProblems;

  constructor(problems: DecodeProblems) {
    this.problems = problems;
  }

  /** Hands each known field of a map to what takes it; returns the others. Nothing at all counts as an empty map. */
  fields(value: Located, path: string, known: Readonly<Record<string, Take>>): UnknownField[] {
    if (value.kind !== "map") {
      if (isNull(value)) return [];
      this.wrongType(value, path, "an object");
      return [];
    }
    const names = Object.keys(known);
    const unknown: UnknownField[] = [];
    const seen = new Map<string, Place>();
    for (const { key, place, value: given } of merged(value)) {
      const before = seen.get(key);
      if (before !== undefined) {
        this.problems.ignored(
          place,
          `${path}${key} is written twice (first in line ${String(before.line)}): the last one counts`,
          "write it once",
        );
      }
      seen.set(key, place);
      if (Object.hasOwn(known, key)) known[key]?.(given);
      else if (before === undefined) unknown.push({ key, place, near: nearest(key, names) });
    }
    return unknown;
  }

  list(value: Located, path: string, take: (item: Located, at: number) => void): void {
    if (value.kind === "list") value.items.forEach(take);
    else if (!isNull(value)) this.wrongType(value, path, "a list");
  }

  words(value: Located, path: string): Word[] {
    const words: Word[] = [];
    this.list(value, path, (item, at) => words.push(this.word(item, `${path}[${String(at)}]`)));
    return words;
  }

  /** Nothing counts as "". */
  word(value: Located, path: string): Word {
    const text = this.scalar(value, path, "string") ? value.text : null;
    return { text: text ?? "", place: value.place };
  }

  /** Null for nothing. */
  truth(value: Located, path: string): boolean | null {
    return this.scalar(value, path, "bool") && value.text !== null ? isTrue(value) : null;
  }

  wholeNumber(value: Located, path: string): void {
    if (this.scalar(value, path, "number") && /[.eE]/.test(value.text ?? "") && !/^0[xX]/.test(value.text ?? "")) {
      this.wrongType(value, path, "a whole number");
    }
  }

  /** Whether the value is of this type, or nothing. */
  private scalar(value: Located, path: string, type: ScalarType): value is Located & { readonly kind: "text" } {
    if (value.kind === "text") {
      const actual = scalarType(value);
      if (actual === type || actual === "null") return true;
      if (type === "string") {
        this.problems.refused(
          value.place,
          `${path} is ${NAMES[actual]} for the API server: ${value.text ?? ""} without quotes is no text in YAML`,
          `"${value.text ?? ""}"`,
        );
        return false;
      }
    }
    this.wrongType(value, path, NAMES[type]);
    return false;
  }

  private wrongType(value: Located, path: string, expected: string): void {
    const actual = value.kind === "text" ? NAMES[scalarType(value)] : value.kind === "list" ? "a list" : "an object";
    const where = path === "" ? "the policy" : path.replace(/\.$/, "");
    const instead = expected === "a list" && value.kind === "text" ? `[${value.text ?? ""}]` : `write ${expected}`;
    this.problems.refused(value.place, `${where} must be ${expected}, and is ${actual}`, instead);
  }
}

const NAMES: Readonly<Record<ScalarType, string>> = {
  string: "a text",
  bool: "true or false",
  number: "a number",
  null: "nothing",
};

function isNull(value: Located): boolean {
  return value.kind === "text" && scalarType(value) === "null";
}

/** The entries with those of YAML's merge key `<<` in its place. */
function* merged(map: LocatedMap): Generator<LocatedEntry> {
  for (const entry of map.entries) {
    const { key, value } = entry;
    if (key === "<<" && value.kind === "map") yield* merged(value);
    else if (key === "<<" && value.kind === "list") {
      for (const item of value.items.toReversed()) if (item.kind === "map") yield* merged(item);
    } else yield entry;
  }
}

function nearest(key: string, names: readonly string[]): string {
  return closestWords(key, names)[0] ?? names.find((name) => name.startsWith(key) || key.startsWith(name)) ?? "";
}
