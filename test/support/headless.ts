import { afterAll, vi } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { note } from "../../src/cli/notes.ts";
import { runOriginals } from "../../src/cli/originals-session.ts";
import type { Style } from "../../src/cli/output.ts";
import { runHeadless } from "../../src/cli/session.ts";
import type { Sink } from "../../src/cli/sink.ts";
import { terminalStyle } from "../../src/cli/terminal-style.ts";
import type { FeedingEngine } from "../../src/engine/contract.ts";
import { createEngine, type EngineWishes } from "../../src/engine/create-engine.ts";
import { KtrailError } from "../../src/errors.ts";
import { THEMES } from "../../src/terminal/themes.ts";

interface Answered {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type OpenEngine = (wishes: EngineWishes) => FeedingEngine;

export const PLAIN: Style = { width: null, tones: new Map(), ascii: false };

/**
 * A command line answered in this process, as the program does: quicker than a process each, and stdout may be a terminal.
 * Without a style it is that of a pipe.
 */
export async function answered(
  argv: readonly string[],
  style?: Style,
  isTerminal = false,
  open: OpenEngine = createEngine,
): Promise<Answered> {
  const out: Buffer[] = [];
  let stderr = "";
  const sink: Sink = {
    isTerminal,
    write: (chunk) => {
      out.push(Buffer.from(chunk as Uint8Array));
      return Promise.resolve();
    },
    flush: () => Promise.resolve(),
  };
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    const code = await exitCode(argv, sink, style, open);
    return { code, stdout: Buffer.concat(out).toString("utf8"), stderr };
  } finally {
    spy.mockRestore();
  }
}

/** As `answered`, but a log that a test file asks many questions is read once: engines are kept until the file's end. */
export function answering(): (argv: readonly string[]) => Promise<Answered> {
  const kept = new Map<string, { readonly engine: FeedingEngine; readonly close: () => Promise<void> }>();
  const open = (wishes: EngineWishes): FeedingEngine => {
    const key = JSON.stringify(wishes);
    const known = kept.get(key);
    if (known !== undefined) return known.engine;
    const engine = createEngine(wishes);
    kept.set(key, { engine, close: engine.close.bind(engine) });
    engine.close = () => Promise.resolve();
    return engine;
  };
  afterAll(async () => {
    for (const { close } of kept.values()) await close();
    kept.clear();
  });
  return (argv) => answered(argv, undefined, false, open);
}

async function exitCode(
  argv: readonly string[],
  sink: Sink,
  style: Style | undefined,
  open: OpenEngine,
): Promise<number> {
  try {
    const parsed = parseArguments(argv);
    if (parsed.kind !== "run") throw new Error(`${argv.join(" ")} runs no command`);
    const { invocation } = parsed;
    const look = style ?? terminalStyle(invocation.options, THEMES, {}, sink);
    if (invocation.command.originals !== undefined) return await runOriginals(invocation, sink, look);
    return await runHeadless(invocation, sink, look, new AbortController().signal, open);
  } catch (error) {
    if (!(error instanceof KtrailError)) throw error;
    note(error.message, error.lines);
    return error.exitCode;
  }
}
