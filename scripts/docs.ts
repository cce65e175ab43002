/**
 * Writes what the registries know into docs/*.md, between `<!-- generated: NAME -->` and `<!-- end -->`.
 * `--check` changes nothing and ends with 1 when a page is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLI_COMMANDS } from "../src/cli/commands/registry.ts";
import { OPTIONS, type OptionSpec } from "../src/cli/options.ts";
import { WRITERS } from "../src/cli/writers/registry.ts";
import { formats } from "../src/formats/registry.ts";

/** A block of Markdown by the name its markers carry. */
export const BLOCKS: Readonly<Record<string, () => string>> = {
  "input formats": inputFormats,
  "output formats": outputFormats,
  commands,
  options,
};

export const PAGES = ["docs/formats.md", "docs/command-line.md"] as const;

const BLOCK = /(<!-- generated: ([^>]+?) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The page with every block written anew. Throws when a marker names a block nobody generates. */
export function refreshed(page: string): string {
  return page.replaceAll(BLOCK, (_, begin: string, name: string, end: string) => {
    const block = BLOCKS[name];
    if (!block) throw new Error(`no such generated block: ${name}`);
    return `${begin}\n${block().trim()}\n\n${end}`;
  });
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function inputFormats(): string {
  return table(
    ["`--format`", "what", "where from", "verified samples"],
    formats.map(({ id, title, docs, samples }) => [
      `\`${id}\``,
      title,
      docs,
      samples.map(({ name }) => name).join("; "),
    ]),
  );
}

function outputFormats(): string {
  return table(
    ["`-o`", "what"],
    Object.values(WRITERS).map(({ id, about }) => [`\`${id}\``, about]),
  );
}

function commands(): string {
  return CLI_COMMANDS.map(({ name, about, operands, outputs, examples }) => {
    const usage = ["ktrail", name, ...operands, "FILE..."].filter((word) => word !== "").join(" ");
    const lines = examples.map(([line, answers]) => `${line}    # ${answers}`);
    return `### \`${usage}\`\n\n${about}; \`-o ${outputs.join("|")}\`\n\n\`\`\`sh\n${lines.join("\n")}\n\`\`\`\n`;
  }).join("\n");
}

function options(): string {
  return table(
    ["option", "what", "default", "of"],
    Object.entries(OPTIONS).map(([key, option]) => {
      const { short, long, value, about, defaultText } = option as OptionSpec<unknown>;
      const users = CLI_COMMANDS.filter((command) => (command.options as readonly string[]).includes(key));
      const flags = `${short === undefined ? "" : `-${short}, `}--${long}${value === undefined ? "" : ` ${value}`}`;
      const of = users.length === CLI_COMMANDS.length ? "all" : users.map(({ name }) => name || "explorer").join(" ");
      return [`\`${flags}\``, about, defaultText ?? "", of];
    }),
  );
}

const root = join(import.meta.dirname, "..");

/** Pages whose generated parts are not what the registries say. */
export function stalePages(): readonly string[] {
  return PAGES.filter((page) => {
    const text = readFileSync(join(root, page), "utf8");
    return refreshed(text) !== text;
  });
}

if (import.meta.main) {
  const stale = stalePages();
  const isCheck = process.argv.includes("--check");
  for (const page of stale) {
    const path = join(root, page);
    if (!isCheck) writeFileSync(path, refreshed(readFileSync(path, "utf8")));
    process.stdout.write(`${isCheck ? "stale" : "written"}: ${page}\n`);
  }
  process.exitCode = isCheck && stale.length > 0 ? 1 : 0;
}
