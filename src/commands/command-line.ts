import type { Pane } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import { frameOf } from "../state/initial-state.ts";
import type { Command, CommandContext } from "./contract.ts";
import type { FilterLanguage } from "./filter-language.ts";

export type Ran =
  | { readonly ok: true; readonly actions: readonly Action[] }
  | { readonly ok: false; readonly column: number; readonly message: string };

/** What can be typed after `:`. */
export interface CommandLine {
  run(text: string, context: CommandContext): Ran;
  /** Whole texts the word being typed could become, best first. */
  complete(text: string): readonly string[];
}

const QUIT = ["q", "quit", "exit", "q!", "qa"];

/** Panes by id or title with their arguments, commands by id, `filter EXPR`, and `q`. */
export function createCommandLine(
  panes: readonly Pane[],
  commands: () => readonly Command[],
  language: FilterLanguage,
): CommandLine {
  const paneNamed = (name: string): Pane | undefined => {
    const wanted = name.toLowerCase();
    const exact = panes.find((pane) => namesOf(pane).includes(wanted));
    if (exact !== undefined) return exact;
    const starting = panes.filter((pane) => namesOf(pane).some((candidate) => candidate.startsWith(wanted)));
    return starting.length === 1 ? starting[0] : undefined;
  };

  function openPane(pane: Pane, args: string, argsColumn: number): Ran {
    try {
      const params = pane.params === undefined ? {} : pane.params(args);
      if (pane.params === undefined && args !== "") {
        return { ok: false, column: argsColumn, message: `${pane.id} takes no arguments` };
      }
      return { ok: true, actions: [{ type: "open", frame: frameOf(pane.id, params) }] };
    } catch (error) {
      return { ok: false, column: argsColumn, message: error instanceof Error ? error.message : String(error) };
    }
  }

  function setFilter(args: string, argsColumn: number): Ran {
    const parsed = language.parse(args);
    if (!parsed.ok) return { ok: false, column: argsColumn + parsed.column - 1, message: parsed.message };
    return { ok: true, actions: [{ type: "chips", chips: parsed.terms }] };
  }

  const names = (): readonly string[] => [
    ...panes.map((pane) => pane.id),
    "filter",
    "quit",
    ...commands()
      .filter((command) => command.scope !== "prompt")
      .map((command) => command.id),
  ];

  return {
    run(text, context) {
      const [name = "", args = ""] = splitName(text);
      const argsColumn = text.length - args.length + 1;
      if (QUIT.includes(name)) return { ok: true, actions: [{ type: "effect", effect: { kind: "quit" } }] };
      if (name === "filter") return setFilter(args, argsColumn);
      const command = commands().find((candidate) => candidate.id === name && candidate.scope !== "prompt");
      if (command !== undefined) {
        const reason = command.disabledReason?.(context) ?? null;
        return reason === null
          ? { ok: true, actions: command.run(context) }
          : { ok: false, column: 1, message: reason };
      }
      const pane = paneNamed(name);
      if (pane !== undefined) return openPane(pane, args, argsColumn);
      const close = names().filter((candidate) => candidate.includes(name));
      const hint = close.length === 0 ? `panes: ${panes.map((p) => p.id).join(", ")}` : close.slice(0, 5).join(", ");
      return { ok: false, column: 1, message: `there is no “${name}” — ${hint}` };
    },
    complete(text) {
      if (/\s/.test(text.trimStart())) return [];
      const typed = text.trim().toLowerCase();
      const found = names().filter((name) => name.startsWith(typed));
      return found.length > 0 ? found : names().filter((name) => name.includes(typed));
    },
  };
}

function namesOf(pane: Pane): readonly string[] {
  return [pane.id.toLowerCase(), pane.title.toLowerCase(), ...(pane.digit === undefined ? [] : [pane.digit])];
}

function splitName(text: string): readonly [string, string] {
  const match = /^(\S+)\s*(.*)$/s.exec(text.trim());
  return [match?.[1] ?? "", match?.[2] ?? ""];
}
