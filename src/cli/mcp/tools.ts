import { KtrailError } from "../../errors.ts";
import { commandNamed, parseArguments } from "../arguments.ts";
import type { CliCommand, Invocation } from "../contract.ts";
import type { Property, Tool, ToolBox } from "./contract.ts";
import type { OptionSpec } from "../option-spec.ts";
import { didYouMean, quoted } from "../option-values.ts";
import { OPTIONS, type Options, SHARED_OPTIONS } from "../options.ts";

/** The commands an assistant may ask, as its tools. */
const TOOLS: readonly CliCommand[] = ["info", "top", "series", "events", "trail", "why", "object", "findings"].map(
  commandNamed,
);

/** About this machine, files or how it is printed: not an assistant's. */
const NOT_ASKED: ReadonlySet<keyof Options> = new Set([
  ...SHARED_OPTIONS,
  "output",
  "follow",
  "exec",
  "failOn",
  "on",
  "run",
  "baseline",
  "expected",
]);

/** Rows of an answer where none are asked for, and the most. */
const ROWS = 100;
const MOST_ROWS = 1_000;

const optionsOf = ({ options }: CliCommand): readonly (keyof Options)[] =>
  options.filter((option) => !NOT_ASKED.has(option));

/** As its command is described by the tables that its help is printed from. */
function toolOf(command: CliCommand): Tool {
  const properties: Record<string, Property> = {};
  for (const operand of command.operands)
    properties[operand.toLowerCase()] = { type: "string", description: `kind/name, kind.group/name or a uid` };
  for (const option of optionsOf(command)) {
    const { long, about, defaultText, value }: OptionSpec<unknown> = OPTIONS[option];
    const usual = option === "limit" ? undefined : (command.defaults?.[option] ?? defaultText);
    const description = usual === undefined ? about : `${about} (default: ${usual})`;
    if (option === "limit")
      properties[long] = { type: "integer", maximum: MOST_ROWS, description: "rows at most; totals are of everything" };
    else if (option === "sort" && command.sorts !== undefined)
      properties[long] = { type: "string", description, enum: [...command.sorts] };
    else properties[long] = { type: value === undefined ? "boolean" : "string", description };
  }
  return {
    name: command.name,
    description: `${command.about}. ${command.examples.map(([line, answers]) => `\`${line}\`: ${answers}`).join("; ")}`,
    inputSchema: {
      type: "object",
      properties,
      required: command.operands.map((operand) => operand.toLowerCase()),
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  };
}

/** What is asked, understood as a command line is. Throws KT100. */
function invocationOf(name: string, given: Readonly<Record<string, unknown>>, asked: Invocation): Invocation {
  const command = TOOLS.find((tool) => tool.name === name);
  if (command === undefined) throw new KtrailError("KT100", `there is no tool ${quoted(name)}`);
  const words: string[] = [];
  const operands: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    const operand = command.operands.find((one) => one.toLowerCase() === key);
    const option = optionsOf(command).find((one) => OPTIONS[one].long === key);
    if (operand === undefined && option === undefined) {
      const known = Object.keys(toolOf(command).inputSchema.properties);
      throw new KtrailError("KT100", `${name} takes no ${quoted(key)}${didYouMean(key, known)} (${known.join(", ")})`);
    }
    if (typeof value !== "string" && typeof value !== "number" && value !== true)
      throw new KtrailError("KT100", `${name}: ${key} has to be a text or a number`);
    if (operand !== undefined) operands[command.operands.indexOf(operand)] = String(value);
    else if (option !== "limit") words.push(value === true ? `--${key}` : `--${key}=${String(value)}`);
  }
  if (optionsOf(command).includes("limit")) words.push(`--limit=${rowsOf(given["limit"])}`);
  const line = [name, "--output=json", ...words, ...(operands.length === 0 ? [] : ["--", ...operands])];
  const parsed = parseArguments(line);
  if (parsed.kind !== "run") throw new KtrailError("KT100", `${name}: that is no question`);
  return { ...parsed.invocation, inputs: asked.inputs };
}

function rowsOf(limit: unknown): number {
  const rows = Number(limit ?? ROWS);
  return Number.isInteger(rows) && rows >= 0 ? Math.min(rows, MOST_ROWS) : MOST_ROWS;
}

export const TOOL_BOX: ToolBox = { tools: () => TOOLS.map(toolOf), invocationOf };
