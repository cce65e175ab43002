/** What is decided once, when the explorer starts. */
import type { CustomKey } from "../commands/custom-keys.ts";
import type { FilterLanguage } from "../commands/filter-language.ts";
import { type Commands, createCommands } from "../commands/registry.ts";
import { safeText } from "../models/text-safety.ts";
import type { Pane } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import type { AppState, Frame } from "../state/app-state.ts";
import { frameOf, initialState, type InitialState } from "../state/initial-state.ts";
import { reduce } from "../state/reduce.ts";
import type { SavedView } from "../state/saved-view.ts";
import type { TerminalSize } from "../terminal/size.ts";
import type { Theme } from "../terminal/themes.ts";
import { createConfigPane, type SettingsReport } from "./config-pane.ts";
import type { ExplorerInput, PlacedKey } from "./explorer-input.ts";
import { createHelpPane } from "./help-pane.ts";
import { infoPane } from "./info-pane.ts";

export interface Begun {
  /** Those that were given, and the screen's own. */
  readonly panes: readonly Pane[];
  readonly commands: Commands;
  /** Mistakes in what was set. */
  readonly problems: readonly string[];
  readonly initial: AppState;
}

export function begun(
  input: Pick<ExplorerInput, "panes" | "options">,
  language: FilterLanguage,
  themes: readonly Theme[],
  size: TerminalSize,
): Begun {
  const { options } = input;
  const keys = options.keys ?? [];
  const panes = [...input.panes, infoPane, createConfigPane(() => settings)];
  const commands = createCommands(panes, language, { keys, themes: ["auto", ...themes.map(({ name }) => name)] });
  const { frame, problem } = firstFrame(input.panes, options.pane, commands);
  const settings = settingsReport(options.settings, keys, commands, problem);
  const { follow, timeZone, timeMode, theme, loFi, policy, existing, chips, window } = options;
  const initial = startingState(
    {
      frame,
      size,
      follow: follow ?? false,
      timeZone: timeZone ?? "local",
      timeMode: timeMode ?? "absolute",
      theme: theme ?? "auto",
      loFi: loFi ?? false,
      policy: policy ?? null,
      existing: existing ?? null,
      chips: chips ?? [],
      window: window ?? null,
    },
    options.view,
  );
  return { panes: [...panes, createHelpPane(panes, commands)], commands, problems: settings.problems, initial };
}

/** Where to begin; what is wrong with the pane that was set, if anything. */
function firstFrame(
  panes: readonly Pane[],
  text: string | undefined,
  { line }: Commands,
): { readonly frame: Frame; readonly problem: string | null } {
  const usual = panes.find((pane) => pane.digit === "1") ?? panes[0];
  if (usual === undefined) throw new Error("the explorer needs at least one pane");
  const frame = frameOf(usual.id);
  if (text === undefined) return { frame, problem: null };
  const read = line.read(text);
  if (!read.ok) return { frame, problem: `pane: ${read.message}` };
  return read.frame === undefined
    ? { frame, problem: "pane: this opens no pane" }
    : { frame: read.frame, problem: null };
}

/** What `:config` shows: the file's own mistakes, and those that only show once the panes and their keys are known. */
function settingsReport(
  report: Omit<SettingsReport, "keyNotes"> | undefined,
  keys: readonly PlacedKey[],
  { keyNotes }: Commands,
  paneProblem: string | null,
): SettingsReport {
  const { path = null, exists = false, settings = [], problems = [] } = report ?? {};
  const originOf = (custom: CustomKey): string => keys.find((key) => key === custom)?.origin ?? "keys";
  const mistakes = keyNotes.filter(({ isMistake }) => isMistake);
  return {
    path,
    exists,
    settings,
    problems: [
      ...problems,
      ...mistakes.map(({ custom, message }) => `${originOf(custom)}: keys: ${message}`),
      ...(paneProblem === null ? [] : [paneProblem]),
    ],
    keyNotes: keyNotes.filter(({ isMistake }) => !isMistake).map(({ message }) => message),
  };
}

/** Shown until the first key. */
export function problemMessage([first = "", ...others]: readonly string[]): Action {
  const rest = others.length === 0 ? ":config" : `${others.length} more: :config`;
  return { type: "message", text: `(${rest}) ${safeText(first)}`, tone: "warn" };
}

/** The state to start with; `view`: a saved one in place of the first pane, narrowed further by what the command line asks for. */
function startingState(options: InitialState, view: SavedView | undefined): AppState {
  const state = initialState(options);
  if (view === undefined) return state;
  const chips = [...view.chips, ...(options.chips ?? [])];
  return { ...reduce(state, { type: "restore", view: { ...view, chips } }), visited: [] };
}
