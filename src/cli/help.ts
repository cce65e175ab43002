/** --help, from the same tables as the parser. */
import { ABOUT_ITSELF } from "./arguments.ts";
import { CLI_COMMANDS } from "./commands/registry.ts";
import type { CliCommand } from "./contract.ts";
import { OPTIONS, type Options } from "./options.ts";
import type { OptionSpec } from "./option-spec.ts";
import { WRITERS } from "./writers/registry.ts";
import { wrapText } from "../models/display-width.ts";

/** `program` is how the user called us: ktrail, or kubectl trail. `width`: columns to wrap at. */
export function helpText(command: CliCommand, program: string, width: number): string {
  const named = command.name === "" ? program : `${program} ${command.name}`;
  const words = [named, ...command.operands, command.name === "" ? "[FILE...]" : filesText(command), "[options]"];
  const usage = words.filter((word) => word !== "").join(" ");
  const parts = [`${paragraph(sentence(command.about), width)}\n${paragraph(`Usage: ${usage}`, width, 7)}`];
  if (command.name === "") {
    const rows = CLI_COMMANDS.filter(({ name }) => name !== "").map((each): [string, string] => [
      [each.name, ...each.operands, filesText(each)].join(" ").trimEnd(),
      each.about,
    ]);
    parts.push(list("Commands", [["[FILE...]", "open the explorer"], ...rows], width));
  }
  parts.push(list("Options", optionRows(command), width));
  const outputs = command.outputs.map((id): [string, string] => [id, WRITERS[id].about]);
  if (outputs.length > 0) parts.push(list("Output formats (-o)", outputs, width));
  const examples = command.examples.map(([line, answers]) => `  ${line}\n${indented(answers, width, 6)}\n`);
  parts.push(`Examples:\n${examples.join("")}`);
  if (command.name === "") parts.push(ROOT_NOTES.map((note) => paragraph(note, width)).join(""));
  return parts.join("\n").replaceAll("ktrail ", `${program} `);
}

/** Columns an explanation needs beside its name; with fewer it stands below. */
const LEAST_BESIDE = 30;

/** How the inputs of a command are written. */
export function filesText({ files }: CliCommand): string {
  if (files === "none") return "";
  return files === "optional" ? "[FILE...]" : files === "address" ? "[ADDR]" : "FILE...";
}

export const ROOT_NOTES = [
  "FILE is an audit log (plain or .gz; JSON lines, EventList, arrays; also behind CRI or syslog prefixes), a directory with rotated logs, or - for stdin. Without a terminal the explorer prints an overview.",
  "Exit codes: 0 done; 2 wrong usage; 3 an input could not be read (the others still are); 4 done, and what was asked to fail on was found; 130 interrupted.",
  "More on a command: ktrail COMMAND --help",
];

function optionRows(command: CliCommand): readonly (readonly [string, string])[] {
  const rows = command.options.map((key: keyof Options): readonly [string, string] => {
    const spec: OptionSpec<unknown> = OPTIONS[key];
    const flags = `${spec.short === undefined ? "    " : `-${spec.short}, `}--${spec.long}${spec.value === undefined ? "" : ` ${spec.value}`}`;
    const fallback = command.defaults?.[key] ?? spec.defaultText;
    const about = key === "sort" ? `${spec.about}: ${(command.sorts ?? []).join(" ")}` : spec.about;
    return [flags, fallback === undefined ? about : `${about} (default ${fallback})`];
  });
  return [...rows, ...ABOUT_ITSELF];
}

function list(title: string, rows: readonly (readonly [string, string])[], width: number): string {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  const longest = Math.max(...rows.flatMap(([, about]) => about.split(" ").map((word) => word.length)));
  const isBeside = width - left >= Math.max(LEAST_BESIDE, longest);
  const lines = rows.map(([name, about]) =>
    isBeside
      ? `  ${name}`.padEnd(left) + indented(about, width, left).trimStart()
      : `  ${name}\n${indented(about, width, 6)}`,
  );
  return `${title}:\n${lines.join("\n")}\n`;
}

/** Wrapped, every line indented. */
function indented(text: string, width: number, indent: number): string {
  return wrapText(text, Math.max(1, width - indent))
    .map((piece) => " ".repeat(indent) + piece)
    .join("\n");
}

/** Wrapped, all lines but the first indented. */
function paragraph(text: string, width: number, indent = 0): string {
  return `${indented(text, width, indent).trimStart()}\n`;
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase() + clause.slice(1)}.`;
}
