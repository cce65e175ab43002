import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clampCursor,
  cursorAt,
  cursorIndex,
  type RowsOnScreen,
  scrolledTo,
  settleCursor,
} from "../../src/state/cursor.ts";
import { frameOf } from "../../src/state/initial-state.ts";

const anyNumber = fc.oneof(fc.integer({ min: -50, max: 5_000 }), fc.constant(Number.NaN), fc.constant(Infinity));

function screenOf(count: number, top: number, page: number): RowsOnScreen {
  const shown = Math.max(0, Math.min(page, count - top));
  return { count, top, page, ids: Array.from({ length: shown }, (_, at) => `row-${top + at}`) };
}

describe("clampCursor", () => {
  test("keeps the cursor on a row and its row on screen, whatever comes in", () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, anyNumber, (count, page, index, top) => {
        const rows = Number.isFinite(count) ? Math.max(0, count) : 0;
        const fits = Number.isFinite(page) ? Math.max(1, page) : 1;
        const place = clampCursor(rows, fits, index, top);
        if (rows === 0) {
          expect(place).toEqual({ index: 0, top: 0 });
          return;
        }
        expect(place.index).toBeGreaterThanOrEqual(0);
        expect(place.index).toBeLessThan(rows);
        expect(place.top).toBeGreaterThanOrEqual(0);
        expect(place.top).toBeLessThanOrEqual(place.index);
        expect(place.index).toBeLessThan(place.top + fits);
        expect(place.top).toBeLessThanOrEqual(Math.max(0, rows - fits));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test("a place that is right already stays as it is", () => {
    expect(clampCursor(100, 10, 25, 20)).toEqual({ index: 25, top: 20 });
  });
});

describe("cursorIndex", () => {
  test("finds the row by id wherever the data moved it", () => {
    const frame = { ...frameOf("top"), cursorId: "row-7", cursorIndex: 3 };
    expect(cursorIndex(frame, screenOf(50, 5, 10))).toBe(7);
  });

  test("falls back to the position when the row is not on screen", () => {
    const frame = { ...frameOf("top"), cursorId: "gone", cursorIndex: 3 };
    expect(cursorIndex(frame, screenOf(50, 0, 10))).toBe(3);
    expect(cursorIndex(frame, screenOf(2, 0, 10))).toBe(1);
  });
});

describe("moving and settling", () => {
  test("a row off the screen gets its id when it appears", () => {
    const place = cursorAt(screenOf(100, 0, 10), 25, 20);
    expect(place).toEqual({ id: null, index: 25, top: 20 });
    const frame = { ...frameOf("top"), cursorId: place.id, cursorIndex: place.index, top: place.top };
    expect(settleCursor(frame, screenOf(100, 20, 10))).toEqual({ id: "row-25", index: 25, top: 20 });
  });

  test("a cursor nobody moved stays at the top while rows overtake each other", () => {
    expect(settleCursor(frameOf("top"), screenOf(100, 0, 10))).toBeNull();
    expect(cursorAt(screenOf(100, 0, 10), 0, 0).id).toBeNull();
  });

  test("when rows go away the cursor goes to the last one left", () => {
    const frame = { ...frameOf("top"), cursorId: "row-80", cursorIndex: 80, top: 75 };
    expect(settleCursor(frame, screenOf(4, 0, 10))).toEqual({ id: "row-3", index: 3, top: 0 });
    expect(settleCursor(frame, screenOf(0, 0, 10))).toBeNull();
  });

  test("a list that became shorter keeps the cursor on its row, or on the one that stands in for it", () => {
    const frame = { ...frameOf("requests"), cursorId: "row-80", cursorIndex: 80, top: 75 };
    const shorter = { ...screenOf(40, 10, 10), ids: ["row-70", "row-80", "row-95"] };
    expect(settleCursor(frame, shorter)).toEqual({ id: "row-80", index: 11, top: 10 });
    const without = { ...shorter, ids: ["row-70", "row-95"], cursor: 11 };
    expect(settleCursor(frame, without)).toEqual({ id: "row-80", index: 11, top: 10 });
    expect(settleCursor({ ...frame, cursorIndex: 11, top: 10 }, without), "and stays").toBeNull();
  });

  test("settling twice changes nothing more", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 40 }), fc.nat(300), (count, page, index) => {
        const rows = screenOf(count, Math.max(0, Math.min(index, count - page)), page);
        const frame = { ...frameOf("top"), cursorIndex: index, top: rows.top };
        const place = settleCursor(frame, rows);
        if (place === null) return;
        const settled = { ...frame, cursorId: place.id, cursorIndex: place.index, top: place.top };
        expect(settleCursor(settled, rows)).toBeNull();
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test("views without a cursor scroll no further than their last page", () => {
    expect(scrolledTo(screenOf(30, 0, 10), 99)).toEqual({ id: null, index: 20, top: 20 });
    expect(scrolledTo(screenOf(5, 0, 10), 3)).toEqual({ id: null, index: 0, top: 0 });
  });
});
