import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { CLI_COMMANDS } from "../../src/cli/commands/registry.ts";
import type { Invocation } from "../../src/cli/contract.ts";
import { helpText } from "../../src/cli/help.ts";
import { OPTIONS } from "../../src/cli/options.ts";
import { KtrailError } from "../../src/errors.ts";
import { parseFilter } from "../../src/queries/parse-filter.ts";

function run(...argv: readonly string[]): Invocation {
  const parsed = parseArguments(argv);
  if (parsed.kind !== "run") throw new Error(parsed.kind);
  return parsed.invocation;
}

function refused(...argv: readonly string[]): string {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof KtrailError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error("accepted");
}

describe("the command line", () => {
  it("opens the explorer on files", () => {
    const { command, inputs } = run("a.log", "b.log.gz");
    expect(command.name).toBe("");
    expect(inputs).toEqual(["a.log", "b.log.gz"]);
  });

  it("takes options before, between and after operands, short, long and joined", () => {
    const { command, inputs, options } = run(
      "-q",
      "code:403",
      "top",
      "a.log",
      "--by=user,verb",
      "-ojson",
      "-n",
      "demo",
      "-",
    );
    expect(command.name).toBe("top");
    expect(inputs).toEqual(["a.log", "-"]);
    expect(options).toMatchObject({ query: "code:403", by: ["user", "verb"], output: "json", namespace: "demo" });
  });

  it("does not take a value for a command, nor a file after --", () => {
    expect(run("-n", "info", "a.log").command.name).toBe("");
    expect(run("--", "info").inputs).toEqual(["info"]);
    expect(run("./info").inputs).toEqual(["./info"]);
  });

  it("keeps a filter that starts with a dash", () => {
    expect(run("events", "a.log", "-q", "-verb:get").options.query).toBe("-verb:get");
    expect(run("events", "a.log", "--query=-verb:get").options.query).toBe("-verb:get");
  });

  it("takes what bounds the explorer with every command", () => {
    for (const { name, operands } of CLI_COMMANDS.filter(({ files }) => files !== "none")) {
      const words = [name, ...operands, "a.log"].filter((word) => word !== "");
      expect(run(...words, "--capacity", "1k", "--memory", "1MiB", "--tail", "5m").options).toMatchObject({
        capacity: 1_000,
        memory: 1_048_576,
        tail: 300_000,
      });
    }
  });

  it("separates OBJECT from files", () => {
    const { operands, inputs, options } = run("trail", "deploy/nginx", "-n", "demo", "a.log");
    expect(operands).toEqual({ OBJECT: "deploy/nginx" });
    expect(inputs).toEqual(["a.log"]);
    expect(options.namespace).toBe("demo");
    expect(refused("trail")).toMatch(/needs an OBJECT/);
  });

  it("has help and version everywhere", () => {
    expect(parseArguments(["--version"]).kind).toBe("version");
    for (const { name } of CLI_COMMANDS) {
      const words = name === "" ? [] : [name];
      expect(parseArguments([...words, "--help"])).toMatchObject({ kind: "help", command: { name } });
      expect(parseArguments([...words, "-h"])).toMatchObject({ kind: "help", command: { name } });
    }
    expect(parseArguments(["help", "top"])).toMatchObject({ kind: "help", command: { name: "top" } });
  });

  it.each([
    [["top", "a.log", "--bi", "user"], /unknown option '--bi'.*Did you mean --by/],
    [["top", "a.log", "--by", "usr"], /--by: .*did you mean user/],
    [["top", "a.log", "--by"], /--by <DIM.*argument missing/],
    [["info", "a.log", "--by", "user"], /unknown option '--by'.*ktrail info --help/],
    [["top", "a.log", "-o", "jsn"], /--output: .*did you mean json\?/],
    [["top", "a.log", "-o", "raw"], /ktrail top cannot be printed as raw; expected table, json/],
    [["events", "a.log", "--since", "yesterday"], /--since: "yesterday" is no time/],
    [["events", "a.log", "--limit", "ten"], /--limit: "ten" is no number/],
    [["-f", "a.log", "--tail", "15"], /--tail: .*did you mean 15s or 15m/],
    [["-f", "a.log", "--memory", "lots"], /--memory: "lots" is no size/],
    [["help", "tpo"], /no command "tpo"; did you mean top\?/],
  ])("%j is wrong usage", (argv, sentence) => {
    expect(refused(...argv)).toMatch(sentence);
  });
});

describe("help", () => {
  it("lists every command and, for each, every option, output and example", () => {
    const root = helpText(parsedCommand("--help"), "ktrail", 100);
    for (const { name, about } of CLI_COMMANDS) {
      if (name !== "") expect(root.replaceAll(/\s+/g, " ")).toContain(about);
    }
    for (const command of CLI_COMMANDS) {
      const text = helpText(command, "ktrail", 100);
      for (const option of command.options) expect(text).toContain(`--${OPTIONS[option].long}`);
      for (const [line] of command.examples) expect(text).toContain(line);
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(122);
    }
  });

  it.each([60, 80, 131])("breaks no word at %i columns", (width) => {
    for (const command of CLI_COMMANDS) {
      const words = helpText(command, "ktrail", 10_000).split(/\s+/);
      expect(helpText(command, "ktrail", width).split(/\s+/)).toEqual(words);
    }
  });

  it("speaks as kubectl's plugin when called so", () => {
    expect(helpText(parsedCommand("top", "-h"), "kubectl trail", 100)).toContain("Usage: kubectl trail top FILE...");
  });

  it("shows examples that parse", () => {
    for (const command of CLI_COMMANDS) {
      for (const [line] of command.examples) {
        const own = /ktrail (.*?)(?: \| .*)?$/.exec(line)?.[1] ?? "";
        const words = [...own.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
        expect(run(...words).command.name).toBe(command.name);
      }
    }
  });
});

describe("the README", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");

  it("shows command lines that parse", () => {
    const lines = [...readme.matchAll(/^(?:\s*\$ )?ktrail (.*?)(?: {2,}#.*| \| jq.*)?$/gm)].map(
      ([, line = ""]) => line,
    );
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
      expect(parseArguments(words).kind).toBe("run");
    }
  });

  it("shows filters that parse", () => {
    const table = /^## Filters$([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";
    const filters = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, filter = ""]) => filter);
    expect(filters.length).toBeGreaterThan(5);
    for (const filter of filters) expect(parseFilter(filter)).toMatchObject({ ok: true });
  });
});

function parsedCommand(...argv: readonly string[]): Invocation["command"] {
  const parsed = parseArguments(argv);
  if (parsed.kind !== "help") throw new Error(parsed.kind);
  return parsed.command;
}
