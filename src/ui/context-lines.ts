import { cutLine, lineWidth, spreadLine } from "../models/line.ts";
import { counted } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import { clockTime, zoneName } from "../models/times.ts";
import type { Line, Span } from "../models/view.ts";
import type { Pane, PaneView } from "../panes/contract.ts";
import type { AppState, Filters, Frame } from "../state/app-state.ts";
import type { Snapshot } from "./snapshot.ts";

/** Where we are: the levels of the stack, and what the pane says about its rows. */
export function breadcrumbLine(
  state: AppState,
  paneOf: (id: string) => Pane | undefined,
  summary: string | undefined,
  width: number,
): Line {
  const last = state.stack.length - 1;
  const crumbs = state.stack.map((frame, at): Span => {
    const title = titleOf(frame, paneOf);
    return at === last ? { text: title, tone: "heading" } : { text: `${title} › `, tone: "muted" };
  });
  // Without a tone: it changes with every cursor move, and the tone would be sent each time.
  const right: Line = summary === undefined ? [] : [{ text: summary }];
  const room = Math.max(0, width - lineWidth(right) - (right.length === 0 ? 0 : 2));
  // Deep stacks keep their end: that is where the reader is.
  const left = cutLine([{ text: " " }, ...crumbs], room, "tail");
  return spreadLine(left, right, width);
}

function titleOf(frame: Frame, paneOf: (id: string) => Pane | undefined): string {
  const title = paneOf(frame.pane)?.title ?? frame.pane;
  const about = frame.params["label"] ?? frame.params["object"] ?? frame.params["by"] ?? frame.params["code"] ?? "";
  return about === "" ? title : `${title} ${safeText(about)}`;
}

/** What narrows the screen, and where the digits lead as far as there is room for it. */
export function headerLine(snapshot: Snapshot, width: number): Line {
  const { chips, tabs } = headerParts(snapshot, width);
  if (tabs.length === 0) return chips;
  return spreadLine(chips, [...tabs.flatMap(({ spans }) => spans), { text: " " }], width);
}

/** The pane whose digit or name stands in that column of the header. */
export function tabAt(snapshot: Snapshot, width: number, column: number): string | null {
  const { tabs } = headerParts(snapshot, width);
  let left = width - 1 - lineWidth(tabs.flatMap(({ spans }) => spans));
  for (const { id, spans } of tabs) {
    const right = left + lineWidth(spans);
    if (column >= left && column < right) return id;
    left = right;
  }
  return null;
}

interface HeaderParts {
  readonly chips: Line;
  /** None where there is no room. */
  readonly tabs: readonly { readonly id: string; readonly spans: Line }[];
}

function headerParts({ state, invalidChips, context: { view }, tabs }: Snapshot, width: number): HeaderParts {
  const chips = chipsLine(state, invalidChips, view, width);
  const current = state.stack[0]?.pane;
  const forms: readonly ((pane: Pane) => string)[] = [
    ({ title }) => title,
    ({ title, tab }) => tab ?? title,
    ({ id, title, tab }) => (id === current ? (tab ?? title) : ""),
  ];
  for (const nameOf of forms) {
    const parts = tabs.map((pane, at) => {
      const name = nameOf(pane);
      const gap = at === 0 ? "" : " ";
      const spans: Line = [
        { text: `${gap}${pane.digit ?? ""}`, tone: pane.id === current ? "heading" : "key" },
        { text: name === "" ? "" : ` ${name}`, tone: pane.id === current ? "heading" : "muted" },
      ];
      return { id: pane.id, spans };
    });
    const needs = lineWidth(parts.flatMap(({ spans }) => spans));
    if (tabs.length > 0 && lineWidth(chips) + 2 + needs + 1 <= width) return { chips, tabs: parts };
  }
  return { chips, tabs: [] };
}

/** Chips, time window and humans-only: what narrows every number on screen. `invalid` chips match nothing we can evaluate. */
function chipsLine(state: AppState, invalid: ReadonlySet<string>, view: PaneView, width: number): Line {
  const spans: Span[] = [{ text: " " }];
  for (const chip of state.chips) {
    const text = invalid.has(chip.text) ? `[! ${safeText(chip.text)}]` : `[${safeText(chip.text)}]`;
    spans.push({ text, tone: invalid.has(chip.text) ? "danger" : state.chipsOn ? "accent" : "muted" }, { text: " " });
  }
  if (state.chips.length > 0 && !state.chipsOn) spans.push({ text: "filters off (x) ", tone: "warn" });
  if (state.humansOnly) spans.push({ text: "[humans only]", tone: "human" }, { text: " " });
  if (state.window !== null) spans.push({ text: `[${windowText(state)}]`, tone: "info" }, { text: " " });
  if (spans.length === 1) spans.push({ text: "no filter ", tone: "muted" });
  const aside = asideOf(state);
  if (aside > 0) spans.push({ text: `${counted(aside, "other filter")} set aside (esc) `, tone: "warn" });
  if (view.live === true && state.follow) spans.push({ text: "▼ newest", tone: "good" });
  return cutLine(spans, width);
}

/** Filters that a level on the way here set aside. */
function asideOf({ stack }: AppState): number {
  return Math.max(0, ...stack.map(({ aside }) => (aside === undefined ? 0 : filtersIn(aside))));
}

function filtersIn({ chips, chipsOn, humansOnly, window }: Filters): number {
  return (chipsOn ? chips.length : 0) + Number(humansOnly) + Number(window !== null);
}

export function isNarrowed(state: AppState): boolean {
  return state.chips.length > 0 || state.humansOnly || state.window !== null;
}

function windowText({ window, timeZone }: AppState): string {
  const at = (us: number | undefined): string => (us === undefined ? "…" : clockTime(us / 1_000, timeZone));
  const first = window?.fromUs ?? window?.toUs ?? 0;
  return `${at(window?.fromUs)} – ${at(window?.toUs)} ${zoneName(first / 1_000, timeZone)}`;
}
