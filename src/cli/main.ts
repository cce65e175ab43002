/** Entry of the program: understands the command line, opens the explorer or answers, ends with the right exit code. */
import { existsSync, fstatSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { getAsset, isSea } from "node:sea";
import { writeErrorReason } from "../files/write-error.ts";
import { isKtrailError, KtrailError } from "../errors.ts";
import { parseArguments } from "./arguments.ts";
import { closestWords } from "../queries/closest.ts";
import { configText, headlessProblemTexts, loadConfig, problemTexts, themesOf, withConfig } from "./config.ts";
import { CLI_COMMANDS } from "./commands/registry.ts";
import type { Invocation } from "./contract.ts";
import { listenSettings } from "./engine-inputs.ts";
import { helpText } from "./help.ts";
import { EXIT_FAULT } from "./inputs.ts";
import { TOOL_BOX } from "./mcp/tools.ts";
import { note } from "./notes.ts";
import { quoted } from "./option-values.ts";
import { streamSink } from "./sink.ts";
import { terminalProblem } from "../terminal/capabilities.ts";
import { terminalSize } from "../terminal/size.ts";
import { terminalStyle } from "./terminal-style.ts";
import { webhookConfig } from "./webhook-config.ts";
import { VERSION } from "./version.ts";
import { argumentsAsGiven, pathOf } from "../files/file-names.ts";
import { ASKED_AT_A_TAB } from "./completion/scripts.ts";

/** From the signal that ends a follow to the end of the process. */
const MOST_STOPPING_MS = 900;
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const sink = streamSink(process.stdout, (error) => {
  // The reader left (`| head`): it has what it wanted, so this is no failure.
  if (error === null) process.exit(0);
  note(`the answer could not be written: ${writeErrorReason(error)}`);
  process.exit(EXIT_FAULT);
});
process.stderr.on("error", () => undefined);

const stop = new AbortController();

/** Ends at once, unless a follow wants to print what it still holds; the second signal always ends. */
function endOnSignals(canStop: boolean): void {
  for (const [signal, code] of Object.entries(EXIT_BY_SIGNAL)) {
    process.on(signal, () => {
      if (!canStop || stop.signal.aborted) process.exit(code);
      process.exitCode = code;
      stop.abort();
      // Whoever reads our answer may have stopped doing so.
      setTimeout(() => {
        note("what was still to be written is not: it took too long, or nobody takes it");
        process.exit(code);
      }, MOST_STOPPING_MS).unref();
    });
  }
}

/** The invocation with stdin as its input where none was named and something is piped in. */
function withInputs(invocation: Invocation): Invocation {
  if (invocation.inputs.length > 0 || invocation.command.files !== undefined) return invocation;
  const { exec, listen, store } = invocation.options;
  if (exec.length > 0 || listen !== undefined || store !== undefined) return invocation;
  if (isPiped()) return { ...invocation, inputs: ["-"] };
  throw new KtrailError(
    "KT100",
    "no input: name an audit log, a directory of them, or - for stdin (see ktrail --help)",
  );
}

/** What listens prints what comes, a line each. */
function asFollow(invocation: Invocation): Invocation {
  const { output = "jsonl" } = invocation.options;
  return { ...invocation, options: { ...invocation.options, output, follow: true } };
}

/** `ktrail evnts audit.log` is a mistyped command, unless there is a file of that name. */
function refuseMistypedCommand({ command, inputs }: Invocation): void {
  const [first] = inputs;
  if (command.name !== "" || first === undefined || inputs.length < 2 || existsSync(pathOf(first))) return;
  const [near] = closestWords(
    first,
    CLI_COMMANDS.map(({ name }) => name),
  );
  if (near === undefined) return;
  throw new KtrailError("KT100", `there is no command or file ${quoted(first)}; did you mean ktrail ${near}?`);
}

function isPiped(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isFile() || stdin.isSocket();
  } catch {
    return false;
  }
}

async function run(argv: readonly string[]): Promise<number> {
  const [asked, at = "", ...words] = argv;
  if (asked === ASKED_AT_A_TAB) {
    const { completionAnswer } = await import("./completion/completion-answer.ts");
    await sink.write(await completionAnswer(words, Number(at)));
    return 0;
  }
  const parsed = parseArguments(argv);
  if (parsed.kind === "version") {
    await sink.write(`ktrail ${VERSION}${isSea() ? ` (with Node.js ${process.versions.node})` : ""}\n`);
    return 0;
  }
  if (parsed.kind === "licenses") {
    const { NOTICES } = await import("./notices.ts");
    await sink.write(NOTICES);
    if (isSea())
      await sink.write(`\n${"-".repeat(80)}\nIt runs on Node.js:\n\n${getAsset("node-licence.txt", "utf8")}`);
    return 0;
  }
  if (parsed.kind === "help") {
    const program = basename(process.argv[1] ?? "").startsWith("kubectl-trail") ? "kubectl trail" : "ktrail";
    await sink.write(helpText(parsed.command, program, sink.isTerminal ? terminalSize(process.stdout).columns : 100));
    return 0;
  }
  const { text } = parsed.invocation.command;
  if (text !== undefined) {
    await sink.write(await text(parsed.invocation.operands));
    return 0;
  }
  const config = await loadConfig(parsed.invocation.given.config, process.env);
  const configured = withConfig(parsed.invocation, config);
  const isListening = configured.command.files === "address";
  if (configured.options.printConfig && isListening) {
    await sink.write(webhookConfig(listenSettings(configured)));
    return 0;
  }
  if (configured.options.printConfig) {
    await sink.write(configText(config, configured));
    for (const text of problemTexts(config)) note(text);
    return 0;
  }
  const invocation = withInputs(configured);
  refuseMistypedCommand(invocation);
  const { command, options } = invocation;
  const terminal = { isTerminal: sink.isTerminal, columns: process.stdout.columns };
  const style = terminalStyle(options, themesOf(config.values), process.env, terminal);
  const problem = terminalProblem(process.env);
  const canExplore = sink.isTerminal && problem === null && options.output === undefined;
  if ((command.name === "" || isListening) && canExplore) {
    const { openExplorer } = await import("./open-explorer.ts");
    // It restores the terminal first.
    process.off("uncaughtException", endByFault);
    return openExplorer(invocation, config, parseArguments);
  }
  if (command.name === "" && sink.isTerminal && problem !== null) note(`${problem}; this is the overview`);
  for (const text of headlessProblemTexts(config)) note(text);
  if (options.view !== undefined) {
    throw new KtrailError("KT100", "--view opens the explorer, which needs a terminal");
  }
  if (command.serve !== undefined) {
    endOnSignals(false);
    return command.serve(invocation, TOOL_BOX);
  }
  if (command.job !== undefined) {
    command.check?.(options);
    endOnSignals(true);
    return command.job({ invocation, sink, style, stop: stop.signal });
  }
  if (command.originals !== undefined) {
    endOnSignals(false);
    const { runOriginals } = await import("./originals-session.ts");
    return runOriginals(invocation, sink, style);
  }
  endOnSignals(options.follow || isListening);
  const { runHeadless } = await import("./session.ts");
  return runHeadless(isListening ? asFollow(invocation) : invocation, sink, style, stop.signal);
}

/** Node decodes names that are no UTF-8 for good; the system still has them, of the process that started this one on a newer Node. */
function givenArguments(): readonly string[] {
  const { KTRAIL_STARTED_AS: started = "self" } = process.env;
  delete process.env["KTRAIL_STARTED_AS"];
  const words = process.argv.slice(2);
  if (!words.some((word) => word.includes("\ufffd"))) return words;
  try {
    return argumentsAsGiven(words, readFileSync(`/proc/${started}/cmdline`));
  } catch {
    return words;
  }
}

/** Node would print the line of the bundle it happened in, which is most of the program. */
function endByFault(error: unknown): void {
  noteFault(error);
  process.exit(EXIT_FAULT);
}

function noteFault(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  note("this is a fault of ktrail:", stack.split("\n"));
}

async function main(): Promise<void> {
  process.on("uncaughtException", endByFault);
  let code: number;
  try {
    code = await run(givenArguments());
  } catch (error) {
    code = isKtrailError(error) ? error.exitCode : EXIT_FAULT;
    if (isKtrailError(error)) note(error.message, error.lines);
    else noteFault(error);
  }
  await sink.flush();
  process.exit(process.exitCode ?? code);
}

void main();
