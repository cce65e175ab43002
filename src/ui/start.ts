/** What is decided once, when the explorer starts. */
import type { CustomKey } from "../commands/custom-keys.ts";
import type { Commands } from "../commands/registry.ts";
import { safeText } from "../models/text-safety.ts";
import type { Pane } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import type { AppState, Frame } from "../state/app-state.ts";
import { frameOf, initialState, type InitialState } from "../state/initial-state.ts";
import { reduce } from "../state/reduce.ts";
import type { SavedView } from "../state/saved-view.ts";
import type { SettingsReport } from "./config-pane.ts";

/** A key of the user's own, and where it is set, for messages. */
export type PlacedKey = CustomKey & { readonly origin: string };

/** Where to begin; what is wrong with the pane that was set, if anything. */
export function firstFrame(
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
export function settingsReport(
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
export function startingState(options: InitialState, view: SavedView | undefined): AppState {
  const state = initialState(options);
  if (view === undefined) return state;
  const chips = [...view.chips, ...(options.chips ?? [])];
  return { ...reduce(state, { type: "restore", view: { ...view, chips } }), visited: [] };
}
