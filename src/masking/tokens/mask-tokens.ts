import type { TokenPattern } from "./contract.ts";
import { TOKEN_PATTERNS } from "./registry.ts";

/** Patterns by the two characters they start with: a text costs a look-up where a word starts, and little more. */

interface Compiled {
  readonly keep: RegExp | null;
  readonly pattern: RegExp;
}

const BY_START = new Map<string, Compiled[]>();
for (const { keep, pattern, starts = [] } of TOKEN_PATTERNS) {
  const compiled = {
    keep: keep === undefined ? null : new RegExp(keep.source, "y"),
    pattern: new RegExp(pattern.source, "y"),
  };
  for (const start of starts) BY_START.set(start, [...(BY_START.get(start) ?? []), compiled]);
}
const HINTED = TOKEN_PATTERNS.flatMap(({ hint, ...row }) =>
  hint === undefined ? [] : [{ hint, pattern: anywhere(row) }],
);
/** Shorter texts hold no token. */
const SHORTEST = 14;

function anywhere({ keep, pattern }: TokenPattern): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])(${keep?.source ?? ""})${pattern.source}`, "g");
}

/** Tokens of known make become `mask`; what names them stays. */
export function maskTokens(text: string, mask: string): string {
  if (text.length < SHORTEST) return text;
  let masked = maskStarting(text, mask);
  for (const { hint, pattern } of HINTED)
    if (masked.includes(hint)) masked = masked.replace(pattern, (_, kept: string) => kept + mask);
  return masked;
}

function maskStarting(text: string, mask: string): string {
  let result = "";
  let end = 0;
  let isInside = false;
  for (let at = 0; at < text.length - 2; at += 1) {
    const wasInside = isInside;
    isInside = isAlphanumeric(text.charCodeAt(at));
    if (wasInside) continue;
    const patterns = BY_START.get(text.slice(at, at + 2));
    if (patterns === undefined) continue;
    const place = firstMatch(patterns, text, at, mask);
    if (place === null) continue;
    result += text.slice(end, place.from) + mask;
    end = place.to;
    at = place.to - 1;
    isInside = isAlphanumeric(text.charCodeAt(at));
  }
  return end === 0 ? text : result + text.slice(end);
}

function firstMatch(
  patterns: readonly Compiled[],
  text: string,
  at: number,
  mask: string,
): { readonly from: number; readonly to: number } | null {
  for (const { keep, pattern } of patterns) {
    let from = at;
    if (keep !== null) {
      keep.lastIndex = at;
      if (!keep.test(text)) continue;
      from = keep.lastIndex;
    }
    // Masked before: the mask stands where the secret was.
    if (text.startsWith(mask, from)) continue;
    pattern.lastIndex = from;
    if (pattern.test(text)) return { from, to: pattern.lastIndex };
  }
  return null;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}
