import { closestWords } from "./closest.ts";

/** The one of `names` a typed word means: itself in any case, another spelling of it, or the only one it begins. Null: none, or several. */
export function nameMeant<Name extends string>(
  typed: string,
  names: readonly Name[],
  spellings: ReadonlyMap<string, Name> = new Map(),
): Name | null {
  const word = typed.toLowerCase();
  if (word === "") return null;
  const found = names.find((name) => name.toLowerCase() === word) ?? spellings.get(word);
  if (found !== undefined) return found;
  const starting = namesBegunBy(word, names);
  return starting.length === 1 ? (starting[0] ?? null) : null;
}

/** Those a word that means none of `names` was likely to be: several that it begins, else up to three that are spelled alike. */
export function namesNear(typed: string, names: readonly string[]): readonly string[] {
  const starting = typed === "" ? [] : namesBegunBy(typed.toLowerCase(), names);
  return starting.length > 0 ? starting : closestWords(typed, names);
}

function namesBegunBy<Name extends string>(word: string, names: readonly Name[]): readonly Name[] {
  return names.filter((name) => name.toLowerCase().startsWith(word));
}
