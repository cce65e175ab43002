import { execFileSync, spawnSync } from "node:child_process";

/** tmux 3 or newer: a real pseudo-terminal with a shell in it. Null with the reason when there is none. */
export function missingTmux(): string | null {
  const found = spawnSync("tmux", ["-V"], { encoding: "utf8" });
  if (found.error !== undefined || found.status !== 0) return "tmux is not installed";
  return /tmux (?:next-)?[3-9]/.test(found.stdout) ? null : `${found.stdout.trim()} is too old`;
}

const PATIENCE_MS = 20_000;

/** A shell in a terminal of its own tmux server. */
export class Tmux {
  private readonly socket: string;

  constructor(name: string, columns: number, rows: number, environment: Readonly<Record<string, string>> = {}) {
    this.socket = `ktrail-${name}-${process.pid}`;
    const variables = Object.entries({ PS1: "$ ", LANG: "C.UTF-8", LC_ALL: "C.UTF-8", ...environment });
    const shell = ["env", ...variables.map(([key, value]) => `${key}=${value}`), "bash", "--norc", "--noprofile", "-i"];
    const session = ["new-session", "-d", "-s", "main", "-x", String(columns), "-y", String(rows)];
    this.tmux("-f", "/dev/null", ...session, ...shell);
    this.tmux("set-option", "-g", "window-size", "manual");
  }

  /** Keys by tmux's names ("Enter", "C-z"), anything else literally. */
  send(...keys: readonly string[]): void {
    this.tmux("send-keys", "-t", "main", ...keys);
  }

  type(text: string): void {
    this.tmux("send-keys", "-t", "main", "-l", text);
  }

  screen(): string {
    return this.tmux("capture-pane", "-p", "-t", "main");
  }

  /** The screen once it satisfies `test`; fails with what was there instead. */
  async until(what: string, test: (screen: string) => boolean): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const screen = this.screen();
      if (test(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  resize(columns: number, rows: number): void {
    this.tmux("resize-window", "-t", "main", "-x", String(columns), "-y", String(rows));
  }

  /** Process id of the shell. */
  get shell(): number {
    return Number(this.tmux("display-message", "-p", "-t", "main", "#{pane_pid}"));
  }

  /** The child of the shell, and its children: the program under test. */
  children(): number[] {
    const found = spawnSync("pgrep", ["-P", String(this.shell)], { encoding: "utf8" });
    return found.stdout.split("\n").filter(Boolean).map(Number);
  }

  set(option: string, value: string): void {
    this.tmux("set-option", "-s", option, value);
  }

  /** What programs put on the clipboard; null when nothing did. */
  get clipboard(): string | null {
    const found = spawnSync("tmux", ["-L", this.socket, "show-buffer"], { encoding: "utf8" });
    return found.status === 0 ? found.stdout : null;
  }

  /** The screen with its colours as escape sequences. */
  colored(): string {
    return this.tmux("capture-pane", "-p", "-e", "-t", "main");
  }

  get isAlternate(): boolean {
    return this.tmux("display-message", "-p", "-t", "main", "#{alternate_on}").trim() === "1";
  }

  get isCursorShown(): boolean {
    return this.tmux("display-message", "-p", "-t", "main", "#{cursor_flag}").trim() === "1";
  }

  close(): void {
    spawnSync("tmux", ["-L", this.socket, "kill-server"]);
  }

  private tmux(...args: readonly string[]): string {
    return execFileSync("tmux", ["-L", this.socket, ...args], { encoding: "utf8" });
  }
}
