import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { createCommands } from "../../src/commands/registry.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import { lineText } from "../../src/models/line.ts";
import { PANES } from "../../src/panes/registry.ts";
import { frameOf, initialState, topFrame } from "../../src/state/initial-state.ts";
import { Shell } from "../../src/ui/shell.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";

const commands = createCommands(PANES, filterLanguage);
const many = (from: number, count: number): RequestFacts[] =>
  Array.from({ length: count }, (_, at) => request(from + at));

let engine: SampleEngine;
let shell: Shell;

beforeEach(async () => {
  vi.useFakeTimers();
  engine = new SampleEngine(many(0, 100), { phase: "following" });
  shell = new Shell({
    engine,
    panes: PANES,
    commands,
    language: filterLanguage,
    initial: initialState({ frame: frameOf("requests"), follow: true, size: { columns: 80, rows: 24 } }),
    unicode: true,
    now: () => 0,
    perform: () => {},
  });
  shell.start();
  await settled();
});
afterEach(() => {
  shell.stop();
  vi.useRealTimers();
});

/** All answers are there, and the screen has shown what arrived. */
async function settled(): Promise<void> {
  do await vi.advanceTimersByTimeAsync(200);
  while (!shell.isIdle);
}

async function press(...names: readonly string[]): Promise<void> {
  shell.press(names.map((name) => ({ name, text: name.length === 1 ? name : null })));
  await settled();
}

async function arrive(rows: readonly RequestFacts[]): Promise<void> {
  engine.append(rows);
  await settled();
}

const view = (): ReturnType<Shell["snapshot"]>["context"]["view"] => shell.snapshot().context.view;
const shownTimes = (): string[] =>
  view()
    .lines.map(lineText)
    .flatMap((line) => /\d\d:\d\d:\d\d/.exec(line) ?? []);

describe("a live list of requests", () => {
  test("is in the order of the time it shows, also where requests end late", async () => {
    await arrive([request(100, { receivedUs: request(95).receivedUs + 1 }), ...many(101, 3)]);
    expect(shownTimes()).toEqual(shownTimes().toSorted());
    expect(view().selection.seq).toBe(103);
    expect(view().rows.ids.slice(-6)).toEqual(["97", "98", "99", "101", "102", "103"]);
    expect(lineText(view().lines[0] ?? [])).toMatch(/^ +received/);
  });

  test("stays where it is when following ends: F, F", async () => {
    await arrive(many(100, 50));
    const before = view();
    await press("F");
    expect(view().selection.seq).toBe(149);
    expect(view().lines).toEqual(before.lines);
    await arrive(many(150, 20));
    expect(view().selection.seq).toBe(149);
    await press("F");
    expect(view().selection.seq).toBe(169);
  });

  test("is where it was when one comes back from elsewhere, having stopped following there", async () => {
    await press("3", "F");
    await arrive(many(100, 10));
    await press("q");
    expect(view().selection.seq).toBe(99);
    expect(topFrame(shell.snapshot().state)).toMatchObject({ pane: "requests", cursorId: "99" });
  });

  test("says how many newer ones there are below the screen, until one is there again", async () => {
    expect(view().summary).toBe("100 of 100");
    await press("k", "k");
    expect(view().summary).toBe("98 of 100");
    await arrive(many(100, 1_234));
    expect(view().selection.seq).toBe(97);
    expect(view().summary).toBe("98 of 1,334 · 1,234 newer");
    await press("G");
    expect(view().summary).toBe("1,334 of 1,334");
  });
});

describe("sorting", () => {
  test("s goes through the columns, time first, then slowest first, and S turns round", async () => {
    const asked = (): unknown => engine.asked.findLast(({ kind }) => kind === "rows")?.ask;
    expect(asked()).toMatchObject({ order: "received", reverse: false, anchor: "newest" });
    await press("s");
    expect(asked()).toMatchObject({ order: "latency", reverse: true, anchor: "oldest" });
    expect(lineText(view().lines[0] ?? [])).toContain("latency▼");
    await press("S");
    expect(asked()).toMatchObject({ order: "latency", reverse: false });
    await press("s");
    expect(asked()).toMatchObject({ order: "code", reverse: true });
    await press("s", "s", "s", "s", "s", "s", "s");
    expect(asked()).toMatchObject({ order: "received", reverse: false, anchor: "newest" });
    expect(view().selection.seq).toBe(99);
  });

  test("the newest first does not follow: new ones come in on top", async () => {
    await press("S");
    expect(view().selection.seq).toBe(99);
    await arrive(many(100, 1));
    expect([view().selection.seq, view().live]).toEqual([100, false]);
    await press("e");
    expect(shell.snapshot().state.message?.text).toBe("no later error");
  });
});
