import { maskText } from "../masking/mask.ts";

/**
 * Log text is chosen by strangers and holds secrets. Nothing from a log reaches a cell, line or file meant for people except
 * through here: secrets are masked; control bytes, escape sequences, bidirectional overrides, invisible characters and lone
 * surrogates become visible escapes.
 */

/** Longest text kept of one value; more is cut and marked. Screens cut further, to the column's width. */
export const MAX_SAFE_LENGTH = 1_024;
/** A base letter with more marks than this is an attack on the renderer, not a language. */
const MAX_MARKS = 4;

const NOT_PLAIN = /[^\x20-\x7e]/;
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;
const UNSAFE_ALL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const MARKS = /\p{M}{5,}/gu;
/** Joiners and variation selectors that hold one emoji together stay. */
const EMOJI_JOINT =
  /(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})(?:\u200d(?=\p{Extended_Pictographic})|\ufe0f)/uy;
const NOT_ASCII = /[^\x20-\x7e]/gu;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escaped(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** Of a longer text this much is masked, before it is cut: what is shown, and what begins in it. */
const MASKED_LENGTH = 4 * MAX_SAFE_LENGTH;

/** `text` as it may be shown: secrets masked, then as `escapedText`. */
export function safeText(text: string, unicode = true): string {
  if (text.length <= MASKED_LENGTH) return escapedText(maskText(text), unicode);
  const beyond = text.length - MASKED_LENGTH;
  return escapedText(maskText(text.slice(0, MASKED_LENGTH)), unicode, beyond);
}

/**
 * Text somebody asked to see unmasked, or that was masked as a whole before: no byte < 0x20 or 0x7f–0x9f, no bidi control, no
 * invisible character, at most about 1,024 characters (before escaping; `beyond` says how many were cut off already). With
 * `unicode` false everything beyond ASCII is escaped too.
 */
export function escapedText(text: string, unicode = true, beyond = 0): string {
  if (text.length <= MAX_SAFE_LENGTH && !NOT_PLAIN.test(text)) return text;
  const cut = text.length > MAX_SAFE_LENGTH;
  let kept = cut ? text.slice(0, MAX_SAFE_LENGTH) : text;
  // A cut through a surrogate pair must not look like a hostile lone surrogate.
  if (cut && /[\ud800-\udbff]$/.test(kept)) kept = kept.slice(0, -1);
  const end = cut ? ` [+${text.length - kept.length + beyond} characters]` : "";
  if (!unicode) return kept.replace(NOT_ASCII, escaped) + end;
  if (UNSAFE.test(kept)) {
    kept = kept.replace(UNSAFE_ALL, (character, at: number, whole: string) => {
      if (character === "\u200d" || character === "\ufe0f") {
        EMOJI_JOINT.lastIndex = at;
        if (EMOJI_JOINT.test(whole)) return character;
      }
      return escaped(character);
    });
  }
  kept = kept.replace(MARKS, (run) => {
    const marks = [...run];
    return `${marks.slice(0, MAX_MARKS).join("")}[+${marks.length - MAX_MARKS} marks]`;
  });
  return kept + end;
}

/** Nothing a terminal could take for a command, and nothing invisible. */
export function isSafeText(text: string): boolean {
  return escapedText(text) === text;
}

/** What stands in a table for a value that is not in the log. */
export function orDash(text: string): string {
  return text === "" ? "-" : text;
}
