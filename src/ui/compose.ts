import { fitText, type Keep } from "../models/display-width.ts";
import { lineWidth, wrapLine } from "../models/line.ts";
import { safeText } from "../models/text-safety.ts";
import type { Line } from "../models/view.ts";
import type { Pane } from "../panes/contract.ts";
import { explanationOf } from "../panes/explanation.ts";
import { breadcrumbLine, headerLine } from "./context-lines.ts";
import type { Candidate } from "./finder.ts";
import { footerLine } from "./footer-line.ts";
import { SMALLEST } from "./layout.ts";
import type { PaintedRow, Painter } from "./paint.ts";
import { promptLines } from "./prompt-lines.ts";
import type { Snapshot } from "./snapshot.ts";
import { statusLine } from "./status-line.ts";

/** The whole screen as painted rows: exactly as many as the terminal has, none wider than it. */
export interface Screen {
  /** The status line; nothing when the terminal is too small. */
  readonly head: readonly PaintedRow[];
  /** Breadcrumb and chips: they change with the cursor, as the body does. */
  readonly context: readonly PaintedRow[];
  readonly body: readonly PaintedRow[];
  readonly foot: readonly PaintedRow[];
}

export function composeScreen(snapshot: Snapshot, paint: Painter, paneOf: (id: string) => Pane | undefined): Screen {
  const { state, status, frozen, layout, context } = snapshot;
  const { columns, rows } = state.size;
  if (layout === null) return { head: [], context: [], body: tooSmall(columns, rows, paint), foot: [] };
  const { width } = layout;
  const view = context.view;
  const head = [paint(statusLine(state, status, frozen, width), width)];
  const above = [
    paint(breadcrumbLine(state, paneOf, view.summary, width), width),
    ...(layout.hasChips ? [paint(headerLine(snapshot, width), width)] : []),
  ];
  const prompt = state.prompt;
  const isFinding = prompt?.kind === "find";
  const lines = isFinding
    ? candidateLines(snapshot.candidates, prompt.selected ?? 0, width, layout.body - 1)
    : [...view.lines, ...reasons(snapshot)];
  const cursorLine = isFinding ? cursorOf(snapshot.candidates, prompt.selected ?? 0, layout.body - 1) : view.cursorLine;
  const body = Array.from({ length: layout.body }, (_, at) => {
    const line = lines[at];
    return line === undefined ? [] : paint(line, width, { reverse: at === cursorLine });
  });
  if (prompt === null) {
    const last = lastLines(snapshot, width);
    cover(body, last.slice(0, -1), paint, width);
    return { head, context: above, body, foot: [paint(last.at(-1) ?? [], width)] };
  }

  // The prompt lies over the last body row, so that opening it moves nothing.
  const { over, before, under, after, below } = promptLines(prompt, snapshot, width);
  cover(body, [...over, []], paint, width);
  const cursorWidth = lineWidth(under);
  body[body.length - 1] = [
    ...paint(before, width - cursorWidth),
    ...paint(under, cursorWidth, { reverse: true }),
    ...paint(after, Math.max(0, width - cursorWidth - lineWidth(before))),
  ];
  return { head, context: above, body, foot: [paint(below, width)] };
}

/** Below an empty pane: which filter is to blame, and what is near. */
function reasons({ explanation, layout, state }: Snapshot): readonly Line[] {
  if (explanation === null || layout === null) return [];
  const sentences = explanationOf(explanation, state.timeZone);
  if (sentences.length === 0) return [];
  return [[], ...sentences.flatMap((sentence) => wrapLine([{ text: `  ${sentence}` }], layout.width).slice(0, 3))];
}

/** Lines that lie over the last of the body. */
function cover(body: PaintedRow[], lines: readonly Line[], paint: Painter, width: number): void {
  const shown = lines.slice(-body.length);
  body.splice(body.length - shown.length, shown.length, ...shown.map((line) => paint(line, width)));
}

/** A message is shown whole, the footer as far as it fits. */
function lastLines(snapshot: Snapshot, width: number): readonly Line[] {
  const { message } = snapshot.state;
  if (message === null) return [footerLine(snapshot.commands, snapshot.context, width)];
  return wrapLine([{ text: ` ${safeText(message.text)}`, tone: message.tone }], width);
}

/** Candidates of the find prompt, scrolled so that the highlighted one is visible. */
function candidateLines(found: readonly Candidate[], selected: number, width: number, height: number): readonly Line[] {
  if (found.length === 0) return [[{ text: " nothing fits", tone: "muted" }]];
  const top = topOf(found, selected, height);
  const details = Math.min(40, Math.floor(width / 3));
  return found
    .slice(top, top + height)
    .map((candidate) => [
      { text: ` ${fitText(candidate.kind, 9)} `, tone: "muted" },
      { text: fitText(candidate.label, Math.max(1, width - details - 13), "left", keptOf(candidate)) },
      { text: ` ${fitText(candidate.detail, details, "left", "head")}`, tone: "muted" },
    ]);
}

/** Names keep their tail, sentences and usages their beginning. */
function keptOf({ kind }: Candidate): Keep {
  return kind === "setting" || kind === "command" ? "head" : "tail";
}

function cursorOf(found: readonly Candidate[], selected: number, height: number): number | null {
  if (found.length === 0) return null;
  return Math.min(selected, found.length - 1) - topOf(found, selected, height);
}

function topOf(found: readonly Candidate[], selected: number, height: number): number {
  return Math.max(0, Math.min(selected, found.length - 1) - height + 1);
}

function tooSmall(columns: number, rows: number, paint: Painter): readonly PaintedRow[] {
  const sentences = [
    "terminal too small",
    `needs ${SMALLEST.columns}×${SMALLEST.rows}, is ${columns}×${rows}`,
    "ctrl-c leaves",
  ];
  return sentences.slice(0, Math.max(1, rows)).map((text) => paint([{ text }], columns));
}
