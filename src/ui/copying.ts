import { count } from "../models/numbers.ts";
import { escapedText, safeText } from "../models/text-safety.ts";
import type { Action, Effect } from "../state/actions.ts";
import type { Environment } from "../terminal/capabilities.ts";
import { clipboardProblem, clipboardSequence } from "./terminal/clipboard.ts";

type Copied = Extract<Effect, { readonly kind: "copy" }>;

/**
 * Sends a text to the terminal's clipboard and says what was sent: whether the terminal took it nobody can know, so the answer
 * names `:copied` too.
 */
export function copied({ text, what }: Copied, environment: Environment, write: (sequence: string) => void): Action {
  const problem = clipboardProblem(text, environment);
  if (problem !== null)
    return { type: "message", text: `${safeText(problem)}: :copied shows the ${what} to select it`, tone: "warn" };
  write(clipboardSequence(text, environment));
  const size = count(Buffer.byteLength(text));
  return { type: "message", text: `copied the ${what} (${size} bytes) · not in the clipboard? :copied`, tone: "info" };
}

/** Of more than this nobody selects with a mouse. */
const MOST_LINES = 2_000;

/** The text as the terminal itself wraps it, so that what is selected with the mouse has no line breaks of ours; what a terminal would obey is escaped. */
export function selectable(text: string, unicode: boolean): string {
  const lines = text.split("\n");
  const shown = lines.slice(0, MOST_LINES).map((line) => escapedText(line.replaceAll("\t", "  "), unicode));
  const left = lines.length - shown.length;
  const rest = left === 0 ? "" : `\n(${count(left)} more lines)`;
  return `\n${shown.join("\n")}\n${rest}\nktrail: select it with the mouse; enter goes back `;
}
