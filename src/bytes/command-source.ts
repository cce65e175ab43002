import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { createInterface } from "node:readline";
import type { ByteSource, Compression, FileGeneration } from "./contract.ts";
import type { Sniff } from "./archives/concatenated.ts";
import { printable } from "./read-error.ts";
import { streamSource } from "./stdin-source.ts";

export interface CommandOptions {
  readonly sniff: Sniff;
  /** A command that ends is started again: always, only when it fails, or never. */
  readonly restart: "always" | "failed" | "never";
  /** What the command says on stderr, and what becomes of it: a line each. */
  readonly onNote: (text: string) => void;
  /** First pause before it is started again, ms. */
  readonly pauseMs?: number;
}

const PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 30_000;
/** One that ran so long has not failed at the start. */
const LASTING_MS = 60_000;
const TERMINATE_MS = 2_000;
const MOST_LINE = 500;
const NEWLINE = Buffer.from("\n");

/** What a shell command prints, as one stream over all its starts. Nothing runs before the first pull. */
export function commandSource(command: string, options: CommandOptions): ByteSource {
  return new CommandSource(command, options);
}

class CommandSource implements ByteSource {
  readonly path: string;
  readonly totalBytes = null;
  readonly generation: FileGeneration | null = null;
  compression: Compression = "none";
  bytesRead = 0;
  fault: string | null = null;
  private readonly options: CommandOptions;
  private lastSaid = "";

  constructor(command: string, options: CommandOptions) {
    this.path = command;
    this.options = options;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    const { restart, pauseMs = PAUSE_MS } = this.options;
    let pause = pauseMs;
    for (;;) {
      const startedMs = performance.now();
      const failure = yield* this.run(signal);
      if (isAborted(signal)) return;
      if (restart === "never" || (failure === null && restart === "failed")) {
        if (failure !== null) this.fault = `${printable(this.path)}: ${failure}${this.lastWords()}`;
        return;
      }
      // The next start begins a line of its own.
      yield NEWLINE;
      if (performance.now() - startedMs > LASTING_MS) pause = pauseMs;
      this.note(`${failure ?? "it has ended"}; it is started again in ${(pause / 1_000).toFixed(0)} s`);
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      if (isAborted(signal)) return;
      pause = Math.min(pause * 2, MOST_PAUSE_MS);
    }
  }

  /** Runs it once; returns why it has failed, null when it has not. */
  private async *run(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, string | null, void> {
    const child = spawn(this.path, { shell: true, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const ended = endOf(child);
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.lastSaid = line.trim() === "" ? this.lastSaid : line;
      this.note(line);
    });
    const stop = (): void => terminate(child);
    signal?.addEventListener("abort", stop, { once: true });
    const source = streamSource(this.path, child.stdout, this.options.sniff);
    const before = this.bytesRead;
    try {
      for await (const chunk of source.chunks(signal)) {
        this.bytesRead = before + source.bytesRead;
        this.compression = source.compression;
        yield chunk;
      }
      return (await ended) ?? source.fault;
    } finally {
      signal?.removeEventListener("abort", stop);
      terminate(child);
    }
  }

  private note(text: string): void {
    const line = text.trim().slice(0, MOST_LINE);
    if (line !== "") this.options.onNote(`${printable(this.path)}: ${printable(line)}`);
  }

  private lastWords(): string {
    return this.lastSaid === "" ? "" : ` (${printable(this.lastSaid.trim().slice(0, MOST_LINE))})`;
  }
}

/** As of now: it may have fired while something was waited for. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function endOf(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`it cannot be started: ${error.message}`));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(null);
      else resolve(code === null ? `it was ended by ${String(signal)}` : `it has failed with exit code ${code}`);
    });
  });
}

/** The shell's whole group: a pipeline is several processes. */
function terminate(child: ChildProcess): void {
  const { pid, exitCode, signalCode } = child;
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  kill(pid, "SIGTERM");
  const timer = setTimeout(() => kill(pid, "SIGKILL"), TERMINATE_MS);
  timer.unref();
  child.once("exit", () => clearTimeout(timer));
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
