import { expect, test } from "vitest";
import { ByteDictionary } from "../../src/index/byte-dictionary.ts";
import { TupleTable } from "../../src/index/tuple-table.ts";

const MANY = 40_000;
const numbers = Array.from({ length: MANY }, (_, k) => k);
const textOf = (k: number): string => `${k % 7 === 0 ? "ünlike" : "pod"}-${k}${"x".repeat(k % 9)}`;

test("a dictionary at rest takes less, finds what it has, and goes on when something new comes", () => {
  const dictionary = new ByteDictionary();
  const codes = numbers.map((k) => dictionary.internText(textOf(k)));
  const before = dictionary.memoryBytes;
  dictionary.rest();
  expect(dictionary.memoryBytes).toBeLessThan(before * 0.75);
  const some = numbers.filter((k) => k % 997 === 0);
  expect(some.map((k) => dictionary.find(textOf(k)))).toEqual(some.map((k) => codes[k]));
  expect([dictionary.find("pod-"), dictionary.find("")]).toEqual([-1, 0]);
  expect(dictionary.text(codes[MANY - 1] as number)).toBe(textOf(MANY - 1));
  expect(numbers.map((k) => dictionary.internText(textOf(k)))).toEqual(codes);
  expect(dictionary.internText("new")).toBe(dictionary.size - 1);
  expect([dictionary.find("new"), dictionary.size]).toEqual([MANY + 2, MANY + 3]);
  expect(numbers.map((k) => dictionary.find(textOf(k)))).toEqual(codes);
});

test("what is live in a dictionary at rest is taken over", () => {
  const old = new ByteDictionary();
  for (const k of numbers) old.internText(textOf(k));
  old.rest();
  const fresh = new ByteDictionary();
  const live = Uint8Array.from({ length: old.size }, (_, code) => code % 2);
  const taken = fresh.takeLive(old, live);
  for (const k of numbers) {
    const code = old.find(textOf(k));
    expect(fresh.find(textOf(k))).toBe(live[code] === 1 ? taken[code] : -1);
  }
});

test("a table of tuples at rest takes less, and goes on when a tuple comes", () => {
  const table = new TupleTable(3);
  const cellsOf = (k: number): Uint32Array => Uint32Array.of(k % 13, k, k >>> 3);
  const ids = numbers.map((k) => table.intern(cellsOf(k)));
  const before = table.memoryBytes;
  table.rest();
  expect(table.memoryBytes).toBeLessThan(before * 0.9);
  expect(numbers.map((k) => table.intern(cellsOf(k)))).toEqual(ids);
  expect(table.intern(Uint32Array.of(1, 2, 3))).toBe(MANY);
  expect(table.size).toBe(MANY + 1);
});
