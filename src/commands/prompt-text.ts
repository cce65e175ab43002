import type { Prompt } from "../state/app-state.ts";

/** Longer texts are cut: nobody types them, and a paste may be a whole log. */
const LONGEST = 4_096;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function openPrompt(kind: Prompt["kind"], text: string): Prompt {
  return { kind, text, cursor: text.length, error: null };
}

/** The same prompt with another text: its error, history place and highlighted candidate no longer apply. */
export function withText(prompt: Prompt, text: string, cursor: number): Prompt {
  const kept = text.slice(0, LONGEST);
  const about = prompt.mark === undefined ? {} : { mark: prompt.mark };
  return { kind: prompt.kind, text: kept, cursor: Math.min(cursor, kept.length), error: null, ...about };
}

/** What is wrong with the text is that it ends where it does. */
export function isIncomplete({ error, text }: Prompt): boolean {
  return error !== null && error.column > text.length;
}

/** Typed or pasted text at the cursor. Line breaks and other control characters become spaces. */
export function insertText(prompt: Prompt, inserted: string): Prompt {
  const safe = inserted.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
  const before = prompt.text.slice(0, prompt.cursor) + safe;
  return withText(prompt, before + prompt.text.slice(prompt.cursor), before.length);
}

/** Start of the character before `at`, as the reader sees characters. */
export function previousPlace(text: string, at: number): number {
  let last = 0;
  for (const { index } of graphemes.segment(text.slice(0, at))) last = index;
  return last;
}

/** End of the character at `at`. */
export function nextPlace(text: string, at: number): number {
  for (const { segment } of graphemes.segment(text.slice(at))) return at + segment.length;
  return text.length;
}

/** Start of the word before `at`, as ctrl-w deletes it. */
export function wordStart(text: string, at: number): number {
  return text.slice(0, at).search(/\S+\s*$/) === -1 ? 0 : text.slice(0, at).search(/\S+\s*$/);
}
