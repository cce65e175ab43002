import { describe, expect, test, vi } from "vitest";
import { createCommands } from "../../src/commands/registry.ts";
import type { Pane } from "../../src/panes/contract.ts";
import type { Action } from "../../src/state/actions.ts";
import { frameOf, initialState } from "../../src/state/initial-state.ts";
import { Shell } from "../../src/ui/shell.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";
import { sampleLanguage, samplePanes } from "../support/sample-panes.ts";

const ROWS = Array.from({ length: 50 }, (_, seq) => request(seq, { user: seq % 2 === 0 ? "bob" : "alice" }));

function shellOver(engine: SampleEngine, look: { readonly loFi?: boolean } = {}, panes = samplePanes): Shell {
  return new Shell({
    engine,
    panes,
    commands: createCommands(panes, sampleLanguage),
    language: sampleLanguage,
    initial: initialState({ frame: frameOf("requests"), size: { columns: 80, rows: 24 }, ...look }),
    unicode: true,
    now: () => 0,
    perform: () => {},
  });
}

const keys = (...names: readonly string[]): { name: string; text: string | null }[] =>
  names.map((name) => ({ name, text: name.length === 1 ? name : null }));
const settled = async (shell: Shell): Promise<void> => {
  do await new Promise((resolve) => setTimeout(resolve, 1));
  while (!shell.isIdle);
};

describe("keys typed ahead of the engine", () => {
  test("wait for the rows they act on", async () => {
    const engine = new SampleEngine(ROWS);
    engine.held = [];
    const shell = shellOver(engine);
    shell.start();
    shell.press(keys("j", "j", "o"));
    expect(shell.snapshot().state.stack[0]?.cursorIndex).toBe(0);
    engine.release();
    await settled(shell);
    expect(shell.snapshot().state.stack[0]).toMatchObject({ cursorIndex: 2, cursorId: "2" });
    shell.stop();
  });

  test("do not pick from rows that a newer filter is about to replace", async () => {
    const engine = new SampleEngine(ROWS);
    const shell = shellOver(engine);
    shell.start();
    await settled(shell);
    engine.held = [];
    shell.press([...keys("/"), ..."user:alice".split("").map((text) => ({ name: text, text })), ...keys("enter", "c")]);
    expect(shell.snapshot().state.message).toBeNull();
    const { view } = shell.snapshot().context;
    expect(view.selection.copy).toBeUndefined();
    expect(view.rows.count).toBe(0);
    engine.release();
    await settled(shell);
    expect(shell.snapshot().context.view.selection.copy).toBe("web-1");
    shell.stop();
  });

  test("give way to ctrl-c and esc", () => {
    const engine = new SampleEngine(ROWS);
    engine.held = [];
    const shell = shellOver(engine);
    shell.start();
    shell.press(keys("j", "j"));
    shell.press(keys("ctrl-c"));
    expect(shell.snapshot().state.quitting).toBe(true);
    shell.stop();
  });
});

describe("a busy log over ten seconds", () => {
  /** Screens told to whoever draws, while the log grows a hundred times a second and nobody presses a key. */
  async function framesOf(loFi: boolean): Promise<number> {
    vi.useFakeTimers();
    try {
      const engine = new SampleEngine(ROWS, { phase: "following" });
      const shell = shellOver(engine, { loFi });
      shell.start();
      await vi.advanceTimersByTimeAsync(1_000);
      let at = 0;
      const changes = new Set<number>();
      shell.subscribe(() => changes.add(at));
      for (; at < 1_000; at += 1) {
        engine.append([request(50 + at)], { phase: "following" });
        await vi.advanceTimersByTimeAsync(10);
      }
      shell.stop();
      return changes.size;
    } finally {
      vi.useRealTimers();
    }
  }

  test("changes the screen ten times a second", async () => {
    const frames = await framesOf(false);
    expect(frames).toBeGreaterThan(50);
    expect(frames).toBeLessThanOrEqual(101);
  });

  test("with --lo-fi twice a second", async () => {
    const frames = await framesOf(true);
    expect(frames).toBeGreaterThan(10);
    expect(frames).toBeLessThanOrEqual(21);
  });
});

describe("asking", () => {
  test("a pane on a log that does not change asks no more, whatever is drawn", async () => {
    const engine = new SampleEngine(ROWS);
    const shell = shellOver(engine);
    shell.start();
    shell.press(keys("j", "j", "j", "G"));
    await settled(shell);
    const asked = engine.asked.length;
    for (let at = 0; at < 20; at += 1) shell.dispatch([]);
    engine.push({});
    await settled(shell);
    expect(engine.asked).toHaveLength(asked);
    shell.stop();
  });

  test("nothing is asked again while paused; what was missed is asked on going on", async () => {
    const engine = new SampleEngine(ROWS, { phase: "following" });
    const shell = shellOver(engine);
    shell.start();
    await settled(shell);
    shell.press(keys("p"));
    const asked = engine.asked.length;
    engine.append([request(50)]);
    await settled(shell);
    expect(engine.asked).toHaveLength(asked);
    shell.press(keys("p"));
    await settled(shell);
    expect(shell.snapshot().context.view.rows.count).toBe(51);
    shell.stop();
  });

  test("a pane opened during a pause says as of when it is; going back shows what was left", async () => {
    const engine = new SampleEngine(ROWS, { phase: "following" });
    const shell = shellOver(engine);
    const seen = (): readonly unknown[] => {
      const { frozen, context } = shell.snapshot();
      return [frozen?.requestsSeen, context.view.rows.count];
    };
    shell.start();
    await settled(shell);
    shell.press(keys("p"));
    engine.append([request(50)]);
    await settled(shell);
    expect(seen()).toEqual([50, 50]);
    shell.dispatch([{ type: "push", frame: frameOf(shell.snapshot().pane.id, { only: "again" }) }]);
    await settled(shell);
    expect(seen()).toEqual([51, 51]);
    engine.append([request(51)]);
    await settled(shell);
    expect(seen()).toEqual([51, 51]);
    shell.dispatch([{ type: "back" }]);
    await settled(shell);
    expect(seen()).toEqual([50, 50]);
    shell.press(keys("p"));
    await settled(shell);
    expect(seen()).toEqual([undefined, 52]);
    shell.stop();
  });

  test("an answer for a level that was left changes nothing", async () => {
    const engine = new SampleEngine(ROWS);
    const shell = shellOver(engine);
    shell.start();
    await settled(shell);
    engine.held = [];
    const push: Action = { type: "push", frame: frameOf("top") };
    shell.dispatch([push]);
    shell.dispatch([{ type: "back" }]);
    engine.release();
    await settled(shell);
    expect(shell.snapshot().context.view.rows.count).toBe(50);
    shell.stop();
  });
});

describe("a view", () => {
  test("is made anew for what it shows, not for what is typed below it or what a key is answered", async () => {
    const views = vi.fn();
    const counted = samplePanes.map((pane): Pane => ({
      ...pane,
      view(...given) {
        views();
        return pane.view(...given);
      },
    }));
    const shell = shellOver(new SampleEngine(ROWS), {}, counted);
    shell.start();
    await settled(shell);
    const made = async (...names: readonly string[]): Promise<number> => {
      views.mockClear();
      shell.press(keys(...names));
      await settled(shell);
      return views.mock.calls.length;
    };
    expect(await made("j")).toBeGreaterThan(0);
    expect(await made(":", "c", "o", "d", "e")).toBe(0);
    expect(shell.snapshot().state.prompt?.text).toBe("code");
    expect(shell.snapshot().context.pane.app).toBe(shell.snapshot().state);
    expect(await made("esc", "Y")).toBe(0);
    expect(shell.snapshot().state.message).not.toBeNull();
    expect(await made("k")).toBeGreaterThan(0);
    shell.stop();
  });
});
