import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../support/bundle.ts";
import { missingTmux, Tmux } from "../support/tmux.ts";

const missing = missingTmux();
const isDrawn = (screen: string): boolean => screen.includes("? help") && screen.includes("alice 133");
const isShell = (screen: string): boolean => screen.trimEnd().endsWith("$");
let program = "";
let terminal: Tmux | null = null;

beforeAll(async () => {
  if (missing === null) program = await bundle("test/support/explorer-entry.ts");
});
afterEach(() => {
  terminal?.close();
  terminal = null;
});

/** A shell that has printed "before", with the explorer running in it. */
async function started(name: string, before = "", after = ""): Promise<Tmux> {
  terminal = new Tmux(name, 80, 24, { KTRAIL: `${process.execPath} ${program}` });
  terminal.type(`clear; echo before; ${before}$KTRAIL${after}`);
  terminal.send("Enter");
  await terminal.until("the first screen", isDrawn);
  return terminal;
}

/** Everything is as the shell left it, and usable. */
async function expectRestored(tmux: Tmux): Promise<string> {
  await tmux.until("the shell", (text) => text.startsWith("before") && isShell(text));
  expect(tmux.isAlternate).toBe(false);
  expect(tmux.isCursorShown).toBe(true);
  tmux.type("echo typed $((40 + 2))");
  tmux.send("Enter");
  // Echo is back only when raw mode is off.
  return tmux.until("echo", (text) => text.includes("$ echo typed $((40 + 2))") && text.includes("typed 42"));
}

async function exitCode(tmux: Tmux): Promise<string> {
  tmux.type("echo code=$?");
  tmux.send("Enter");
  const screen = await tmux.until("the exit code", (text) => /code=\d/.test(text));
  return /code=(\d+)/.exec(screen)?.[1] ?? "";
}

describe.skipIf(missing !== null)(`in a real terminal${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  test("q, pressed twice, restores the screen and leaves one line", async () => {
    const tmux = await started("quit");
    expect(tmux.isAlternate).toBe(true);
    tmux.send("q");
    await tmux.until("the question", (screen) => screen.includes("again to leave"));
    tmux.send("q");
    await tmux.until("the shell", isShell);
    expect(await exitCode(tmux)).toBe("0");
    expect(await expectRestored(tmux)).toContain("ktrail: 200 requests from 1 input");
  });

  test("ctrl-c leaves from any depth, also out of a prompt", async () => {
    const tmux = await started("ctrl-c");
    tmux.send("Enter", "/");
    await tmux.until("the prompt", (screen) => screen.includes("verb:delete"));
    tmux.send("C-c");
    await expectRestored(tmux);
  });

  for (const [signal, code] of [
    ["TERM", "143"],
    ["HUP", "129"],
    ["INT", "130"],
  ] as const) {
    test(`SIG${signal} restores the terminal and exits ${code}`, async () => {
      const tmux = await started(signal.toLowerCase());
      for (const pid of tmux.children()) process.kill(pid, `SIG${signal}`);
      await tmux.until("the shell", isShell);
      expect(await exitCode(tmux)).toBe(code);
      await expectRestored(tmux);
    });
  }

  for (const how of ["throw", "reject"]) {
    test(`a crash (${how}) restores the terminal and says what happened`, async () => {
      const tmux = await started(how, "", ` ${how}`);
      const screen = await expectRestored(tmux);
      expect(screen).toMatch(/ktrail: (SyntaxError|Error: nobody caught this)/);
    });
  }

  test("ctrl-z gives the shell back, fg the explorer where it was", async () => {
    const tmux = await started("stop");
    tmux.send("j");
    tmux.send("C-z");
    await tmux.until("the shell", (screen) => screen.includes("Stopped") && isShell(screen));
    expect(tmux.isAlternate).toBe(false);
    expect(tmux.isCursorShown).toBe(true);
    tmux.resize(90, 30);
    tmux.type("fg");
    tmux.send("Enter");
    await tmux.until("the explorer", isDrawn);
    expect(tmux.isAlternate).toBe(true);
    tmux.send("Enter");
    await tmux.until("the row it was on", (screen) => screen.includes("[user:alice]"));
    tmux.send("C-c");
    await expectRestored(tmux);
  });

  test("ctrl-c leaves while a text stands on the terminal itself, and the text stays", async () => {
    const tmux = await started("copied");
    tmux.send("c");
    await tmux.until("the answer", (screen) => screen.includes("copied the cell"));
    tmux.type(":copied");
    tmux.send("Enter");
    await tmux.until("the text", (screen) => screen.includes("enter goes back"));
    expect(tmux.isAlternate).toBe(false);
    tmux.send("C-c");
    const screen = await tmux.until("the shell", isShell);
    expect(screen).toMatch(/^before\n[^]*^bob$[^]*^ktrail: 200 requests/m);
    expect(await exitCode(tmux)).toBe("130");
    await expectRestored(tmux);
  });

  test("kill -STOP and fg: the terminal is taken back", async () => {
    const tmux = await started("sigstop");
    for (const pid of tmux.children()) process.kill(pid, "SIGSTOP");
    await tmux.until("the shell", (screen) => screen.includes("Stopped"));
    tmux.type("fg");
    tmux.send("Enter");
    await tmux.until("the explorer", isDrawn);
    tmux.send("q", "q");
    await tmux.until("the end", (screen) => !isDrawn(screen));
    expect(await exitCode(tmux)).toBe("0");
    expect([tmux.isAlternate, tmux.isCursorShown]).toEqual([false, true]);
  });

  test("resizing redraws the whole screen at every size", async () => {
    const tmux = await started("resize");
    for (const [columns, rows] of [
      [120, 40],
      [60, 15],
      [200, 50],
      [80, 24],
    ] as const) {
      tmux.resize(columns, rows);
      const screen = await tmux.until(`${columns}×${rows}`, (text) => {
        const lines = text.trimEnd().split("\n");
        return isDrawn(text) && lines.length === rows && (lines.at(-1)?.length ?? 0) > columns - 12;
      });
      expect(screen.split("\n").filter((line) => line.includes("audit.log"))).toHaveLength(1);
    }
    tmux.resize(40, 8);
    await tmux.until("the sentence", (screen) => screen.includes("needs 60×15, is 40×8"));
  });

  test("keys come from the terminal when stdin is the log", async () => {
    terminal = new Tmux("stdin", 80, 24, { KTRAIL: `${process.execPath} ${program}` });
    terminal.type("clear; echo before; yes | $KTRAIL -");
    terminal.send("Enter");
    await terminal.until("the first screen", isDrawn);
    terminal.send("Enter");
    await terminal.until("the requests", (screen) => screen.includes("top › requests"));
    terminal.send("C-z");
    await terminal.until("both stopped", (screen) => screen.includes("Stopped") && isShell(screen));
    terminal.type("fg");
    terminal.send("Enter");
    await terminal.until("the requests again", (screen) => screen.includes("top › requests"));
    terminal.send("C-c");
    await expectRestored(terminal);
  });

  test("a reader of the screen that goes away ends the program", async () => {
    terminal = new Tmux("epipe", 80, 24, { KTRAIL: `${process.execPath} ${program}` });
    const reader = "{ head -c 1 > /dev/null; echo read enough > /dev/tty; }";
    terminal.type(`clear; echo before; $KTRAIL | ${reader}; echo pipe=\${PIPESTATUS[0]}`);
    terminal.send("Enter");
    await terminal.until("the reader's end", (screen) => screen.includes("read enough"));
    // Whatever was written before it went: what is drawn now reaches nobody.
    terminal.send("Enter");
    await terminal.until("the end", (screen) => /pipe=\d/.test(screen));
    await expectRestored(terminal);
  });

  test("a terminal that goes away takes the program with it", async () => {
    const tmux = await started("gone");
    const [pid] = tmux.children();
    tmux.close();
    const isAlive = (): boolean => {
      try {
        process.kill(pid ?? 0, 0);
        return true;
      } catch {
        return false;
      }
    };
    await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
  });

  test("TERM=dumb gets a sentence", async () => {
    terminal = new Tmux("dumb", 80, 24, { KTRAIL: `${process.execPath} ${program}` });
    terminal.type("clear; TERM=dumb $KTRAIL; echo code=$?");
    terminal.send("Enter");
    const screen = await terminal.until("the sentence", (text) => /code=2/.test(text));
    expect(screen).toContain("ktrail: this terminal cannot move the cursor (TERM=dumb)");
  });
});
