import { fitText, wrapText } from "../models/display-width.ts";
import { cutLine, line, span } from "../models/line.ts";
import { safeText } from "../models/text-safety.ts";
import type { Line } from "../models/view.ts";
import type { Pane, PaneContext } from "../panes/contract.ts";
import { documentView } from "../panes/document-view.ts";
import type { AppState } from "../state/app-state.ts";

/** What is set, and by whom. */
export interface SettingsReport {
  /** Null where there is no place to look for a config file. */
  readonly path: string | null;
  readonly exists: boolean;
  readonly settings: readonly { readonly name: string; readonly value: string; readonly origin: string }[];
  /** Mistakes in the file. */
  readonly problems: readonly string[];
  /** What keys of the user's own took the place of. */
  readonly keyNotes: readonly string[];
}

/** `:config`: every setting as it applies, mistakes in the file first. */
export function createConfigPane(report: () => SettingsReport): Pane {
  return {
    id: "config",
    title: "settings",
    about: "what is set, where it comes from, and what is wrong in the config file",
    commands: [],
    asks: () => ({}),
    view(context) {
      const all = linesOf(report(), context).map((row) => cutLine(row, context.width));
      return { ...documentView(context, [], all), commandLine: "ktrail --print-config" };
    },
  };
}

function linesOf(
  { path, exists, settings, problems, keyNotes }: SettingsReport,
  context: PaneContext,
): readonly Line[] {
  const paragraph = (text: string, tone: "warn" | "muted"): readonly Line[] =>
    wrapText(safeText(text), Math.max(20, context.width - 2)).map((piece) => line(span(` ${piece}`, tone)));
  const place = path === null ? "no config file: there is no HOME" : `${path}${exists ? "" : " (does not exist)"}`;
  const width = Math.max(0, ...settings.map(({ name }) => name.length));
  return [
    line(span(` ${safeText(place)}`, "heading")),
    [],
    ...problems.flatMap((text) => paragraph(text, "warn")),
    ...(problems.length === 0 ? [] : [[]]),
    ...settings.map(({ name, value, origin }) => {
      const here = changedHere(name, context.app);
      const isChanged = here !== null && here !== value;
      const values = Math.max(16, Math.min(40, context.width - width - 24));
      return line(
        span(` ${name.padEnd(width)}  `, "key"),
        fitText(safeText(isChanged ? here : value), values, "left", "head"),
        span(`  ${isChanged ? "changed here" : origin}`, "muted"),
      );
    }),
    ...(keyNotes.length === 0 ? [] : [[], line(span(" keys of your own", "heading"))]),
    ...keyNotes.flatMap((text) => paragraph(text, "muted")),
  ];
}

/** What keys and `:` commands can change while the program runs. */
function changedHere(name: string, { theme, loFi, timeMode }: AppState): string | null {
  if (name === "theme") return theme;
  if (name === "lo-fi") return String(loFi);
  return name === "time" ? timeMode : null;
}
