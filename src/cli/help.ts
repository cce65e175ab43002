/** --help, from the same tables as the parser. */
import { CLI_COMMANDS } from "./commands/registry.ts";
import type { CliCommand } from "./contract.ts";
import { OPTIONS, type OptionSpec, type Options } from "./options.ts";
import { WRITERS } from "./writers/registry.ts";
import { wrapText } from "../models/display-width.ts";

/** `program` is how the user called us: ktrail, or kubectl trail. `width`: columns to wrap at. */
export function helpText(command: CliCommand, program: string, width: number): string {
  const named = command.name === "" ? program : `${program} ${command.name}`;
  const usage = [named, ...command.operands, command.name === "" ? "[FILE...]" : filesText(command), "[options]"].join(
    " ",
  );
  const parts = [`${sentence(command.about)}\n\nUsage: ${usage}\n`];
  if (command.name === "") {
    const rows = CLI_COMMANDS.filter(({ name }) => name !== "").map((each): [string, string] => [
      [each.name, ...each.operands, filesText(each)].join(" "),
      each.about,
    ]);
    parts.push(list("Commands", [["[FILE...]", "open the explorer"], ...rows], width));
  }
  parts.push(list("Options", optionRows(command), width));
  parts.push(
    list(
      "Output formats (-o)",
      command.outputs.map((id) => [id, WRITERS[id].about]),
      width,
    ),
  );
  parts.push(`Examples:\n${command.examples.map(([line, answers]) => `  ${line}\n      ${answers}\n`).join("")}`);
  if (command.name === "") parts.push(ROOT_NOTES);
  return parts.join("\n").replaceAll("ktrail ", `${program} `);
}

/** How the inputs of a command are written. */
export function filesText({ files }: CliCommand): string {
  return files === "optional" ? "[FILE...]" : "FILE...";
}

const ROOT_NOTES = `FILE is an audit log (plain or .gz; JSON lines, EventList, arrays; also behind CRI or syslog prefixes), a directory with
rotated logs, or - for stdin. Without a terminal the explorer prints an overview.
Exit codes: 0 done; 2 wrong usage; 3 an input could not be read (the others still are); 4 done, and what was asked to fail
on was found; 130 interrupted.
More on a command: ktrail COMMAND --help
`;

function optionRows(command: CliCommand): readonly (readonly [string, string])[] {
  const rows = command.options.map((key: keyof Options): readonly [string, string] => {
    const spec: OptionSpec<unknown> = OPTIONS[key];
    const flags = `${spec.short === undefined ? "    " : `-${spec.short}, `}--${spec.long}${spec.value === undefined ? "" : ` ${spec.value}`}`;
    const fallback = command.defaults?.[key] ?? spec.defaultText;
    return [flags, fallback === undefined ? spec.about : `${spec.about} (default ${fallback})`];
  });
  return [...rows, ["-h, --help", "this help"], ["    --version", "the version"]];
}

function list(title: string, rows: readonly (readonly [string, string])[], width: number): string {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  const lines = rows.map(([name, about]) => {
    const wrapped = wrapText(about, Math.max(30, width - left));
    return `  ${name}`.padEnd(left) + wrapped.join(`\n${" ".repeat(left)}`);
  });
  return `${title}:\n${lines.join("\n")}\n`;
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase() + clause.slice(1)}.`;
}
