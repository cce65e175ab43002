import type { Pane } from "../panes/contract.ts";
import { type CommandLine, createCommandLine } from "./command-line.ts";
import type { Command } from "./contract.ts";
import { copyCommands } from "./copy.ts";
import type { FilterLanguage } from "./filter-language.ts";
import { filterCommands } from "./filter.ts";
import { goToCommands } from "./go-to.ts";
import { moveCommands } from "./move.ts";
import { programCommands } from "./program.ts";
import { promptCommands } from "./prompt.ts";
import { viewCommands } from "./view.ts";

export interface Commands {
  /** Panes' own first, then those every pane shares. Dispatch, footer, help, palette and docs read this list. */
  readonly all: readonly Command[];
  readonly line: CommandLine;
}

export function createCommands(panes: readonly Pane[], language: FilterLanguage): Commands {
  const line = createCommandLine(panes, () => all, language);
  const all: readonly Command[] = [
    ...panes.flatMap((pane) => pane.commands),
    ...goToCommands(panes, language),
    ...programCommands,
    ...filterCommands(language),
    ...viewCommands,
    ...copyCommands,
    ...moveCommands,
    ...promptCommands(language, line),
  ];
  return { all, line };
}
