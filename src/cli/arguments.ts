/** From argv to an Invocation, or a KtrailError KT100 with a sentence. Nothing here touches a file. */
import { Command, CommanderError, Option } from "commander";
import { KtrailError } from "../errors.ts";
import { CLI_COMMANDS } from "./commands/registry.ts";
import type { CliCommand, Invocation } from "./contract.ts";
import { didYouMean, quoted, readerOf } from "./option-values.ts";
import { DEFAULTS, OPTIONS, type Options, SHARED_OPTIONS } from "./options.ts";
import type { OptionSpec } from "./option-spec.ts";

/** Asked of the program instead of a log: the same for every command. */
export const ABOUT_ITSELF: readonly (readonly [flags: string, about: string])[] = [
  ["-h, --help", "this help"],
  ["    --version", "the version"],
  ["    --licenses", "the licences of what is in the program"],
];

export type Parsed =
  | { readonly kind: "run"; readonly invocation: Invocation }
  | { readonly kind: "help"; readonly command: CliCommand }
  | { readonly kind: "version" }
  | { readonly kind: "licenses" };

export function parseArguments(argv: readonly string[]): Parsed {
  const { command, rest } = splitCommand(argv);
  const parser = parserOf(command);
  try {
    parser.parse(rest, { from: "user" });
  } catch (error) {
    throw asUsageError(error, command);
  }
  const given = parser.opts<{ help?: boolean; version?: boolean; licenses?: boolean } & Partial<Options>>();
  if (given.help === true) return { kind: "help", command };
  if (given.version === true) return { kind: "version" };
  if (given.licenses === true) return { kind: "licenses" };
  return { kind: "run", invocation: invocationOf(command, parser.args, given) };
}

/** The first operand names the command, wherever options stand; `--` ends options, and with them the search. */
function splitCommand(argv: readonly string[]): { command: CliCommand; rest: readonly string[] } {
  const explorer = commandNamed("");
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--") break;
    if (word.startsWith("-") && word !== "-") {
      if (takesNextWord(word)) at += 1;
      continue;
    }
    const command = CLI_COMMANDS.find(({ name }) => name === word && name !== "");
    if (command) return { command, rest: argv.toSpliced(at, 1) };
    if (word === "help") return { command: helped(argv.slice(at + 1)), rest: ["--help"] };
    if (isGroup(word)) return ofGroup(word, argv, at);
    break;
  }
  return { command: explorer, rest: argv };
}

/** `policy` of `policy lint`. */
function isGroup(word: string): boolean {
  return CLI_COMMANDS.some(({ name }) => name.startsWith(`${word} `));
}

/** A command of two words: the next operand is the second. */
function ofGroup(group: string, argv: readonly string[], at: number): { command: CliCommand; rest: readonly string[] } {
  const members = CLI_COMMANDS.flatMap(({ name }) =>
    name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : [],
  );
  for (let next = at + 1; next < argv.length; next++) {
    const word = argv[next] ?? "";
    if (word === "-h" || word === "--help")
      return { command: commandNamed(`${group} ${members[0] ?? ""}`), rest: ["--help"] };
    if (word.startsWith("-") && word !== "-") {
      if (takesNextWord(word)) next += 1;
      continue;
    }
    const command = CLI_COMMANDS.find(({ name }) => name === `${group} ${word}`);
    if (command) return { command, rest: argv.toSpliced(next, 1).toSpliced(at, 1) };
    throw new KtrailError(
      "KT100",
      `ktrail ${group} ${members.join("|")}: there is no ${quoted(word)}${didYouMean(word, members)}`,
    );
  }
  throw new KtrailError(
    "KT100",
    `ktrail ${group} needs one of ${members.join(", ")} (see ktrail ${group} ${members[0] ?? ""} --help)`,
  );
}

function helped(words: readonly string[]): CliCommand {
  const known = CLI_COMMANDS.map((command) => command.name).filter((known) => known !== "");
  const [first, second] = words;
  if (first === undefined || first.startsWith("-")) return commandNamed("");
  const name =
    known.find(
      (full) => full === `${first} ${second ?? ""}` || (full.startsWith(`${first} `) && second === undefined),
    ) ?? first;
  if (!known.includes(name))
    throw new KtrailError("KT100", `there is no command ${quoted(name)}${didYouMean(name, known)}`);
  return commandNamed(name);
}

export function commandNamed(name: string): CliCommand {
  const command = CLI_COMMANDS.find((candidate) => candidate.name === name);
  if (!command) throw new Error(`no command ${name}`);
  return command;
}

/** True for `-o` and `--output`, false for `-ojson`, `--output=json`, switches and unknown options. */
export function takesNextWord(word: string): boolean {
  for (const spec of Object.values(OPTIONS) as OptionSpec<unknown>[]) {
    if (spec.value === undefined) continue;
    if (word === `--${spec.long}` || (spec.short !== undefined && word === `-${spec.short}`)) return true;
  }
  return false;
}

/** What a command takes: its own, and what all take that read something. */
export function optionsOf({ files, options }: CliCommand): readonly (keyof Options)[] {
  return [...new Set([...options, ...(files === "none" ? [] : SHARED_OPTIONS)])];
}

/** The commander parser of one command, built from the tables; also what prints its help. */
export function parserOf(command: CliCommand): Command {
  const parser = new Command(command.name === "" ? "ktrail" : `ktrail ${command.name}`);
  parser.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  parser.description(command.about).helpOption(false).helpCommand(false).allowExcessArguments(true);
  for (const operand of command.operands) parser.argument(`[${operand}]`);
  if (command.files !== "none") parser.argument("[FILE...]");
  for (const key of optionsOf(command)) {
    const spec: OptionSpec<unknown> = OPTIONS[key];
    const flags = `${spec.short === undefined ? "" : `-${spec.short}, `}--${spec.long}${spec.value === undefined ? "" : ` <${spec.value}>`}`;
    const option = new Option(flags, spec.about);
    const { isRepeatable } = spec;
    const parse = readerOf(spec);
    if (parse) {
      option.argParser((text: string, before: unknown) => {
        const value = named(spec.long, () => parse(text));
        return isRepeatable === true && Array.isArray(before)
          ? [...(before as unknown[]), ...(value as unknown[])]
          : value;
      });
    }
    parser.addOption(option);
  }
  for (const [flags, about] of ABOUT_ITSELF) parser.addOption(new Option(flags.trim(), about));
  return parser;
}

/** Says which option a value was wrong for. */
function named<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof KtrailError ? new KtrailError(error.code, `--${option}: ${error.message}`) : error;
  }
}

function invocationOf(command: CliCommand, words: readonly string[], given: Partial<Options>): Invocation {
  const operands: Record<string, string> = {};
  const missing = command.operands.find((_, at) => words[at] === undefined);
  if (missing !== undefined) {
    throw new KtrailError(
      "KT100",
      `ktrail ${command.name} needs ${missing === "OBJECT" ? "an" : "a"} ${missing}: ${command.examples[0]?.[0] ?? ""}`,
    );
  }
  command.operands.forEach((name, at) => (operands[name] = words[at] ?? ""));
  const output = given.output;
  if (output !== undefined && !command.outputs.includes(output)) {
    const title = command.name === "" ? "the overview" : `ktrail ${command.name}`;
    throw new KtrailError("KT100", `${title} cannot be printed as ${output}; expected ${command.outputs.join(", ")}`);
  }
  const { sorts = [] } = command;
  if (given.sort !== undefined && !sorts.includes(given.sort)) {
    throw new KtrailError(
      "KT100",
      `--sort: ${quoted(given.sort)} is none of ${sorts.join(", ")}${didYouMean(given.sort, sorts)}`,
    );
  }
  return { command, operands, inputs: words.slice(command.operands.length), options: { ...DEFAULTS, ...given }, given };
}

function asUsageError(error: unknown, command: CliCommand): unknown {
  if (!(error instanceof CommanderError)) return error;
  const sentence = error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
  const help = command.name === "" ? "ktrail --help" : `ktrail ${command.name} --help`;
  return new KtrailError("KT100", `${sentence} (see ${help})`);
}
