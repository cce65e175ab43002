import { describe, expect, onTestFinished, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { createKeymap } from "../../src/commands/keymap.ts";
import { createCommands } from "../../src/commands/registry.ts";
import { PANES } from "../../src/panes/registry.ts";
import { frameOf, initialState } from "../../src/state/initial-state.ts";
import { Shell } from "../../src/ui/shell.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";

const LEAVING = ["ctrl-c"];
const commands = createCommands(PANES, filterLanguage);
const keymap = createKeymap(commands.all);
/** What does something there, and a key that does nothing. */
const keysOn = (pane: string): readonly string[] => [
  ...new Set(["Y", ...keymap.inReach(pane, false).flatMap(({ keys }) => keys)]),
];

function shellAt(pane: string): Shell {
  const shell = new Shell({
    engine: new SampleEngine([request(0), request(1)]),
    panes: PANES,
    commands,
    language: filterLanguage,
    initial: initialState({ frame: frameOf(pane), size: { columns: 80, rows: 24 } }),
    unicode: true,
    now: () => 0,
    perform: () => {},
  });
  shell.start();
  onTestFinished(() => shell.stop());
  return shell;
}

async function pressed(shell: Shell, ...names: readonly string[]): Promise<void> {
  shell.press(names.map((name) => ({ name, text: name.length === 1 ? name : null })));
  do await new Promise((resolve) => setImmediate(resolve));
  while (!shell.isIdle);
}

const typed = (text: string): string[] => [":", ...text, "enter"];

describe("only what says so leaves", () => {
  test.each(PANES.map(({ id }) => id))("on :%s, first level or above another", async (id) => {
    for (const key of keysOn(id).filter((name) => !LEAVING.includes(name))) {
      for (const start of [id, "overview"]) {
        const shell = shellAt(start);
        await pressed(shell, ...(start === id ? [] : typed(id)), key, "esc", "enter", "esc", "esc", "enter");
        const { state } = shell.snapshot();
        shell.stop();
        expect(state.quitting, `${start} :${id} ${key}`).toBe(false);
        expect(state.stack.length).toBeGreaterThan(0);
      }
    }
  });

  test(":group-by picks for the pane it was called on", async () => {
    const shell = shellAt("latency");
    await pressed(shell, ...typed("group-by"), "v");
    expect(shell.snapshot().state.stack).toMatchObject([{ pane: "latency", params: { by: "verb" } }]);
    await pressed(shell, ...typed("group-by"), "b", "u");
    expect(shell.snapshot().state.stack).toMatchObject([{ pane: "latency", params: { by: "verb,user" } }]);
    shell.stop();
  });

  test("a group-by pane with nothing below gives way to what it picks", async () => {
    const shell = shellAt("group-by");
    await pressed(shell, "v");
    expect(shell.snapshot().state.stack).toMatchObject([{ pane: "top", params: { by: "verb" } }]);
    await pressed(shell, "q", "q");
    expect(shell.snapshot().state.quitting).toBe(true);
    shell.stop();
  });

  test("q where it began, pressed twice with nothing in between", async () => {
    const shell = shellAt("overview");
    await pressed(shell, "q");
    expect(shell.snapshot().state.message?.text).toMatch(/again to leave/);
    await pressed(shell, "j", "q", "esc");
    expect(shell.snapshot().state.quitting).toBe(false);
    await pressed(shell, "q", "q");
    expect(shell.snapshot().state.quitting).toBe(true);
    shell.stop();
  });

  test(":q and ctrl-c at once, from wherever", async () => {
    for (const keys of [typed("q"), ["ctrl-c"]]) {
      const shell = shellAt("overview");
      await pressed(shell, "6", "3", "/", "a", "enter", ...keys);
      expect(shell.snapshot().state.quitting).toBe(true);
      shell.stop();
    }
  });
});

describe("back", () => {
  const panes = (shell: Shell): string[] => shell.snapshot().state.stack.map(({ pane }) => pane);

  test("goes through drill-downs, then through the panes visited, and stays where it began", async () => {
    const shell = shellAt("top");
    await pressed(shell, "enter", "3");
    expect(panes(shell)).toEqual(["codes"]);
    expect(shell.snapshot().state.chips).toEqual([]);
    await pressed(shell, "q");
    expect(panes(shell)).toEqual(["top", "requests"]);
    expect(shell.snapshot().state.chips).toHaveLength(1);
    await pressed(shell, ...typed("trail deploy/nginx"));
    expect(panes(shell)).toEqual(["trail"]);
    await pressed(shell, "esc", "esc", "esc", "esc");
    expect(panes(shell)).toEqual(["top"]);
    expect(shell.snapshot().state).toMatchObject({ chips: [], quitting: false });
    shell.stop();
  });

  test("ctrl-o goes to the pane visited before at once", async () => {
    const shell = shellAt("codes");
    await pressed(shell, "2", "enter", "enter", "ctrl-o");
    expect(panes(shell)).toEqual(["codes"]);
    await pressed(shell, "ctrl-o");
    expect(shell.snapshot().state.message?.text).toMatch(/no pane was visited/);
    shell.stop();
  });
});
