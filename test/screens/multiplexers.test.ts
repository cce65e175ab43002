import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { displayWidth } from "../../src/models/display-width.ts";
import { bundle } from "../support/bundle.ts";
import { ensureBuilt, ROOT, PROGRAM_ARGUMENTS, PROGRAM_FILE } from "../support/program.ts";
import { missingTmux, Tmux } from "../support/tmux.ts";

const missing = missingTmux();
const missingScreen =
  missing ?? (spawnSync("screen", ["--version"]).error === undefined ? null : "GNU screen is not installed");
const reason = (why: string | null): string => (why === null ? "" : ` (skipped: ${why})`);
let explorer = "";
let terminal: Tmux | null = null;

beforeAll(async () => {
  if (missing !== null) return;
  explorer = await bundle("test/support/explorer-entry.ts");
  ensureBuilt();
});
afterEach(() => {
  terminal?.close();
  terminal = null;
});

/** A shell in tmux where `$KTRAIL` is the explorer over sample data. */
function shell(name: string, columns = 80, rows = 24): Tmux {
  terminal = new Tmux(name, columns, rows, { KTRAIL: `${process.execPath} ${explorer}`, HOME: "/nonexistent" });
  terminal.set("set-clipboard", "on");
  return terminal;
}

describe.skipIf(missing !== null)(`in tmux${reason(missing)}`, () => {
  test("what is copied reaches tmux, in 256 colours", async () => {
    const tmux = shell("clipboard");
    tmux.type("TERM=tmux-256color COLORTERM= $KTRAIL");
    tmux.send("Enter");
    await tmux.until("the first screen", (screen) => screen.includes("alice 133"));
    expect(tmux.colored()).toContain("38;5;");
    tmux.send("6", "j", "c");
    await tmux.until("copied", (screen) => screen.includes("copied the cell"));
    expect(tmux.clipboard).toBe("web-1");
  });

  test("columns are aligned whatever the names are made of", async () => {
    const tmux = shell("names");
    tmux.type("$KTRAIL names");
    tmux.send("Enter");
    await tmux.until("the first screen", (screen) => screen.includes("plain"));
    tmux.send("6");
    const screen = await tmux.until("requests", (text) => text.includes("web-6 "));
    const rows = screen.split("\n").filter((row) => / web-\d+ \d{3}$/.test(row.trimEnd()));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(rows.filter((row) => row.includes("שלום עולם get web-2 "))).toHaveLength(1);
    expect(rows.every((row) => displayWidth(row.trimEnd()) <= 80)).toBe(true);
  });

  test("a view saved with ctrl-s is in the file, and opens the next time", async () => {
    const tmux = shell("views");
    const home = mkdtempSync(join(tmpdir(), "ktrail-home-"));
    const program = `HOME=${home} XDG_CONFIG_HOME= ${[PROGRAM_FILE, ...PROGRAM_ARGUMENTS].join(" ")}`;
    const log = join(ROOT, "fixtures/demo/audit.log");
    tmux.type(`clear; ${program} ${log}`);
    tmux.send("Enter");
    await tmux.until("the overview", (screen) => screen.includes("? help"));
    tmux.type(":codes 403");
    tmux.send("Enter", "C-s");
    await tmux.until("the prompt", (screen) => screen.includes("save NAME"));
    tmux.type("who is refused");
    tmux.send("Enter");
    await tmux.until("the answer", (screen) => screen.includes("saved “who is refused”"));
    tmux.send("C-c");
    expect(readFileSync(join(home, ".config/ktrail/views.yaml"), "utf8")).toContain("who is refused:");
    tmux.type(`clear; ${program} --view 'who is refused' ${log}`);
    tmux.send("Enter");
    await tmux.until("the view", (screen) => screen.includes("403 Forbidden"));
  });

  test("a terminal that cannot move its cursor gets the overview as text, with a note", async () => {
    const tmux = shell("dumb", 160, 120);
    for (const term of ["dumb", ""]) {
      tmux.type(`clear; TERM=${term} ${[PROGRAM_FILE, ...PROGRAM_ARGUMENTS].join(" ")} ${join(ROOT, "fixtures/demo/audit.log")}; echo code=$?`);
      tmux.send("Enter");
      const screen = await tmux.until("the end", (text) => /^code=\d+$/m.test(text));
      expect(screen).toContain("this terminal cannot move the cursor");
      expect(screen).toMatch(/requests/);
      expect(screen).toContain("code=0");
      expect(tmux.isAlternate).toBe(false);
    }
  });
});

describe.skipIf(missingScreen !== null)(`in GNU screen${reason(missingScreen)}`, () => {
  test("what is copied reaches the terminal around it, in 256 colours at most", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-screen-"));
    writeFileSync(join(folder, "rc"), "startup_message off\nterm screen-256color\nutf8 on\n");
    const tmux = shell("screen");
    tmux.type(`env -u TMUX SCREENDIR=${folder} COLORTERM=truecolor screen -U -c ${folder}/rc $KTRAIL`);
    tmux.send("Enter");
    await tmux.until("the first screen", (screen) => screen.includes("alice 133"));
    tmux.send("6", "j", "c");
    await tmux.until("copied", (screen) => screen.includes("copied the cell"));
    await expect.poll(() => tmux.clipboard).toBe("web-1");
    expect(tmux.colored()).not.toContain("38;2;");
    tmux.send("C-c");
    await tmux.until("the shell", (screen) => screen.includes("[screen is terminating]"));
  });
});
