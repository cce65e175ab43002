import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import type { FilterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import type { Pane } from "../../src/panes/contract.ts";
import { runExplorer } from "../../src/ui/explorer.tsx";
import type { ExplorerOptions, RunningExplorer } from "../../src/ui/explorer-input.ts";
import { FakeTerminal } from "./terminal.ts";

export interface OpenOptions {
  readonly engine: Engine;
  readonly panes: readonly Pane[];
  readonly language: FilterLanguage;
  readonly columns?: number;
  readonly rows?: number;
  readonly options?: ExplorerOptions;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nowMs?: number;
}

/** The whole explorer in an emulated terminal. */
export interface OpenExplorer {
  readonly terminal: FakeTerminal;
  readonly running: RunningExplorer;
  /** Presses keys one by one and waits until the screen shows their effect. */
  press(...keys: readonly string[]): Promise<void>;
  paste(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Nothing is asked, nothing waits to be drawn. */
  idle(): Promise<void>;
  screen(): string[];
  /** The screen as one text, for golden files. */
  text(): string;
  /** Leaves, if it still runs, and gives the exit code. */
  close(): Promise<number>;
  readonly exited: Promise<number>;
}

const UTF8_TERMINAL = { TERM: "xterm-256color", LANG: "en_US.UTF-8" };
/** A lone ESC is told from the start of a sequence by Ink's timer of 20 ms. */
const ESCAPE_MS = 40;
/** Of the event loop, after which the explorer waits for something. */
const MOST_ROUNDS = 50;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function openExplorer(given: OpenOptions): Promise<OpenExplorer> {
  const terminal = new FakeTerminal(given.columns ?? 80, given.rows ?? 24);
  let started: (running: RunningExplorer) => void = () => {};
  const isStarted = new Promise<RunningExplorer>((resolve) => {
    started = resolve;
  });
  const life = { hasExited: false };
  const exited = runExplorer({
    engine: given.engine,
    panes: given.panes,
    language: given.language,
    options: { timeZone: "utc", ...given.options },
    stdin: terminal.stdin,
    stdout: terminal.stdout as unknown as NodeJS.WritableStream,
    stderr: terminal.stdout as unknown as NodeJS.WritableStream,
    environment: given.environment ?? UTF8_TERMINAL,
    now: () => given.nowMs ?? 0,
    onStarted: started,
  }).finally(() => {
    life.hasExited = true;
  });
  const running = await Promise.race([isStarted, exited.then(() => null)]);
  if (running === null) throw new Error(`the explorer did not start:\n${terminal.stdout.raw}`);

  const idle = async (): Promise<void> => {
    for (let quiet = 0, rounds = 0; quiet < 2 && !life.hasExited; rounds += 1) {
      await running.instance.waitUntilRenderFlush();
      quiet = running.shell.isIdle && terminal.stdout.isDrawn ? quiet + 1 : 0;
      // What takes longer waits for a timer or a file: looking without rest would only take the processor from others.
      await (rounds < MOST_ROUNDS ? nextTurn() : sleep(1));
    }
  };
  /** Inside a prompt more text follows: what comes of each character is for nobody to see. */
  const isTyping = (key: string | undefined): boolean =>
    key?.length === 1 && running.shell.snapshot().state.prompt !== null;
  const close = async (): Promise<number> => {
    if (!life.hasExited) terminal.press("ctrl-c");
    const code = await exited;
    terminal.close();
    return code;
  };
  leaveAtTheEnd(close);
  await idle();
  return {
    terminal,
    running,
    exited,
    idle,
    screen: () => terminal.screen(),
    text: () => `${terminal.screen().join("\n").trimEnd()}\n`,
    async press(...keys) {
      for (const [at, key] of keys.entries()) {
        const isText = isTyping(key) && isTyping(keys[at + 1]);
        terminal.press(key);
        if (key === "esc") await sleep(ESCAPE_MS);
        await (isText ? nextTurn() : idle());
      }
    },
    async paste(text) {
      terminal.paste(text);
      await idle();
    },
    async resize(columns, rows) {
      terminal.resize(columns, rows);
      await idle();
    },
    close,
  };
}

/** A test that fails leaves nothing open in a thread that other files share; what a hook opens a hook closes. */
function leaveAtTheEnd(close: () => Promise<unknown>): void {
  try {
    onTestFinished(async () => void (await close()));
  } catch {
    // Opened in a hook.
  }
}

const GOLDENS = new URL("../screens/", import.meta.url);

/** Compares with `test/screens/<story>.<columns>x<rows>.txt`; `UPDATE_GOLDENS=1 vitest run test/screens` writes them. */
export function expectGolden(open: OpenExplorer, story: string): void {
  const { columns, rows } = open.terminal.stdout;
  const file = new URL(`${story}.${columns}x${rows}.txt`, GOLDENS);
  if (process.env["UPDATE_GOLDENS"] === "1") {
    mkdirSync(GOLDENS, { recursive: true });
    writeFileSync(file, open.text());
    return;
  }
  expect(existsSync(file), `${story} has no golden file: run with UPDATE_GOLDENS=1 and review it`).toBe(true);
  expect(open.text()).toBe(readFileSync(file, "utf8"));
}
