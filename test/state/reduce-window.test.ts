import { expect, test } from "vitest";
import { frameOf, initialState } from "../../src/state/initial-state.ts";
import { reduce } from "../../src/state/reduce.ts";

const WINDOW = { fromUs: 1, toUs: 2 };
const ZOOM = { fromUs: 5, toUs: 9 };
const start = initialState({ frame: frameOf("compare"), window: ZOOM, size: { columns: 80, rows: 24 } });

test("a level may have its own time window: back and a fresh start bring the other one again", () => {
  const inside = reduce(start, { type: "push", frame: frameOf("requests"), chips: ["user:a"], window: WINDOW });
  expect(inside.window).toEqual(WINDOW);
  const deeper = reduce(inside, { type: "push", frame: frameOf("request"), window: null });
  expect(deeper.window).toBeNull();
  expect(reduce(deeper, { type: "back" }).window).toEqual(WINDOW);
  expect(reduce(reduce(deeper, { type: "back" }), { type: "back" })).toMatchObject({ window: ZOOM, chips: [] });
  expect(reduce(deeper, { type: "open", frame: frameOf("top") })).toMatchObject({ window: ZOOM, chips: [] });
});

test("a level without one keeps the window that is set", () => {
  const inside = reduce(start, { type: "push", frame: frameOf("requests") });
  const zoomed = reduce(inside, { type: "window", window: WINDOW });
  expect(reduce(zoomed, { type: "back" }).window).toEqual(WINDOW);
});
