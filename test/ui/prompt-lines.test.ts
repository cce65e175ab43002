import { expect, test } from "vitest";
import { openPrompt } from "../../src/commands/prompt-text.ts";
import { displayWidth } from "../../src/models/display-width.ts";
import { lineText, lineWidth } from "../../src/models/line.ts";
import { promptLines } from "../../src/ui/prompt-lines.ts";

const withError = (text: string, column: number, message: string): Parameters<typeof promptLines>[0] => ({
  ...openPrompt("filter", text),
  error: { column, message },
});

test("the caret stands under the mistake", () => {
  const { below, before } = promptLines(withError("code:403 usr:bob", 10, "no field “usr”; user?"), [], 80);
  expect(lineText(before)).toBe("/code:403 usr:bob");
  expect(lineText(below)).toBe("          ^ no field “usr”; user?");
});

test("behind a wide character it still does", () => {
  const { below } = promptLines(withError("name:日本 x:1", 9, "no field"), [], 80);
  expect(lineText(below).indexOf("^")).toBe(1 + displayWidth("name:日本 "));
});

test("a sentence that is too long for the line stands whole above the prompt", () => {
  const sentence = "there is no “frobnicate” — panes: overview, top, codes, objects, trail, requests, latency, compare";
  const { over, below } = promptLines(withError("frobnicate", 1, sentence), [], 60);
  expect(over.map(lineText).join(" ").replaceAll(/\s+/g, " ").trim()).toBe(sentence);
  expect(lineText(below)).toBe(" ^");
});

test("far right its sentence goes first", () => {
  const { below } = promptLines(withError(`${"a".repeat(70)} x:1`, 72, "no field “x”"), [], 80);
  expect(lineText(below).trimStart()).toBe("no field “x” ^");
  expect(lineText(below).indexOf("^")).toBe(72);
});

test("a text longer than the line scrolls with its cursor", () => {
  const { before, under, after } = promptLines(openPrompt("filter", "x".repeat(300)), [], 60);
  expect(lineWidth(before) + lineWidth(under) + lineWidth(after)).toBeLessThanOrEqual(60);
  const atStart = promptLines({ ...openPrompt("filter", "abc".repeat(100)), cursor: 0 }, [], 60);
  expect(lineText(atStart.under)).toBe("a");
});
