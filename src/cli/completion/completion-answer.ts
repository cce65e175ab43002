/** `ktrail __complete AT WORD…`: what the shells' scripts ask at a tab. */
import { isSafeText } from "../../models/text-safety.ts";
import { type Candidate, filesOf, type LogPlace, placeOf } from "./place.ts";

/** Bits of the last line, as cobra's programs have them; kubectl asks its plugins so. */
const NO_SPACE = 2;
const NO_FILES = 4;
/** Offered at most: a screen of them. */
const MOST = 60;

/** Lines of `word TAB about` and one of `:BITS`. */
export async function completionAnswer(words: readonly string[], at: number): Promise<string> {
  const { candidates, files, log } = placeOf(words, at);
  const inputs = log === undefined ? [] : filesOf(words, at);
  const found = log === undefined || inputs.length === 0 ? [] : await fromLog(log, inputs);
  const all = [...found, ...candidates].slice(0, MOST);
  const lines = all.map(({ text, about }) => `${text}\t${isSafeText(about) ? about : ""}\n`);
  const bits = (all.length > 0 && all.every(({ isOpen }) => isOpen === true) ? NO_SPACE : 0) + (files ? 0 : NO_FILES);
  return `${[...new Set(lines)].join("")}:${bits}\n`;
}

async function fromLog(log: LogPlace, inputs: readonly string[]): Promise<readonly Candidate[]> {
  const { logValues } = await import("../session.ts");
  return logValues(log, inputs);
}
