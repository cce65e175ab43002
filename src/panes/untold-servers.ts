import { count } from "../models/numbers.ts";

const NAMED = 4;

/** Logs whose API server nothing tells, as a sentence. */
export function untoldText(paths: readonly string[]): string {
  const named = paths.slice(0, NAMED).map((path) => path.slice(path.lastIndexOf("/") + 1));
  const rest = paths.length - named.length;
  const all = [...named, ...(rest > 0 ? [`${count(rest)} more`] : [])];
  return `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""} overlap in time and are counted as one API server's: nothing in them tells whose they are.`;
}

export const HOW_TO_TELL = "In folders of their own, or as cp1-audit.log, they are told apart.";
