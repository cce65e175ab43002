/**
 * Writes what the registries know into docs/*.md, between `<!-- generated: NAME -->` and `<!-- end -->`.
 * `--check` changes nothing and ends with 1 when a page is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLI_COMMANDS } from "../src/cli/commands/registry.ts";
import { SETTINGS } from "../src/cli/config.ts";
import { filterLanguage } from "../src/commands/filter-language.ts";
import { filesText } from "../src/cli/help.ts";
import { OPTIONS } from "../src/cli/options.ts";
import type { OptionSpec } from "../src/cli/option-spec.ts";
import { WRITERS } from "../src/cli/writers/registry.ts";
import type { Command } from "../src/commands/contract.ts";
import { createCommands } from "../src/commands/registry.ts";
import { DETECTORS } from "../src/findings/registry.ts";
import { EXPECTED } from "../src/findings/expected.ts";
import { FIELDS } from "../src/events/fields.ts";
import { formats } from "../src/formats/registry.ts";
import { DIMENSION_CHOICES } from "../src/panes/dimensions.ts";
import { PANES } from "../src/panes/registry.ts";
import { LINT_RULES } from "../src/policy/lint/registry.ts";
import { styledTones, THEMES } from "../src/terminal/themes.ts";
import { STYLE_WORDS } from "../src/terminal/tone-style.ts";
import { keyLabel } from "../src/ui/footer-line.ts";
import { RECIPES } from "../test/stories/cookbook-rows.ts";
import { type MadeLog, pressesOf, QUESTIONS } from "../test/stories/question-rows.ts";
import { TALK_ROWS } from "../test/stories/talk-rows.ts";

/** A block of Markdown by the name its markers carry. */
export const BLOCKS: Readonly<Record<string, () => string>> = {
  "input formats": inputFormats,
  "output formats": outputFormats,
  commands,
  options,
  keys,
  "after colon": afterColon,
  panes,
  fields,
  dimensions,
  talk,
  questions,
  cookbook,
  settings,
  themes,
  tones,
  "lint rules": lintRules,
  detectors,
  expected,
};

export const PAGES = [
  "docs/formats.md",
  "docs/command-line.md",
  "docs/keys.md",
  "docs/fields.md",
  "docs/talk.md",
  "docs/questions.md",
  "docs/cookbook.md",
  "docs/config.md",
  "docs/policy.md",
  "docs/findings.md",
] as const;

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

function detectors(): string {
  return table(
    ["id", "usual severity", "needs", "what it means", "references"],
    DETECTORS.map(({ id, severity, needs, about, references }) => [
      `\`${id}\``,
      severity,
      needs.join(", "),
      about,
      references.join(", "),
    ]),
  );
}

function expected(): string {
  return table(
    ["findings", "user", "user agent", "because"],
    EXPECTED.map(({ ids, user = "", useragent = "", because }) => [
      ids.map((id) => `\`${id}\``).join(", "),
      `\`${user}\``,
      `\`${useragent}\``,
      because,
    ]),
  );
}

function inputFormats(): string {
  return table(
    ["`--format`", "what", "where from", "does not tell", "infers", "verified samples"],
    formats.map(({ id, title, docs, loses = [], infers = [], samples }) => [
      `\`${id}\``,
      title,
      docs,
      loses.join(", "),
      infers.join(", "),
      samples()
        .map(({ name }) => name)
        .join("; "),
    ]),
  );
}

function lintRules(): string {
  return table(
    ["id", "severity", "what"],
    LINT_RULES.map(({ id, severity, about }) => [`\`${id}\``, severity, about]),
  );
}

function outputFormats(): string {
  return table(
    ["`-o`", "what"],
    Object.values(WRITERS).map(({ id, about }) => [`\`${id}\``, about]),
  );
}

function commands(): string {
  return CLI_COMMANDS.map((command) => {
    const { name, about, operands, outputs, examples } = command;
    const usage = ["ktrail", name, ...operands, filesText(command)].filter((word) => word !== "").join(" ");
    const printed = outputs.length === 0 ? "" : `; \`-o ${outputs.join("|")}\``;
    const lines = examples.map(([line, answers]) => `${line}    # ${answers}`);
    return `### \`${usage}\`\n\n${about}${printed}\n\n\`\`\`sh\n${lines.join("\n")}\n\`\`\`\n`;
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

function keys(): string {
  const { all } = createCommands(PANES, filterLanguage);
  const rows = (commands: readonly Command[]): string =>
    table(
      ["key", "does", "command"],
      commands.map(({ id, title, keys }) => [
        keys.map((key) => `\`${keyLabel(key, true)}\``).join(" "),
        title,
        `\`${id}\``,
      ]),
    );
  const groups = [...new Set(all.filter(isShared).map(({ group }) => group))];
  const shared = groups.map(
    (group) => `### ${group}\n\n${rows(all.filter((command) => isShared(command) && command.group === group))}`,
  );
  const own = PANES.filter(({ commands }) => commands.length > 0).map(
    ({ title, commands }) => `### only in ${title}\n\n${rows(commands)}`,
  );
  const prompt = `### in a prompt\n\n${rows(all.filter(({ scope }) => scope === "prompt"))}`;
  return [...shared, ...own, prompt].join("\n\n");
}

function afterColon(): string {
  return table(
    ["after `:`", "does"],
    createCommands(PANES, filterLanguage).words.map(({ usage, about }) => [`\`${usage}\``, about]),
  );
}

function isShared({ scope }: Command): boolean {
  return scope === "list" || scope === "global";
}

function panes(): string {
  return table(
    ["key", "pane", "shows"],
    PANES.map(({ digit, id, about }) => [digit === undefined ? "" : `\`${digit}\``, `\`:${id}\``, about]),
  );
}

function fields(): string {
  return table(
    ["field", "also", "what", "example"],
    FIELDS.map(({ id, aliases = [], doc, example }) => [
      `\`${id}:\``,
      aliases.map((name) => `\`${name}:\``).join(" "),
      doc,
      `\`${example}\``,
    ]),
  );
}

function dimensions(): string {
  return table(
    ["`--by`", "groups by"],
    [...DIMENSION_CHOICES, { dimension: "annotation:KEY", about: "values of one audit annotation" }].map(
      ({ dimension, about }) => [`\`${dimension}\``, about],
    ),
  );
}

function cookbook(): string {
  return RECIPES.map(({ incident, keys, command, reading }, at) =>
    [
      `### ${at + 1}. ${incident}`,
      "",
      `${keys.map((key) => `\`${keyLabel(key, true)}\``).join(" ")}`,
      "",
      "```sh",
      `ktrail ${command.replace("FILE", "audit.log")}`,
      "```",
      "",
      `${reading}.`,
      "",
    ].join("\n"),
  ).join("\n");
}

function talk(): string {
  return table(
    ["#", "question", "keys", "what the screen says", "log, screen"],
    TALK_ROWS.map(({ number, question, keys, answer, logs, golden }) => {
      const log = typeof logs === "string" ? `\`${logs}\`` : logs.map((name) => `\`${name}\``).join(" ");
      const screen = `[120×40](../test/screens/talk-${golden}.120x40.txt) [80×24](../test/screens/talk-${golden}.80x24.txt)`;
      return [
        String(number),
        question,
        keys.map((key) => `\`${keyLabel(key, true)}\``).join(" "),
        answer,
        `${log} ${screen}`,
      ];
    }),
  );
}

function questions(): string {
  const logs: Readonly<Record<MadeLog, string>> = {
    metadata: "the bundled one without bodies",
    "two servers": "the bundled one and that of a second API server",
  };
  return table(
    ["#", "question", "keys", "presses", "presses before", "what the screen says"],
    QUESTIONS.map(({ question, keys, before, answer, log }, at) => [
      String(at + 1),
      log === undefined ? question : `${question} (log: ${logs[log]})`,
      keys.map((key) => `\`${keyLabel(key, true)}\``).join(" "),
      String(pressesOf({ keys })),
      before,
      answer,
    ]),
  );
}

function settings(): string {
  return Object.values(SETTINGS)
    .map(
      ({ name, type, defaultText, about, example }) =>
        `### ${name}\n\n${about}\n\nTakes: ${type}. Default: ${defaultText}.\n\n\`\`\`yaml\n${example}\n\`\`\`\n`,
    )
    .join("\n");
}

function themes(): string {
  return table(
    ["`--theme`", "background", "what"],
    THEMES.map(({ name, background, about }) => [`\`${name}\``, background, about]),
  );
}

function tones(): string {
  return `${styledTones()
    .map((tone) => `\`${tone}\``)
    .join(" ")}\n\nA style is one or more of: ${STYLE_WORDS}.`;
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
