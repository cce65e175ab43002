import { expect, test } from "vitest";
import { TupleTable } from "../../src/index/tuple-table.ts";

test("tuples are numbered as they come, once each, however many there are", () => {
  const table = new TupleTable(3);
  const known = new Map<string, number>();
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
  const wrong: number[][] = [];
  for (let i = 0; i < 200_000; i++) {
    const cells = [random(60), random(2) === 0 ? 0xffff_ffff : 0, i % 3 === 0 ? i : random(2000)];
    const key = cells.join();
    const expected = known.get(key) ?? known.size;
    known.set(key, expected);
    if (table.intern(Uint32Array.from(cells)) !== expected) wrong.push(cells);
  }
  expect(wrong).toEqual([]);
  expect(table.size).toBe(known.size);
  const columns = table.columns.map((column) => column.subarray(0, table.size));
  expect([...known.keys()].filter((key, id) => columns.map((column) => column[id]).join() !== key)).toEqual([]);
});
