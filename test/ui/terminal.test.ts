import type { Key } from "ink";
import { describe, expect, test } from "vitest";
import { capabilitiesOf, terminalProblem } from "../../src/terminal/capabilities.ts";
import { clipboardProblem, clipboardSequence } from "../../src/ui/terminal/clipboard.ts";
import { KeyInput } from "../../src/ui/terminal/key-input.ts";
import { keyPresses } from "../../src/ui/terminal/key-names.ts";
import { exitCodeOf } from "../../src/ui/terminal/lifecycle.ts";
import { FakeStdin } from "../support/terminal.ts";

const UTF8 = { LANG: "en_US.UTF-8", TERM: "xterm-256color" };

describe("what the terminal can show", () => {
  test("colours by TERM and COLORTERM, none by NO_COLOR or --color never", () => {
    expect(capabilitiesOf(UTF8).color).toBe("256");
    expect(capabilitiesOf({ ...UTF8, COLORTERM: "truecolor" }).color).toBe("true");
    expect(capabilitiesOf({ ...UTF8, TERM: "xterm" }).color).toBe("16");
    expect(capabilitiesOf({ ...UTF8, TERM: "vt100" }).color).toBe("none");
    expect(capabilitiesOf({ ...UTF8, TERM: "xterm-kitty" }).color).toBe("true");
    expect(capabilitiesOf({ ...UTF8, TERM: "foot" }).color).toBe("true");
    expect(capabilitiesOf({ ...UTF8, TERM: "screen-256color", STY: "1.pts", COLORTERM: "truecolor" }).color).toBe(
      "256",
    );
    expect(capabilitiesOf({ ...UTF8, TERM: "screen", STY: "1.pts", COLORTERM: "truecolor" }).color).toBe("16");
    expect(
      capabilitiesOf({ ...UTF8, TERM: "tmux-256color", TMUX: "/t", STY: "1.pts", COLORTERM: "truecolor" }).color,
    ).toBe("true");
    expect(capabilitiesOf({ ...UTF8, TERM: "linux" }).color).toBe("16");
    expect(capabilitiesOf({ ...UTF8, NO_COLOR: "1" }).color).toBe("none");
    expect(capabilitiesOf({ ...UTF8, NO_COLOR: "" }).color).toBe("256");
    expect(capabilitiesOf({ ...UTF8, NO_COLOR: "1" }, { color: "always" }).color).toBe("256");
    expect(capabilitiesOf(UTF8, { color: "never" }).color).toBe("none");
  });

  test("ASCII without a UTF-8 locale: LC_ALL over LC_CTYPE over LANG", () => {
    expect(capabilitiesOf(UTF8).unicode).toBe(true);
    expect(capabilitiesOf({}).unicode).toBe(false);
    expect(capabilitiesOf({ LANG: "C" }).unicode).toBe(false);
    expect(capabilitiesOf({ LANG: "C.utf8" }).unicode).toBe(true);
    expect(capabilitiesOf({ ...UTF8, LC_ALL: "POSIX" }).unicode).toBe(false);
    expect(capabilitiesOf({ LANG: "C", LC_CTYPE: "de_DE.UTF-8" }).unicode).toBe(true);
    expect(capabilitiesOf(UTF8, { ascii: true }).unicode).toBe(false);
  });

  test("a terminal without cursor movement is told what to use instead", () => {
    expect(terminalProblem({ TERM: "dumb" })).toMatch(/TERM=dumb.*ktrail info/);
    expect(terminalProblem(UTF8)).toBeNull();
  });
});

describe("keys", () => {
  const none = {} as Key;

  test("a chunk of several keys is several key presses", () => {
    expect(keyPresses("jjj", none).map((press) => press.name)).toEqual(["j", "j", "j"]);
    expect(keyPresses(":q\r", none).map((press) => press.name)).toEqual([":", "q", "enter"]);
    expect(keyPresses("a é日", none).map((press) => press.text)).toEqual(["a", " ", "é", "日"]);
    expect(keyPresses("g\u0004", none).map((press) => press.name)).toEqual(["g", "ctrl-d"]);
  });

  test("named keys with what was held", () => {
    expect(keyPresses("", { pageDown: true } as Key)).toEqual([{ name: "pagedown", text: null }]);
    expect(keyPresses("", { tab: true, shift: true } as Key)[0]?.name).toBe("shift-tab");
    expect(keyPresses("d", { ctrl: true } as Key)[0]?.name).toBe("ctrl-d");
    expect(keyPresses("x", { meta: true } as Key)[0]).toEqual({ name: "alt-x", text: null });
    expect(keyPresses("", { backspace: true, meta: true } as Key)[0]?.name).toBe("alt-backspace");
  });

  test("function keys get past Ink, and UTF-8 cut between chunks stays whole", async () => {
    const stdin = new FakeStdin();
    const input = new KeyInput(stdin);
    const bytes = Buffer.from("\u001bOPé\u001b[12~x");
    stdin.write(bytes.subarray(0, 4));
    stdin.end(bytes.subarray(4));
    let text = "";
    for await (const chunk of input) text += String(chunk);
    expect(keyPresses(text, none).map((press) => press.name)).toEqual(["f1", "é", "f2", "x"]);
  });
});

describe("the clipboard", () => {
  test("OSC 52 with nothing but base64 inside, whatever the text", () => {
    const sequence = clipboardSequence("pods/web\u0007\u001b\\", UTF8);
    expect(sequence).toMatch(/^\u001b\]52;c;[A-Za-z0-9+/=]*\u0007$/);
    expect(Buffer.from(sequence.slice(7, -1), "base64").toString()).toBe("pods/web\u0007\u001b\\");
  });

  test("through tmux and screen", () => {
    expect(clipboardSequence("x", { ...UTF8, TMUX: "/tmp/t" })).toBe(
      "\u001b]52;c;eA==\u0007\u001bPtmux;\u001b\u001b]52;c;eA==\u0007\u001b\\",
    );
    const long = clipboardSequence("x".repeat(3_000), { TERM: "screen-256color", STY: "1.pts" });
    const chunks = long.split("\u001b\\").slice(0, -1);
    expect(chunks.every((chunk) => chunk.startsWith("\u001bP") && chunk.length <= 768)).toBe(true);
    expect(chunks.map((chunk) => chunk.slice(2)).join("")).toBe(clipboardSequence("x".repeat(3_000), UTF8));
  });

  test("too much for a terminal is refused, not cut; so is what a console would show", () => {
    expect(clipboardProblem("x".repeat(200_000), UTF8)).toContain("200,000 bytes are too much");
    expect(clipboardProblem("x", UTF8)).toBeNull();
    for (const TERM of ["linux", "vt220"]) expect(clipboardProblem("x", { TERM })).toContain(TERM);
    expect(clipboardProblem("x", { TERM: "linux", TMUX: "/tmp/t" })).toBeNull();
    expect(clipboardProblem("x", { TERM: "xterm-256color", TERM_PROGRAM: "Apple_Terminal" })).toContain("Terminal.app");
  });
});

test("exit codes", () => {
  expect(exitCodeOf({ kind: "quit" })).toBe(0);
  expect(exitCodeOf({ kind: "signal", signal: "SIGTERM" })).toBe(143);
  expect(exitCodeOf({ kind: "signal", signal: "SIGHUP" })).toBe(129);
  expect(exitCodeOf({ kind: "crash", error: new Error("x") })).toBe(1);
});
