import type { Pane } from "../panes/contract.ts";
import { closestWords } from "../queries/closest.ts";
import { dimensionsBegun } from "../queries/dimension-names.ts";
import type { Action } from "../state/actions.ts";
import type { AppState, Frame } from "../state/app-state.ts";
import { frameOf } from "../state/initial-state.ts";
import type { ArgumentKind, Command, CommandContext, LineCommand } from "./contract.ts";
import type { FilterLanguage } from "./filter-language.ts";
import { toRow } from "./move.ts";

export type Ran = { readonly ok: true; readonly actions: readonly Action[] } | LineMistake;

export interface LineMistake {
  readonly ok: false;
  readonly column: number;
  readonly message: string;
}

/** What can be typed after `:`. */
export interface CommandLine {
  run(text: string, context: CommandContext): Ran;
  /** A text understood before it is run: `frame` when it opens a pane. */
  read(text: string): ReadLine | LineMistake;
  /** What the word that stands there takes and does; null where there is none. */
  hint(text: string): string | null;
  /** What the word at the end of the text could become: texts, or values of the log. */
  place(text: string, app: AppState): LinePlace;
}

export interface LinePlace {
  /** Start of the word that is being typed. */
  readonly from: number;
  readonly typed: string;
  /** What it could become, best first. */
  readonly words: readonly string[];
  /** Or what of the log it is. */
  readonly argument?: ArgumentKind;
}

export interface ReadLine {
  readonly ok: true;
  readonly command?: Command;
  readonly frame?: Frame;
  run(context: CommandContext): Ran;
}

const ROW = /^\d{1,15}$/;
/** The last of words between commas and blanks. */
const ONE_OF_SEVERAL = /[^\s,]*$/;
const QUIT = ["q", "quit", "exit", "q!", "qa"];

/** Panes by id or title with their arguments, commands by id, commands with words of their own, `filter EXPR`, and `q`. */
export function createCommandLine(
  panes: readonly Pane[],
  commands: () => readonly Command[],
  language: FilterLanguage,
  words: readonly LineCommand[],
): CommandLine {
  const paneNamed = (name: string): Pane | undefined => {
    const wanted = name.toLowerCase();
    const exact = panes.find((pane) => namesOf(pane).includes(wanted));
    if (exact !== undefined) return exact;
    const starting = panes.filter((pane) => namesOf(pane).some((candidate) => candidate.startsWith(wanted)));
    return starting.length === 1 ? starting[0] : undefined;
  };

  function readPane(pane: Pane, args: string, argsColumn: number): ReadLine | LineMistake {
    if (pane.params === undefined && args !== "") {
      return { ok: false, column: argsColumn, message: `${pane.id} takes no arguments` };
    }
    try {
      const frame = frameOf(pane.id, pane.params === undefined ? {} : pane.params(args));
      return {
        ok: true,
        frame,
        run: () => ({ ok: true, actions: [{ type: pane.over === true ? "push" : "open", frame }] }),
      };
    } catch (error) {
      return { ok: false, column: argsColumn, message: sentenceOf(error) };
    }
  }

  function readFilter(args: string, argsColumn: number): ReadLine | LineMistake {
    const parsed = language.parse(args);
    if (!parsed.ok) return { ok: false, column: argsColumn + parsed.column - 1, message: parsed.message };
    return { ok: true, run: () => ({ ok: true, actions: [{ type: "chips", chips: parsed.terms }] }) };
  }

  const names = (): readonly string[] => [
    ...new Set([...panes.map((pane) => pane.id), ...words.map(({ name }) => name)]),
    "filter",
    "quit",
    ...commands()
      .filter((command) => command.scope !== "prompt")
      .map((command) => command.id),
  ];

  /** What was likely meant: names that begin or are spelled alike, and those it is part of. Ids of commands only for who types a dot. */
  function nearest(name: string): readonly string[] {
    const known = names().filter((candidate) => name.includes(".") || !candidate.includes("."));
    const holding = name.length < 2 ? [] : known.filter((candidate) => candidate.includes(name));
    return [...new Set([...closestWords(name, known), ...holding])].slice(0, 3);
  }

  function read(text: string): ReadLine | LineMistake {
    const [name = "", args = ""] = splitName(text);
    const argsColumn = text.length - args.length + 1;
    if (QUIT.includes(name)) {
      return { ok: true, run: () => ({ ok: true, actions: [{ type: "effect", effect: { kind: "quit" } }] }) };
    }
    if (ROW.test(name)) {
      if (args !== "") return { ok: false, column: argsColumn, message: "a row is a number" };
      return { ok: true, run: (context) => rowNumber(Number(name), context) };
    }
    if (name === "filter") return readFilter(args, argsColumn);
    const word = words.find((candidate) => candidate.name === name);
    if (word !== undefined) return { ok: true, run: (context) => runWord(word, args, argsColumn, context) };
    const command = commands().find((candidate) => candidate.id === name && candidate.scope !== "prompt");
    if (command !== undefined) return { ok: true, command, run: (context) => runCommand(command, context) };
    const pane = paneNamed(name);
    if (pane !== undefined) return readPane(pane, args, argsColumn);
    const near = nearest(name);
    const hint = near.length === 0 ? "tab shows what there is" : `did you mean ${near.join(", ")}?`;
    return { ok: false, column: 1, message: `there is no “${name}” — ${hint}` };
  }

  return {
    read,
    run(text, context) {
      const line = read(text);
      return line.ok ? line.run(context) : line;
    },
    hint(text) {
      const [name] = splitName(text);
      const word = words.find((candidate) => candidate.name === name);
      return word === undefined ? null : `${word.usage}: ${word.about}`;
    },
    place(text, app) {
      const name = /^\s*(\S+)\s/.exec(text)?.[1];
      if (name === undefined) return placeOfName(text);
      const word = words.find((candidate) => candidate.name === name);
      const from = text.search(word?.several !== true ? /\S*$/ : ONE_OF_SEVERAL);
      const typed = text.slice(from);
      const candidates = word?.complete?.(app) ?? [];
      const named = candidates.filter((candidate) => candidate.startsWith(typed));
      const argument = name === "filter" ? "filter" : (word?.completes ?? paneNamed(name)?.completes);
      if (argument === "dimension") return placeOfDimension(text);
      return { from, typed, words: named, ...(argument === undefined ? {} : { argument: argumentAt(text, argument) }) };
    },
  };

  function placeOfName(text: string): LinePlace {
    const typed = text.trim().toLowerCase();
    // Ids of commands are for the config file: only who types a dot means one.
    // And one that is typed whole needs no tab: what it says of missing arguments must not hide behind it.
    const offered = names().filter((name) => name !== typed && (typed.includes(".") || !name.includes(".")));
    const found = offered.filter((name) => name.startsWith(typed));
    return { from: 0, typed: text, words: found.length > 0 ? found : offered.filter((name) => name.includes(typed)) };
  }
}

/** `user,res`: the last of a list. */
function placeOfDimension(text: string): LinePlace {
  const from = text.search(ONE_OF_SEVERAL);
  const typed = text.slice(from);
  return { from, typed, words: dimensionsBegun(typed) };
}

/** Behind -n stands a namespace. */
function argumentAt(text: string, argument: ArgumentKind): ArgumentKind {
  return argument === "object" && /\s(?:-n|--namespace)[\s=]\S*$/.test(text) ? "namespace" : argument;
}

function rowNumber(number: number, context: CommandContext): Ran {
  const actions = toRow(context, number - 1);
  return actions === null ? { ok: false, column: 1, message: "there are no rows here" } : { ok: true, actions };
}

function runCommand(command: Command, context: CommandContext): Ran {
  const reason = command.disabledReason?.(context) ?? null;
  return reason === null ? { ok: true, actions: command.run(context) } : { ok: false, column: 1, message: reason };
}

function runWord(word: LineCommand, args: string, column: number, context: CommandContext): Ran {
  try {
    return { ok: true, actions: word.run(args, context) };
  } catch (error) {
    return { ok: false, column, message: sentenceOf(error) };
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function namesOf(pane: Pane): readonly string[] {
  return [pane.id.toLowerCase(), pane.title.toLowerCase()];
}

function splitName(text: string): readonly [string, string] {
  const match = /^(\S+)\s*(.*)$/s.exec(text.trim());
  return [match?.[1] ?? "", match?.[2] ?? ""];
}
