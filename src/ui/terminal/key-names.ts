import type { Key } from "ink";
import { MOUSE_PLANES, type MousePress, mousePressOf } from "./mouse-input.ts";

/** One key press: its name for the keymap, and the text it types in a prompt. */
export interface KeyPress {
  readonly name: string;
  readonly text: string | null;
  /** What the mouse did; the name is `mouse`. */
  readonly mouse?: MousePress;
}

export const ENTER: KeyPress = { name: "enter", text: null };

/** F1…F12 arrive as private characters (see key-input.ts), because Ink has no name for them. */
export const FUNCTION_KEY_BASE = 0xf700;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const NAMED: readonly (readonly [keyof Key, string])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "esc"],
  ["backspace", "backspace"],
  ["delete", "delete"],
];

/**
 * Key presses in what Ink delivers as one input: a held key, fast typing or a slow connection put several into one
 * chunk (`jjj`, `:codes 403⏎`).
 */
export function keyPresses(input: string, key: Key): readonly KeyPress[] {
  if (key.tab) return [{ name: key.shift ? "shift-tab" : "tab", text: null }];
  for (const [flag, name] of NAMED) {
    if (key[flag] === true) return [{ name: modified(name, key), text: null }];
  }
  if (key.ctrl) return input === "" ? [] : [{ name: `ctrl-${input === " " ? "space" : input}`, text: null }];
  if (key.meta && input !== "") return [{ name: `alt-${input}`, text: null }];
  const pieces = Array.from(graphemes.segment(input), ({ segment }) => segment);
  return pieces.flatMap((piece, at): KeyPress[] => {
    if ((piece.codePointAt(0) ?? 0) < MOUSE_PLANES) return [pressOf(piece)];
    const mouse = mousePressOf(piece, pieces[at + 1] ?? "", pieces[at + 2] ?? "");
    return mouse === null ? [] : [{ name: "mouse", text: null, mouse }];
  });
}

function modified(name: string, key: Key): string {
  if (key.ctrl) return `ctrl-${name}`;
  if (key.meta && name !== "esc") return `alt-${name}`;
  return name;
}

function pressOf(grapheme: string): KeyPress {
  const code = grapheme.codePointAt(0) ?? 0;
  if (code > FUNCTION_KEY_BASE && code <= FUNCTION_KEY_BASE + 12) {
    return { name: `f${code - FUNCTION_KEY_BASE}`, text: null };
  }
  if (grapheme === "\r" || grapheme === "\n" || grapheme === "\r\n") return { name: "enter", text: null };
  if (grapheme === "\t") return { name: "tab", text: null };
  if (grapheme === "\u001b") return { name: "esc", text: null };
  if (grapheme === " ") return { name: "space", text: " " };
  if (code < 0x20) return { name: `ctrl-${String.fromCharCode(code + 96)}`, text: null };
  return { name: grapheme, text: grapheme };
}
