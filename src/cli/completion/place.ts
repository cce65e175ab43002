/** What may stand at the cursor of a command line, from the tables the parser reads. Pure: the log is asked by others. */
import { type CompletionPlace, completionPlace, completionsAt } from "../../queries/complete-filter.ts";
import { DIMENSION_CHOICES } from "../../panes/dimensions.ts";
import { ABOUT_ITSELF, optionsOf, takesNextWord } from "../arguments.ts";
import { CLI_COMMANDS } from "../commands/registry.ts";
import type { CliCommand } from "../contract.ts";
import { OPTIONS } from "../options.ts";
import type { OptionSpec } from "../option-spec.ts";
import { WRITERS } from "../writers/registry.ts";

export interface Candidate {
  /** The whole word. */
  readonly text: string;
  readonly about: string;
  /** More of the word is expected behind it: `user:`. */
  readonly isOpen?: boolean;
}

export interface Place {
  readonly candidates: readonly Candidate[];
  /** Files fit too. */
  readonly files: boolean;
  /** What of the log fits besides. */
  readonly log?: LogPlace;
}

/** `before`: what of the word stays in front of a value. */
export type LogPlace =
  | { readonly kind: "filter"; readonly place: CompletionPlace; readonly before: string }
  | { readonly kind: "field"; readonly field: string; readonly typed: string; readonly before: string }
  | { readonly kind: "object"; readonly typed: string };

const NOTHING: Place = { candidates: [], files: false };
const FILES: Place = { candidates: [], files: true };

/** `words`: those of the command line without the program; `at`: which one is being typed. */
export function placeOf(words: readonly string[], at: number): Place {
  const typed = words[at] ?? "";
  const before = words.slice(0, at);
  const { operands, command } = understood(before);
  const last = before.at(-1) ?? "";
  const spec = optionOf(last, command);
  if (!before.includes("--")) {
    if (spec?.value !== undefined && takesNextWord(last)) return valueOf(spec, typed, "", command);
    const assigned = /^(--[a-z-]+)=/.exec(typed);
    const assignedTo = assigned === null ? undefined : optionOf(assigned[1] ?? "", command);
    if (assigned !== null) {
      return assignedTo === undefined
        ? NOTHING
        : valueOf(assignedTo, typed.slice(assigned[0].length), assigned[0], command);
    }
    if (typed.startsWith("-") && typed !== "-") return fitting(optionWords(command), typed, false);
  }
  if (operands === 0) return fitting(firstWords(), typed, true);
  const group = groupOf(before);
  if (group !== null) return fitting(membersOf(group), typed, false);
  return operandOf(command, operands - command.name.split(" ").length, typed);
}

/** The files of a line, wherever they stand. */
export function filesOf(words: readonly string[], at: number): readonly string[] {
  return words.filter((word, index) => {
    if (index === at || word === "-" || word.startsWith("-")) return false;
    return !takesNextWord(words[index - 1] ?? "");
  });
}

function understood(words: readonly string[]): { readonly command: CliCommand; readonly operands: number } {
  const operands = words.filter(
    (word, index) => (!word.startsWith("-") || word === "-") && !takesNextWord(words[index - 1] ?? ""),
  );
  const [first = "", second = ""] = operands;
  const found = [`${first} ${second}`, first, ""].map((name) => CLI_COMMANDS.find((each) => each.name === name));
  const command = found.find((each) => each !== undefined);
  if (command === undefined) throw new Error("there is always the explorer");
  // Words of a name count as operands, so that one of the explorer is never its name.
  return { command, operands: operands.length };
}

function firstWords(): readonly Candidate[] {
  const names = new Map<string, string>();
  for (const { name, about } of CLI_COMMANDS) {
    const [first = "", second] = name.split(" ");
    if (first !== "" && !names.has(first)) names.set(first, second === undefined ? about : `${first} …`);
  }
  return [...names].map(([text, about]) => ({ text, about }));
}

/** `policy`, where the word behind it is still to come. */
function groupOf(words: readonly string[]): string | null {
  const operands = words.filter((word, index) => !word.startsWith("-") && !takesNextWord(words[index - 1] ?? ""));
  const [only] = operands;
  if (operands.length !== 1 || only === undefined) return null;
  return CLI_COMMANDS.some(({ name }) => name.startsWith(`${only} `)) ? only : null;
}

function membersOf(group: string): readonly Candidate[] {
  return CLI_COMMANDS.filter(({ name }) => name.startsWith(`${group} `)).map(({ name, about }) => ({
    text: name.slice(group.length + 1),
    about,
  }));
}

function operandOf(command: CliCommand, position: number, typed: string): Place {
  const operand = command.name === "" ? undefined : command.operands[position];
  if (operand === "OBJECT") return { ...NOTHING, log: { kind: "object", typed } };
  if (operand?.includes("|") === true) {
    const choices = operand.split("|").map((text) => ({ text, about: "" }));
    return fitting(choices, typed, false);
  }
  return command.files === "none" && operand === undefined ? NOTHING : FILES;
}

function optionWords(command: CliCommand): readonly Candidate[] {
  const own = optionsOf(command).map((key) => {
    const { long, about }: OptionSpec<unknown> = OPTIONS[key];
    return { text: `--${long}`, about };
  });
  return [...own, ...ABOUT_ITSELF.map(([flags, about]) => ({ text: flags.replace(/^.*(?=--)/, ""), about }))];
}

function optionOf(word: string, command: CliCommand): OptionSpec<unknown> | undefined {
  return optionsOf(command)
    .map((key): OptionSpec<unknown> => OPTIONS[key])
    .find(({ long, short }) => word === `--${long}` || (short !== undefined && word === `-${short}`));
}

function valueOf({ completes, long }: OptionSpec<unknown>, typed: string, before: string, command: CliCommand): Place {
  if (long === "output") {
    const outputs = command.outputs.map((id) => ({ text: before + id, about: WRITERS[id].about }));
    return fitting(outputs, before + typed, false);
  }
  if (completes === undefined) return NOTHING;
  if (completes === "files") return FILES;
  if (completes === "filter") return filterOf(typed, before);
  if (completes === "dimensions") return dimensionsOf(typed, before);
  if (completes === "sorts") return oneOf(command.sorts ?? [], typed, before);
  if ("field" in completes) return { ...NOTHING, log: { kind: "field", field: completes.field, typed, before } };
  return oneOf(completes.words, typed, before);
}

function oneOf(words: readonly string[], typed: string, before: string): Place {
  return fitting(
    words.map((word) => ({ text: before + word, about: "" })),
    before + typed,
    false,
  );
}

function dimensionsOf(typed: string, before: string): Place {
  const kept = before + typed.slice(0, typed.lastIndexOf(",") + 1);
  const known = typed.split(",").slice(0, -1);
  const choices = DIMENSION_CHOICES.filter(({ dimension }) => !known.includes(dimension)).map(
    ({ dimension, about }) => ({ text: kept + dimension, about }),
  );
  return fitting(
    [...choices, { text: `${kept}annotation:`, about: "any annotation", isOpen: true }],
    before + typed,
    false,
  );
}

function filterOf(typed: string, before: string): Place {
  const place = completionPlace(typed, typed.length);
  if (place === null) return NOTHING;
  const kept = before + typed.slice(0, place.from);
  const candidates = completionsAt(place).map(({ text, detail, isOpen }) => ({
    text: kept + place.operator + text,
    about: detail,
    isOpen,
  }));
  const log = place.kind === "word" ? {} : { log: { kind: "filter" as const, place, before: kept + place.operator } };
  return { candidates, files: false, ...log };
}

function fitting(candidates: readonly Candidate[], typed: string, files: boolean): Place {
  return { candidates: candidates.filter(({ text }) => text.startsWith(typed)), files };
}
