import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action } from "../../src/state/actions.ts";
import type { AppState } from "../../src/state/app-state.ts";
import { frameOf, initialState } from "../../src/state/initial-state.ts";
import { filtersOf } from "../../src/state/levels.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { SavedView } from "../../src/state/saved-view.ts";

const START = initialState({ frame: frameOf("overview"), size: { columns: 80, rows: 24 } });
const WINDOW = { fromUs: 1, toUs: 2 };

function after(...actions: readonly Action[]): AppState {
  return actions.reduce(reduce, START);
}

const panesOf = (state: AppState): string[] => state.stack.map(({ pane }) => pane);
const back: Action = { type: "back" };

describe("a stack that was left", () => {
  const drilled: readonly Action[] = [
    { type: "chips", chips: ["ns:demo"] },
    { type: "push", frame: frameOf("requests"), chips: ["user:bob"], window: WINDOW },
    { type: "cursor", id: "7", index: 7, top: 3 },
    { type: "push", frame: frameOf("request", { seq: "7" }) },
  ];

  test("comes back as it was: levels, cursors, chips and window", () => {
    const left = after(...drilled);
    const elsewhere = reduce(left, { type: "open", frame: frameOf("codes") });
    expect(panesOf(elsewhere)).toEqual(["codes"]);
    expect(filtersOf(elsewhere)).toEqual(filtersOf(after({ type: "chips", chips: ["ns:demo"] })));
    expect(reduce(elsewhere, back)).toEqual(left);
    expect(reduce(elsewhere, { type: "return" })).toEqual(left);
  });

  test("comes back under the filters that were set elsewhere: they are of all panes", () => {
    const state = after(...drilled, { type: "open", frame: frameOf("codes") }, { type: "chips", chips: ["verb:get"] });
    expect(reduce(state, back).chips.map(({ text }) => text)).toEqual(["verb:get", "user:bob"]);
  });

  test("is there once, however often one went to and fro", () => {
    const open = (pane: string): Action => ({ type: "open", frame: frameOf(pane) });
    const state = after(...["codes", "top", "codes", "top", "codes", "top"].map(open));
    expect([state, reduce(state, back), after(open("codes"), open("codes"))].map(panesOf)).toEqual([
      ["top"],
      ["codes"],
      ["codes"],
    ]);
    expect(state.visited.length).toBeLessThanOrEqual(3);
    expect(after(open("codes"), open("codes")).visited).toHaveLength(1);
  });

  test("comes back with its filters where a saved view had come with its own", () => {
    const view: SavedView = {
      name: "v",
      frames: [
        { pane: "top", params: {}, added: [] },
        { pane: "requests", params: {}, added: ["user:bob"] },
      ],
      chips: ["code:403", "user:bob"],
      humansOnly: true,
      window: WINDOW,
      timeMode: "absolute",
      columns: {},
    };
    const before = after({ type: "chips", chips: ["ns:demo"] });
    const opened = reduce(before, { type: "restore", view });
    expect(opened.chips.map(({ text }) => text)).toEqual(["code:403", "user:bob"]);
    expect(reduce(opened, back).chips.map(({ text }) => text)).toEqual(["code:403"]);
    expect(reduce(opened, { type: "return" })).toEqual(before);
  });
});

describe("a level about everything", () => {
  test("sets every other filter aside until it is left, one way or another", () => {
    const narrowed = after(
      { type: "chips", chips: ["code:403"] },
      { type: "humans-only", on: true },
      { type: "window", window: WINDOW },
    );
    const alone = reduce(narrowed, { type: "push", frame: frameOf("requests"), chips: ["user:bob"], alone: true });
    expect(filtersOf(alone)).toEqual({ chips: [{ text: "user:bob" }], chipsOn: true, humansOnly: false, window: null });
    const further = reduce(alone, { type: "chips", chips: ["user:bob", "verb:get"] });
    expect(reduce(further, back)).toEqual(narrowed);
    expect(filtersOf(reduce(further, { type: "open", frame: frameOf("top") }))).toEqual(filtersOf(narrowed));
  });
});

test("however one went, going back ends where it began, under the filters of all panes", () => {
  const frame = fc.constantFrom("top", "requests", "codes").map((pane) => frameOf(pane));
  const chips = fc.subarray(["a", "b", "c"]);
  const step: fc.Arbitrary<Action> = fc.oneof(
    fc.record({ type: fc.constant("push" as const), frame, chips, alone: fc.boolean() }),
    fc.record({ type: fc.constant("push" as const), frame, window: fc.constant(WINDOW) }),
    fc.record({ type: fc.constant("open" as const), frame }),
    fc.constant(back),
    fc.constant<Action>({ type: "return" }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const start = reduce(START, { type: "chips", chips: ["kept"] });
      let state = steps.reduce(reduce, start);
      for (let left = 0; left < 200 && (state.stack.length > 1 || state.visited.length > 0); left++) {
        state = reduce(state, back);
      }
      expect(state).toEqual(start);
    }),
  );
});
