import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action } from "../../src/state/actions.ts";
import type { AppState } from "../../src/state/app-state.ts";
import { frameOf, initialState, topFrame } from "../../src/state/initial-state.ts";
import { reduce } from "../../src/state/reduce.ts";

const START = initialState({ frame: frameOf("top"), size: { columns: 80, rows: 24 } });

function after(...actions: readonly Action[]): AppState {
  return actions.reduce(reduce, START);
}

const chipsOf = (state: AppState): string[] => state.chips.map((chip) => chip.text);

describe("the stack", () => {
  test("drilling in adds the chips of that level, going back takes exactly those away", () => {
    const inside = after(
      { type: "chips", chips: ["ns:demo"] },
      { type: "push", frame: frameOf("requests"), chips: ["user:bob", "ns:demo"] },
    );
    expect(chipsOf(inside)).toEqual(["ns:demo", "user:bob"]);
    const narrowed = reduce(inside, { type: "chips", chips: [...chipsOf(inside), "verb:get"] });
    const back = reduce(narrowed, { type: "back" });
    expect(back.stack.map((frame) => frame.pane)).toEqual(["top"]);
    expect(chipsOf(back)).toEqual(["ns:demo", "verb:get"]);
  });

  test("drilling in switches filters on again: its numbers depend on them", () => {
    const off = after({ type: "chips", chips: ["ns:demo"] }, { type: "chips-on", on: false });
    expect(reduce(off, { type: "push", frame: frameOf("requests"), chips: ["user:bob"] }).chipsOn).toBe(true);
  });

  test("opening another pane starts a fresh stack without what drilling in had added", () => {
    const state = after(
      { type: "push", frame: frameOf("requests"), chips: ["user:bob"] },
      { type: "push", frame: frameOf("request", { seq: "4" }) },
      { type: "open", frame: frameOf("codes") },
    );
    expect(state.stack.map((frame) => frame.pane)).toEqual(["codes"]);
    expect(chipsOf(state)).toEqual([]);
  });

  test("another frame in its place takes the chips and the window of the one it replaces away", () => {
    const replaced = after(
      { type: "push", frame: frameOf("requests"), chips: ["user:bob"], window: { fromUs: 1, toUs: 2 } },
      { type: "replace", frame: frameOf("top", { by: "verb" }), chips: ["code:403"] },
    );
    expect(replaced.stack.map(({ pane, params }) => [pane, params])).toEqual([
      ["top", {}],
      ["top", { by: "verb" }],
    ]);
    expect(chipsOf(replaced)).toEqual(["code:403"]);
    expect(replaced.window).toBeNull();
    expect(reduce(START, { type: "replace", frame: frameOf("codes") }).stack.map(({ pane }) => pane)).toEqual([
      "codes",
    ]);
  });

  test("no way through the levels leaves: only the effect does, and a frame is always left", () => {
    const frame = fc.constantFrom("top", "requests", "group-by").map((pane) => frameOf(pane));
    const chips = fc.subarray(["a", "b", "c"]);
    const step: fc.Arbitrary<Action> = fc.oneof(
      fc.record({ type: fc.constant("push" as const), frame, chips }),
      fc.record({ type: fc.constant("replace" as const), frame, chips }),
      fc.record({ type: fc.constant("open" as const), frame }),
      fc.record({ type: fc.constant("back" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const state = after(...steps, { type: "back" });
        expect(state.quitting).toBe(false);
        expect(state.stack.length).toBeGreaterThan(0);
        expect(new Set(chipsOf(state))).toEqual(new Set(state.stack.flatMap(({ added = [] }) => added)));
      }),
    );
    expect(after({ type: "effect", effect: { kind: "quit" } }).quitting).toBe(true);
  });

  test("parameters are merged into the frame on top only", () => {
    const state = after(
      { type: "push", frame: frameOf("top", { by: "user", sort: "requests" }) },
      { type: "params", params: { by: "verb" } },
    );
    expect(topFrame(state).params).toEqual({ by: "verb", sort: "requests" });
    expect(state.stack[0]?.params).toEqual({});
  });
});

describe("filters", () => {
  test("a chip is there once, and setting chips switches them on", () => {
    const state = after({ type: "chips-on", on: false }, { type: "chips", chips: ["a", "b", "a"] });
    expect(chipsOf(state)).toEqual(["a", "b"]);
    expect(state.chipsOn).toBe(true);
  });
});

describe("history", () => {
  test("newest first, each text once", () => {
    const state = after(
      { type: "remember", kind: "filter", text: "a" },
      { type: "remember", kind: "filter", text: "b" },
      { type: "remember", kind: "filter", text: "a" },
    );
    expect(state.history.filter).toEqual(["a", "b"]);
    expect(state.history.command).toEqual([]);
  });
});

test("state is plain data: a recorded action log replays to the same state", () => {
  const actions: Action[] = [
    { type: "push", frame: frameOf("requests"), chips: ["user:bob"] },
    { type: "cursor", id: "7", index: 7, top: 3 },
    { type: "paused", on: true },
    { type: "message", text: "hello", tone: "info" },
    { type: "resize", columns: 100, rows: 30 },
  ];
  const replayed = (JSON.parse(JSON.stringify(actions)) as Action[]).reduce(reduce, START);
  expect(JSON.parse(JSON.stringify(replayed))).toEqual(after(...actions));
});
