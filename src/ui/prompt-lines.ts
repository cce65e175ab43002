import { isIncomplete, nextPlace } from "../commands/prompt-text.ts";
import { displayWidth } from "../models/display-width.ts";
import type { Explanation } from "../engine/contract.ts";
import { wrapLine } from "../models/line.ts";
import { counted } from "../models/numbers.ts";
import { escapedText, safeText } from "../models/text-safety.ts";
import type { TimeZone } from "../models/times.ts";
import type { Line } from "../models/view.ts";
import { explanationOf } from "../panes/explanation.ts";
import type { Prompt } from "../state/app-state.ts";
import type { Offer, PromptNews } from "./completer.ts";
import type { Snapshot } from "./snapshot.ts";

const SIGNS: Readonly<Record<Prompt["kind"], string>> = {
  filter: "/",
  command: ":",
  find: "find ",
  search: "search ",
  narrow: "find ",
  note: "note ",
};
const HINTS: Readonly<Record<Prompt["kind"], string>> = {
  filter: "code:4xx -group:system:nodes · verb:delete ns:demo · latency:>1s · tab completes",
  command: "a pane (codes 403, trail deploy/nginx -n demo), a command, or q · tab completes",
  find: "deploy nginx, a user, address, code, program, 00:20:10, a pane … · ↑ ↓ choose, enter goes there",
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

/** Long texts scroll so that the cursor stays visible. `hint`: what the command being typed takes, where it takes words. */
export function promptLines(
  prompt: Prompt,
  { news, hint, state }: Pick<Snapshot, "news" | "hint" | "state">,
  width: number,
): PromptLines {
  const sign = SIGNS[prompt.kind];
  const shift = shiftFor(prompt, Math.max(1, width - sign.length - 2));
  const end = nextPlace(prompt.text, prompt.cursor);
  const mistake =
    prompt.error === null || goesOn(prompt, news)
      ? null
      : mistakeLines(prompt.error, sign.length + columnOf(prompt, shift), width);
  return {
    over: mistake?.over ?? [],
    before: [{ text: sign, tone: "key" }, { text: escapedText(prompt.text.slice(shift, prompt.cursor)) }],
    under: [{ text: escapedText(prompt.text.slice(prompt.cursor, end)) || " " }],
    after: [{ text: escapedText(prompt.text.slice(end)) }],
    below: mistake?.below ?? [{ text: " ".repeat(sign.length) }, ...below(prompt, news, hint, state.timeZone)],
  };
}

/** Only more is missing, and tab has it. */
function goesOn(prompt: Prompt, { offers }: PromptNews): boolean {
  return prompt.completing !== undefined || (offers.length > 0 && isIncomplete(prompt));
}

function below(prompt: Prompt, { offers, matches }: PromptNews, hint: string | null, zone: TimeZone): Line {
  if (prompt.text === "") return [{ text: HINTS[prompt.kind], tone: "muted" }];
  const facts: Line[] = [];
  const usage: Line[] = hint === null ? [] : [[{ text: hint, tone: "muted" }]];
  // Who has begun to type an argument knows what there is to type.
  const isArgument = /^\s*\S+\s+\S/.test(prompt.text);
  if (!isArgument) facts.push(...usage);
  if (matches !== null) facts.push(matchLine(matches, zone, offers.length > 0));
  if (prompt.completing !== undefined) facts.push(cycleLine(prompt.completing));
  else if (offers.length > 0) facts.push([{ text: `tab: ${offers.map(offerText).join("  ")}`, tone: "muted" }]);
  if (isArgument) facts.push(...usage);
  if (facts.length === 0) return [{ text: HINTS[prompt.kind], tone: "muted" }];
  return facts.flatMap((fact, at) => (at === 0 ? fact : [{ text: " · ", tone: "muted" as const }, ...fact]));
}

const NONE = "no request matches";

function matchLine(matches: Explanation, zone: TimeZone, hasOffers: boolean): Line {
  if (matches.requests === null)
    return [{ text: "counted on enter: the original events are read for it", tone: "muted" }];
  if (matches.requests > 0) return [{ text: `${counted(matches.requests, "request")} match`, tone: "good" }];
  // What tab offers is nearer than any sentence.
  const [why = NONE] = hasOffers ? [NONE] : explanationOf(matches, zone);
  return [{ text: why, tone: "warn" }];
}

function offerText({ text, detail }: Offer): string {
  return detail === "" ? safeText(text) : `${safeText(text)} (${safeText(detail)})`;
}

function cycleLine({ texts, at }: NonNullable<Prompt["completing"]>): Line {
  const later = texts.slice(at + 1).map((text) => safeText(text));
  return [
    { text: `${at + 1} of ${texts.length}`, tone: "accent" },
    { text: later.length === 0 ? "" : `  tab: ${later.join("  ")}`, tone: "muted" },
  ];
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
