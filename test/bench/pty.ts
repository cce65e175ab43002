import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import xterm from "@xterm/headless";
import { isInstalled } from "./child.ts";

const START_MS = 60_000;
const LEAVE_MS = 10_000;
const SAME_UPDATE_MS = 4;
/** Of a row: enough to tell whose it is, too little to show its figures. */
const NAME_COLUMNS = 40;

/** util-linux' script gives a child a pseudo-terminal; that of BSD and macOS has other options. */
export function missingPty(): string | null {
  if (process.platform !== "linux") return "pseudo-terminals are measured on Linux only";
  return isInstalled("script") ? null : "script (util-linux) is not installed";
}

export interface Arrival {
  /** When the bytes came, on performance.now()'s clock. */
  readonly at: number;
  readonly bytes: number;
}

/** A program in a pseudo-terminal of its own, its output drawn by an emulator. */
export class Pty {
  readonly started = performance.now();
  readonly arrivals: Arrival[] = [];
  /** Text since the last `forget`. */
  output = "";
  pid = 0;
  private readonly script: ChildProcessWithoutNullStreams;
  private readonly emulator: xterm.Terminal;
  private readonly listeners = new Set<(at: number) => void>();
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;

  constructor(command: readonly string[], columns: number, rows: number) {
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.script = spawn(
      "script",
      ["-qfec", `stty cols ${columns} rows ${rows}; echo PID=$$; exec ${quoted}`, "/dev/null"],
      {
        env: { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", SHELL: "/bin/sh" },
      },
    );
    this.ended = new Promise((resolve) => this.script.on("close", resolve));
    this.script.stdin.on("error", () => undefined);
    this.script.stdout.on("data", (chunk: Buffer) => this.receive(chunk));
  }

  get bytes(): number {
    return this.arrivals.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of each update since the last `forget`: what comes without a pause was written in one go. */
  updates(): number[] {
    const sizes: number[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (const { at, bytes } of this.arrivals) {
      if (at - last < SAME_UPDATE_MS) sizes.push((sizes.pop() ?? 0) + bytes);
      else sizes.push(bytes);
      last = at;
    }
    return sizes;
  }

  forget(): void {
    this.arrivals.length = 0;
    this.output = "";
  }

  type(text: string): void {
    this.script.stdin.write(text);
  }

  screen(): string {
    const { active } = this.emulator.buffer;
    const rows = Array.from({ length: this.emulator.rows }, (_, row) => active.getLine(active.viewportY + row));
    return rows.map((line) => line?.translateToString(true) ?? "").join("\n");
  }

  /** Row of the cursor bar and what it covers: the text changes when the cursor moves, not when its row is ranked anew. */
  bar(): { readonly row: number; readonly text: string } | null {
    const { active } = this.emulator.buffer;
    for (let row = 0; row < this.emulator.rows; row++) {
      const line = active.getLine(active.viewportY + row);
      if (line === undefined || line.getCell(4)?.isInverse() === 0) continue;
      return { row, text: line.translateToString(true, 0, NAME_COLUMNS) };
    }
    return null;
  }

  /** Resolves with the arrival time of the bytes that made `test` true; rejects after `patience` ms. */
  until(test: () => boolean, patience = START_MS): Promise<number> {
    return new Promise((resolve, reject) => {
      const listener = (at: number): void => {
        if (!test()) return;
        done();
        resolve(at);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`waited in vain; the screen shows:\n${this.screen()}`));
      }, patience);
      const done = (): void => {
        clearTimeout(timer);
        this.listeners.delete(listener);
      };
      this.listeners.add(listener);
    });
  }

  /** Resolves when nothing came for so long. */
  async quiet(ms: number, patience = START_MS): Promise<void> {
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      const last = this.arrivals.at(-1)?.at ?? this.started;
      const rest = last + ms - performance.now();
      if (rest <= 0) return;
      await pause(rest);
    }
  }

  /** CPU seconds of all threads that live; `screen`: of the main thread alone. */
  cpuSeconds(): { readonly all: number; readonly screen: number } {
    let all = 0;
    let screen = 0;
    for (const thread of readdirSync(`/proc/${this.pid}/task`)) {
      const ran = Number(readFileSync(`/proc/${this.pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e9;
      all += ran;
      if (thread === String(this.pid)) screen = ran;
    }
    return { all, screen };
  }

  /** SIGSTOP also stops `script`, which waits for its child: SIGCONT is for both. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    if (signal === "SIGCONT") this.script.kill(signal);
    process.kill(this.pid, signal);
  }

  residentMiB(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))?.[1]) / 1_024;
  }

  async close(): Promise<void> {
    this.type("\u0003");
    const late = setTimeout(() => process.kill(this.pid, "SIGKILL"), LEAVE_MS);
    await this.ended;
    clearTimeout(late);
    this.emulator.dispose();
  }

  private receive(chunk: Buffer): void {
    const at = performance.now();
    if (this.pid === 0) {
      // The shell says who it is before it becomes the program.
      this.pid = Number(/PID=(\d+)/.exec(chunk.toString())?.[1] ?? 0);
      return;
    }
    this.arrivals.push({ at, bytes: chunk.length });
    this.output += chunk.toString("latin1");
    this.emulator.write(chunk, () => {
      for (const listener of this.listeners) listener(at);
    });
  }
}
