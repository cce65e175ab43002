import { expect, test } from "vitest";
import { ByteDictionary } from "../../src/index/byte-dictionary.ts";

test("texts in passing are the texts, in whatever order and however they are written", () => {
  const dictionary = new ByteDictionary();
  const textOf = (k: number): string => (k % 5_000 < 40 ? `ünlike-${k}-😀` : `pod-${k}${"x".repeat(k % 30)}`);
  const codes = Array.from({ length: 30_000 }, (_, k) =>
    dictionary.internText(k === 29_000 ? "y".repeat(40_000) : textOf(k)),
  );
  const orders = [codes, codes.filter((code) => code % 3 === 0), [...codes].reverse(), [0, 1, 40_000]];
  for (const order of orders) {
    expect(order.map((code) => dictionary.passing(code))).toEqual(order.map((code) => dictionary.text(code)));
  }
  expect(dictionary.passing(codes[20_001] as number)).toBe(textOf(20_001));
  dictionary.clear();
  const others = Array.from({ length: 20_000 }, (_, k) => dictionary.internText(`other-${k}`));
  expect(others.map((code) => dictionary.passing(code))).toEqual(others.map((_, k) => `other-${k}`));
});
