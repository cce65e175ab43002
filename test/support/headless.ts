import { vi } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { note } from "../../src/cli/notes.ts";
import type { Style } from "../../src/cli/output.ts";
import { runHeadless } from "../../src/cli/session.ts";
import type { Sink } from "../../src/cli/sink.ts";
import { KtrailError } from "../../src/errors.ts";

interface Answered {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const PLAIN: Style = { width: null, tones: new Map(), ascii: false };

/** A command line answered in this process, as the program does: quicker than a process each, and stdout may be a terminal. */
export async function answered(argv: readonly string[], style = PLAIN, isTerminal = false): Promise<Answered> {
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
    const code = await exitCode(argv, sink, style);
    return { code, stdout: Buffer.concat(out).toString("utf8"), stderr };
  } finally {
    spy.mockRestore();
  }
}

async function exitCode(argv: readonly string[], sink: Sink, style: Style): Promise<number> {
  try {
    const parsed = parseArguments(argv);
    if (parsed.kind !== "run") return 0;
    return await runHeadless(parsed.invocation, sink, style, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof KtrailError)) throw error;
    note(error.message, error.lines);
    return error.exitCode;
  }
}
