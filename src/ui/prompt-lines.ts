import { nextPlace } from "../commands/prompt-text.ts";
import { displayWidth } from "../models/display-width.ts";
import { wrapLine } from "../models/line.ts";
import { escapedText, safeText } from "../models/text-safety.ts";
import type { Line } from "../models/view.ts";
import type { Prompt } from "../state/app-state.ts";

const SIGNS: Readonly<Record<Prompt["kind"], string>> = {
  filter: "/",
  command: ":",
  find: "find ",
  search: "search ",
  narrow: "find ",
  note: "note ",
};
const HINTS: Readonly<Record<Prompt["kind"], string>> = {
  filter: "code:4xx -group:system:nodes · verb:delete ns:demo · latency:>1s",
  command: "a pane (codes 403, trail deploy/nginx -n demo), a command, or q · tab completes",
  find: "objects, users, panes, views, commands · ↑ ↓ choose, enter goes there",
  note: "what this request means · it stands on the card, in :marks and in the timeline",
  narrow: "parts of what a row says · a filter of requests (verb:delete) is taken as one",
  search: "part of a line · n next, N previous",
};

/** A prompt cut at its cursor, which is drawn reversed, and the line below it: a hint or the mistake. */
export interface PromptLines {
  /** The mistake, where it is too long for the line below. */
  readonly over: readonly Line[];
  readonly before: Line;
  readonly under: Line;
  readonly after: Line;
  readonly below: Line;
}

/**
 * Long texts scroll so that the cursor stays visible. `completions`: what tab would make of a command; `usage`: what the
 * command takes, where it takes words.
 */
export function promptLines(
  prompt: Prompt,
  completions: readonly string[],
  width: number,
  usage: string | null = null,
): PromptLines {
  const sign = SIGNS[prompt.kind];
  const shift = shiftFor(prompt, Math.max(1, width - sign.length - 2));
  const end = nextPlace(prompt.text, prompt.cursor);
  const mistake =
    prompt.error === null ? null : mistakeLines(prompt.error, sign.length + columnOf(prompt, shift), width);
  return {
    over: mistake?.over ?? [],
    before: [{ text: sign, tone: "key" }, { text: escapedText(prompt.text.slice(shift, prompt.cursor)) }],
    under: [{ text: escapedText(prompt.text.slice(prompt.cursor, end)) || " " }],
    after: [{ text: escapedText(prompt.text.slice(end)) }],
    below: mistake?.below ?? [{ text: `${" ".repeat(sign.length)}${hint(prompt, completions, usage)}`, tone: "muted" }],
  };
}

function hint(prompt: Prompt, completions: readonly string[], usage: string | null): string {
  if (prompt.kind !== "command" || prompt.text === "") return HINTS[prompt.kind];
  const words = usage === null ? completions : completions.map((text) => text.replace(/^\S+ /, ""));
  const tab = words.length === 0 ? null : `tab: ${words.join("  ")}`;
  return [usage, tab].filter((part) => part !== null).join(" · ") || HINTS[prompt.kind];
}

/** First character shown, so that what is before the cursor fits into `room` columns. */
function shiftFor(prompt: Prompt, room: number): number {
  let shift = 0;
  while (displayWidth(prompt.text.slice(shift, prompt.cursor)) > room) shift = nextPlace(prompt.text, shift);
  return shift;
}

/** Where the mistake is on screen, in columns behind the sign. */
function columnOf(prompt: Prompt, shift: number): number {
  const at = Math.min(prompt.text.length, (prompt.error?.column ?? 1) - 1);
  return at <= shift ? 0 : displayWidth(prompt.text.slice(shift, at));
}

/**
 * The caret stands under the mistake; its sentence follows it, or precedes it where the right side has no room, or stands above
 * the prompt where neither has.
 */
function mistakeLines(
  error: NonNullable<Prompt["error"]>,
  indent: number,
  width: number,
): { readonly over: readonly Line[]; readonly below: Line } {
  const message = safeText(error.message);
  const needs = displayWidth(message) + 1;
  const below = (text: string): Line => [{ text, tone: "danger" }];
  if (indent + 1 + needs <= width) return { over: [], below: below(`${" ".repeat(indent)}^ ${message}`) };
  if (indent >= needs) return { over: [], below: below(`${" ".repeat(indent - needs)}${message} ^`) };
  const over = wrapLine([{ text: ` ${message}`, tone: "danger" }], width);
  return { over, below: below(`${" ".repeat(Math.min(indent, Math.max(0, width - 1)))}^`) };
}
