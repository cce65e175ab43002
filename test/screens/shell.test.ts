import { describe, expect, test } from "vitest";
import { expectGolden, openExplorer, type OpenExplorer, type OpenOptions } from "../support/explorer.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";
import { sampleLanguage, samplePanes } from "../support/sample-panes.ts";

const ROWS = Array.from({ length: 100 }, (_, seq) =>
  request(seq, {
    user: seq % 3 === 0 ? "bob" : "alice",
    code: seq % 10 === 7 ? 403 : 200,
    ...(seq >= 60 ? { receivedUs: request(seq).receivedUs + 600_000_000 } : {}),
  }),
);

function open(options: Partial<OpenOptions> = {}): Promise<OpenExplorer> {
  return openExplorer({ engine: new SampleEngine(ROWS), panes: samplePanes, language: sampleLanguage, ...options });
}

/** The row under the cursor, found by its looks. */
function cursorRow(explorer: OpenExplorer): string {
  const at = explorer.screen().findIndex((_, row) => row > 1 && explorer.terminal.styleAt(0, row).reverse);
  return explorer.screen()[at] ?? "";
}
/** What narrows the screen, without where the digits lead. */
const filters = (explorer: OpenExplorer): string => explorer.screen()[2]?.replace(/ {2,}\d.*$/, "") ?? "";
const footer = (explorer: OpenExplorer): string => explorer.screen().at(-1)?.trim() ?? "";

describe("the frame around panes", () => {
  for (const [columns, rows] of [
    [60, 15],
    [80, 24],
    [120, 40],
  ] as const) {
    test(`fills ${columns}×${rows}`, async () => {
      const explorer = await open({ columns, rows });
      expect(explorer.terminal.isAlternate).toBe(true);
      expectGolden(explorer, "shell-first-pane");
      await explorer.press("6", "?");
      expectGolden(explorer, "shell-help");
      expect(await explorer.close()).toBe(0);
      expect(explorer.terminal.isAlternate).toBe(false);
      expect(explorer.terminal.stdin.isRaw).toBe(false);
      expect(explorer.terminal.stdout.raw).toContain("ktrail: 100 requests from 1 input");
    });
  }

  test("too small says what it needs, and comes back", async () => {
    const explorer = await open({ columns: 80, rows: 24 });
    await explorer.resize(50, 10);
    expect(explorer.screen().slice(0, 3)).toEqual(["terminal too small", "needs 60×15, is 50×10", "ctrl-c leaves"]);
    await explorer.resize(3, 1);
    expect(explorer.screen()).toHaveLength(1);
    await explorer.resize(100, 30);
    expect(explorer.screen()[1]).toBe(" top");
    expect(explorer.screen().at(-1)).toContain("? help");
    await explorer.close();
  });

  test("of a terminal that says it has 65,535 by 65,535 a part is drawn on", async () => {
    const explorer = await open();
    const { stdout } = explorer.terminal;
    Object.assign(stdout, { columns: 65_535, rows: 65_535 });
    stdout.emit("resize");
    await explorer.idle();
    expect(explorer.running.shell.snapshot().state.size).toEqual({ columns: 2_000, rows: 1_000 });
    expect(stdout.bytes).toBeLessThan(4_000_000);
    Object.assign(stdout, { columns: 80, rows: 24 });
    stdout.emit("resize");
    await explorer.press("6");
    expect(explorer.screen().at(-1)).toContain("? help");
    await explorer.close();
  });

  test("in a C locale every byte is ASCII", async () => {
    const explorer = await open({ environment: { TERM: "xterm", LANG: "C" } });
    await explorer.press("6", "/", "user:bob", "enter", "?");
    expect(explorer.terminal.stdout.raw).toMatch(/^[\x00-\x7f]*$/);
    await explorer.close();
  });

  test("NO_COLOR leaves no colour codes", async () => {
    const explorer = await open({ environment: { TERM: "xterm-256color", LANG: "C.UTF-8", NO_COLOR: "1" } });
    await explorer.press("6", "j");
    expect(explorer.terminal.stdout.raw).not.toMatch(/\u001b\[[\d;]*(3\d|4\d|9\d)(;[\d;]*)?m/);
    expect(cursorRow(explorer)).toContain("web-1");
    await explorer.close();
  });
});

describe("keys", () => {
  test("a burst in one chunk is as many keys", async () => {
    const explorer = await open();
    await explorer.press("6", "jjjj");
    expect(cursorRow(explorer)).toBe("4 alice get web-4 200");
    await explorer.press("G");
    expect(cursorRow(explorer)).toBe("99 bob get web-99 200");
    await explorer.press("g", "ctrl-d");
    expect(cursorRow(explorer)).toBe("10 alice get web-10 200");
    await explorer.press("pagedown");
    expect(cursorRow(explorer)).toBe("30 bob get web-30 200");
    await explorer.close();
  });

  test("says where the digits lead, as far as there is room", async () => {
    const explorer = await open();
    expect(explorer.screen()[2]).toMatch(/^ no filter {2,}\d \S+ .*\d \S+$/);
    await explorer.press("/", `code:403 ${"user:bob,".repeat(7)}alice`, "enter");
    expect(explorer.screen()[2]).toMatch(/\]$|…$/);
    await explorer.close();
  });

  test("goes to a row by its number, and says which is the last", async () => {
    const explorer = await open();
    await explorer.press("6", ":", "20", "enter");
    expect(cursorRow(explorer)).toContain("web-19 ");
    await explorer.press(":", "99999", "enter");
    expect(footer(explorer)).toBe("row 100 is the last");
    expect(cursorRow(explorer)).toContain("web-99 ");
    await explorer.press(":", "1", "enter");
    expect(cursorRow(explorer)).toContain("web-0 ");
    await explorer.close();
  });

  test("backspace drops the last filter, one by one", async () => {
    const explorer = await open();
    await explorer.press("/", "code:403 user:bob", "enter", "H");
    expect(filters(explorer)).toBe(" [code:403] [user:bob] [humans only]");
    await explorer.press("backspace");
    expect(filters(explorer)).toBe(" [code:403] [user:bob]");
    await explorer.press("backspace", "backspace");
    expect(filters(explorer)).toBe(" no filter");
    await explorer.press("backspace");
    expect(footer(explorer)).toBe("no filter is set");
    await explorer.close();
  });

  test("answers a key that does nothing", async () => {
    const explorer = await open();
    await explorer.press("%");
    expect(footer(explorer)).toBe("% does nothing here: ? shows the keys that do");
    await explorer.close();
  });

  test("drill in with its filter, and back without", async () => {
    const explorer = await open();
    await explorer.press("enter");
    expect(explorer.screen()[1]).toMatch(/^ top › requests +34 requests$/);
    expect(filters(explorer)).toBe(" [user:bob]");
    await explorer.press("esc");
    expect(explorer.screen()[1]).toBe(" top");
    expect(filters(explorer)).toBe(" no filter");
    await explorer.press("esc");
    expect(footer(explorer)).toBe("this is where it began; q twice leaves");
    await explorer.press("q");
    expect(footer(explorer)).toBe("again to leave; ctrl-c leaves at once");
    await explorer.press("q");
    expect(await explorer.exited).toBe(0);
    await explorer.close();
  });

  test("a key that can't be used says why, until the next key", async () => {
    const explorer = await open();
    await explorer.press("x");
    expect(footer(explorer)).toBe("no filter is set");
    await explorer.press("j");
    expect(footer(explorer)).toContain("? help");
    await explorer.close();
  });

  test("errors and gaps are found beyond the page", async () => {
    const explorer = await open();
    await explorer.press("6", "e");
    expect(cursorRow(explorer)).toContain("web-7 403");
    expect(footer(explorer)).toBe("error 1 of 10");
    await explorer.press("e", "e", "e", "e");
    expect(cursorRow(explorer)).toContain("web-47 403");
    await explorer.press("E");
    expect(cursorRow(explorer)).toContain("web-37 403");
    await explorer.press("}");
    expect(cursorRow(explorer)).toContain("web-60 ");
    await explorer.press("{");
    expect(cursorRow(explorer)).toContain("web-59 ");
    await explorer.press("{");
    expect(footer(explorer)).toBe("no earlier gap, restart or burst");
    await explorer.close();
  });

  test("n finds what the filters match while they are off", async () => {
    const explorer = await open();
    await explorer.press("6", "/", "code:403", "enter");
    expect(explorer.screen()[1]).toContain("10 requests");
    await explorer.press("x", "n", "n");
    expect(explorer.screen()[1]).toContain("100 requests");
    expect(explorer.screen()[2]).toContain("filters off");
    expect(cursorRow(explorer)).toContain("web-17 403");
    await explorer.close();
  });

  test("copying reaches the clipboard of the terminal", async () => {
    const explorer = await open();
    await explorer.press("6", "j", "c");
    expect(explorer.terminal.stdout.raw).toContain(`\u001b]52;c;${Buffer.from("web-1").toString("base64")}\u0007`);
    expect(footer(explorer)).toBe("copied the cell (5 bytes) · not in the clipboard? :copied");
    await explorer.press("C");
    expect(footer(explorer)).toMatch(/^copied the command line \(23 bytes\)/);
    await explorer.close();
  });

  test(":copied shows what was copied on the terminal itself, whole and escaped, until a key is pressed", async () => {
    const explorer = await open({ environment: { TERM: "linux", LANG: "C.UTF-8" } });
    await explorer.press("6", ":", "copied", "enter");
    expect(explorer.text()).toContain("nothing was copied yet");
    await explorer.press("esc", "j", "c");
    expect(footer(explorer)).toBe("TERM=linux has no clipboard: :copied shows the cell to select it");
    expect(explorer.terminal.stdout.raw).not.toContain("\u001b]52");
    const before = explorer.screen();
    explorer.terminal.press(":", "copied", "enter");
    await expect.poll(() => explorer.terminal.isAlternate).toBe(false);
    await expect.poll(() => explorer.text()).toContain("enter goes back");
    expect(explorer.screen()).toContain("web-1");
    expect(explorer.terminal.stdin.isRaw).toBe(false);
    explorer.terminal.press("enter");
    await expect.poll(() => explorer.terminal.isAlternate).toBe(true);
    await expect.poll(() => explorer.screen().slice(0, -1)).toEqual(before.slice(0, -1));
    expect(explorer.terminal.stdin.isRaw).toBe(true);
    await explorer.press("j");
    expect(cursorRow(explorer)).toContain("web-2");
    expect(await explorer.close()).toBe(0);
  });

  test("redraw repaints what something else wrote over", async () => {
    const explorer = await open();
    const before = explorer.text();
    explorer.terminal.stdout.write("\u001b[H\u001b[2Jgarbage");
    await explorer.press("ctrl-l");
    expect(explorer.text()).toBe(before);
    await explorer.close();
  });
});

describe("prompts", () => {
  test("a filter, its mistake, and its chips", async () => {
    const explorer = await open();
    await explorer.press("6", "/", "code:403 nope:1");
    expectGolden(explorer, "shell-filter-mistake");
    await explorer.press("ctrl-w", "user:alice", "enter");
    expect(filters(explorer)).toBe(" [code:403] [user:alice]");
    expect(explorer.screen()[1]).toContain("7 requests");
    await explorer.press("X");
    expect(filters(explorer)).toBe(" no filter");
    await explorer.close();
  });

  test("pasting goes into a prompt and nowhere else", async () => {
    const explorer = await open();
    await explorer.paste("q\n:q\n");
    expect(footer(explorer)).toMatch(/^pasted text goes into a prompt/);
    await explorer.press("/");
    await explorer.paste("user:bob\n\u001b]52;c;eA==\u0007");
    expect(explorer.screen().at(-2)).toMatch(/^\/user:bob \]52;c;eA== ?$/);
    await explorer.close();
  });

  test("a pane by name; all of them, objects and users by ctrl-k", async () => {
    const explorer = await open();
    await explorer.press(":requests\r");
    expect(explorer.screen()[1]).toMatch(/^ requests/);
    await explorer.press("ctrl-k");
    expectGolden(explorer, "shell-find");
    await explorer.press("bob");
    expect(cursorRow(explorer)).toMatch(/^ user +bob/);
    await explorer.press("enter");
    expect(filters(explorer)).toBe(" [user:bob]");
    await explorer.close();
  });

  test("a long typed-ahead command arrives in one chunk", async () => {
    const explorer = await open();
    await explorer.press("/user:bob code:403\r6jj");
    expect(filters(explorer)).toBe(" [user:bob] [code:403]");
    expect(cursorRow(explorer)).toContain("web-87 ");
    await explorer.close();
  });
});

describe("a log that grows", () => {
  const live = { phase: "following", arrivalRate: 10, lagMs: 40 } as const;

  test("following shows the newest; moving up stops that, G resumes it", async () => {
    const engine = new SampleEngine(ROWS, live);
    const explorer = await open({ engine, columns: 120, options: { follow: true, timeZone: "utc" } });
    await explorer.press("6");
    engine.append([request(100)], live);
    await explorer.idle();
    expect(cursorRow(explorer)).toContain("web-100 ");
    await explorer.press("k");
    expect(explorer.screen()[0]).toContain("following off");
    engine.append([request(101)], live);
    await explorer.idle();
    expect(cursorRow(explorer)).toContain("web-99 ");
    await explorer.press("G");
    expect(cursorRow(explorer)).toContain("web-101 ");
    expect(explorer.screen()[0]).toMatch(/^following · 10 requests\/s/);
    await explorer.close();
  });

  test("pausing freezes the rows and says what is missing; going on catches up", async () => {
    const engine = new SampleEngine(ROWS, live);
    const explorer = await open({ engine, columns: 120, options: { follow: true, timeZone: "utc" } });
    await explorer.press("6", "p");
    const body = explorer.screen().slice(3, -1);
    engine.append([request(100), request(101)], live);
    await explorer.idle();
    expect(explorer.screen()[0]).toMatch(/^PAUSED, 2 newer/);
    expect(explorer.screen().slice(3, -1)).toEqual(body);
    await explorer.press("p");
    expect(cursorRow(explorer)).toContain("web-101 ");
    await explorer.close();
  });

  test("a burst of status updates redraws at most ten times a second", async () => {
    const engine = new SampleEngine(ROWS, live);
    const explorer = await open({ engine, columns: 120 });
    let redraws = 0;
    const stop = explorer.running.shell.subscribe(() => {
      redraws += 1;
    });
    const started = performance.now();
    for (let at = 0; at < 500; at += 1) engine.append([request(100 + at)], live);
    await explorer.idle();
    stop();
    // Each refresh may bring its answers as one more.
    expect(redraws).toBeLessThanOrEqual(2 + 2 * Math.ceil((performance.now() - started) / 100));
    expect(explorer.screen()[0]).toContain("600 requests");
    await explorer.close();
  });
});

describe("what goes wrong", () => {
  test("a pane that fails costs its own body only", async () => {
    const broken = {
      ...samplePanes[0]!,
      view: () => {
        throw new Error("cannot read \u001b[31mthis\u001b[0m");
      },
    };
    const explorer = await open({ panes: [broken, samplePanes[1]!] });
    expect(explorer.screen()[3]).toBe(" the top pane cannot show this: cannot read \\x1b[31mthis\\x1b[0m");
    await explorer.press("6");
    expect(cursorRow(explorer)).toContain("web-0 ");
    expect(await explorer.close()).toBe(0);
  });

  test("a terminal that cannot move its cursor gets a sentence, not escape codes", async () => {
    await expect(open({ environment: { TERM: "dumb" } })).rejects.toThrow(/use ktrail info, top, series/);
  });

  test("a closed output ends the program quietly", async () => {
    const explorer = await open();
    explorer.terminal.stdout.failWith = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    explorer.terminal.press("j");
    expect(await explorer.exited).toBe(0);
    explorer.terminal.close();
  });
});
