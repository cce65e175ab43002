import type { Pane } from "../panes/contract.ts";
import { type CommandLine, createCommandLine } from "./command-line.ts";
import { columnsCommand } from "./columns.ts";
import type { Command, LineCommand } from "./contract.ts";
import { copyCommands, copyWords } from "./copy.ts";
import type { FilterLanguage } from "./filter-language.ts";
import { type CustomKey, type KeyNote, withCustomKeys } from "./custom-keys.ts";
import { filterCommands } from "./filter.ts";
import { goToCommands } from "./go-to.ts";
import { lookCommands } from "./look.ts";
import { markCommands } from "./mark.ts";
import { moveCommands } from "./move.ts";
import { programCommands } from "./program.ts";
import { promptCommands } from "./prompt.ts";
import { timeCursorCommands } from "./time-cursor.ts";
import { viewCommands } from "./view.ts";
import { viewsCommand, viewWords } from "./views.ts";

export interface Commands {
  /** Panes' own first, then those every pane shares. Dispatch, footer, help, palette and docs read this list. */
  readonly all: readonly Command[];
  readonly line: CommandLine;
  /** What `:` takes beside panes and ids of commands. */
  readonly words: readonly LineCommand[];
  /** What became of the user's keys. */
  readonly keyNotes: readonly KeyNote[];
}

/** What a user can add or change. */
export interface Customisation {
  readonly keys?: readonly CustomKey[];
  /** Names `:theme` takes. */
  readonly themes?: readonly string[];
}

export function createCommands(
  panes: readonly Pane[],
  language: FilterLanguage,
  { keys = [], themes = [] }: Customisation = {},
): Commands {
  const words = [...lookCommands(themes), ...viewWords, ...copyWords, ...panes.flatMap((pane) => pane.words ?? [])];
  const line = createCommandLine(panes, () => all, language, words);
  const builtIn: readonly Command[] = [
    ...panes.flatMap((pane) => pane.commands),
    ...goToCommands(panes, language),
    ...programCommands,
    ...filterCommands(language),
    ...timeCursorCommands(panes),
    ...viewCommands,
    viewsCommand,
    columnsCommand(panes),
    ...markCommands,
    ...copyCommands,
    ...moveCommands,
    ...promptCommands(language, line),
  ];
  let all = builtIn;
  const custom = withCustomKeys(builtIn, keys, line);
  all = custom.commands;
  return { all, line, words, keyNotes: custom.notes };
}
