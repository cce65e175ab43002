/** The manual page ktrail(1) in mdoc's older sister, from the tables that --help prints. */
import { ABOUT_ITSELF, optionsOf } from "../../src/cli/arguments.ts";
import { CLI_COMMANDS } from "../../src/cli/commands/registry.ts";
import type { CliCommand } from "../../src/cli/contract.ts";
import { filesText, ROOT_NOTES } from "../../src/cli/help.ts";
import { OPTIONS, type Options } from "../../src/cli/options.ts";
import type { OptionSpec } from "../../src/cli/option-spec.ts";
import { WRITERS } from "../../src/cli/writers/registry.ts";
import { FIELDS } from "../../src/events/fields.ts";

/** `date`: of the release, YYYY-MM-DD. */
export function manPage(version: string, date: string): string {
  const named = CLI_COMMANDS.filter(({ name }) => name !== "");
  const [explorer] = CLI_COMMANDS;
  if (explorer === undefined) throw new Error("there is always the explorer");
  return [
    `.TH KTRAIL 1 "${date}" ${quoted(`ktrail ${version}`)} "User Commands"`,
    ".SH NAME",
    `ktrail \\- ${text(explorer.about)}`,
    ".SH SYNOPSIS",
    ...[explorer, ...named].flatMap((command, at) => [
      ...(at === 0 ? [] : [".br"]),
      `.B ktrail${text(command.name === "" ? "" : ` ${command.name}`)}`,
      usage(command),
    ]),
    ".SH DESCRIPTION",
    ...ROOT_NOTES.flatMap((note) => [text(note), ".PP"]),
    "As a plugin of kubectl it is called",
    '.BR "kubectl trail" .',
    ".SH COMMANDS",
    ...named.flatMap(commandLines),
    ".SH OPTIONS",
    ...allOptions().flatMap(optionLines),
    ...ABOUT_ITSELF.flatMap(([flags, about]) => [".TP", `.B ${text(flags.trim())}`, text(about)]),
    ".SH OUTPUT FORMATS",
    ...Object.values(WRITERS).flatMap(({ id, about }) => [".TP", `.B ${text(id)}`, text(about)]),
    ".SH FILTERS",
    "Terms are joined by AND; a comma is OR between values,",
    ".B \\-",
    "in front negates. Values are exact, globs, regexes between slashes, comparisons.",
    ...FIELDS.flatMap(({ id, doc, example }) => [".TP", `.B ${text(`${id}:`)}`, text(`${doc} Example: ${example}`)]),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(([code, about]) => [".TP", `.B ${code}`, text(about)]),
    ".SH FILES",
    ".TP",
    ".I ~/.config/ktrail/config.yaml",
    "settings, themes, keys and saved views; all with where they come from:",
    '.BR "ktrail \\-\\-print\\-config" .',
    ".SH EXAMPLES",
    ...explorer.examples.flatMap(exampleLines),
    "",
  ].join("\n");
}

const EXIT_CODES = [
  ["0", "done"],
  ["1", "a fault of ktrail, or its answer could not be written"],
  ["2", "wrong usage"],
  ["3", "an input could not be read; the others still are"],
  ["4", "done, and what was asked to fail on was found"],
  ["130", "interrupted"],
] as const;

function usage(command: CliCommand): string {
  const words = [...command.operands, command.name === "" ? "[FILE...]" : filesText(command), "[options]"];
  return text(words.filter((word) => word !== "").join(" "));
}

function commandLines(command: CliCommand): readonly string[] {
  const own = optionsOf(command).filter((key) => command.options.includes(key));
  const options = own.map((key) => `--${OPTIONS[key].long}`).join(" ");
  return [
    `.SS ${quoted(`ktrail ${command.name} ${[...command.operands, filesText(command)].join(" ")}`.trim())}`,
    text(`${command.about.charAt(0).toUpperCase()}${command.about.slice(1)}.`),
    ...(options === "" ? [] : [".PP", text(`Options: ${options}.`)]),
    ...(command.outputs.length === 0 ? [] : [text(`Output: ${command.outputs.join(", ")}.`)]),
    ...command.examples.flatMap(exampleLines),
  ];
}

function exampleLines([line, answers]: readonly [string, string]): readonly string[] {
  return [".TP", `.B ${text(line)}`, text(answers)];
}

function allOptions(): readonly (keyof Options)[] {
  return [...new Set(CLI_COMMANDS.flatMap((command) => optionsOf(command)))];
}

function optionLines(key: keyof Options): readonly string[] {
  const { short, long, value, about, defaultText }: OptionSpec<unknown> = OPTIONS[key];
  const flags = `${short === undefined ? "" : `-${short}, `}--${long}${value === undefined ? "" : ` ${value}`}`;
  return [".TP", `.B ${text(flags)}`, text(defaultText === undefined ? about : `${about} (default ${defaultText})`)];
}

/** On a line of its own: what roff would obey stands as it is. */
function text(words: string): string {
  const plain = words
    .replaceAll("`", "")
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll(
      /[^\x20-\x7e]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}

function quoted(words: string): string {
  return `"${text(words).replaceAll('"', '""')}"`;
}
