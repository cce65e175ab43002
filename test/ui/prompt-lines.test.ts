import { expect, test } from "vitest";
import { openPrompt } from "../../src/commands/prompt-text.ts";
import { displayWidth } from "../../src/models/display-width.ts";
import { lineText, lineWidth } from "../../src/models/line.ts";
import { promptLines } from "../../src/ui/prompt-lines.ts";
import { commandContext } from "../support/command-context.ts";

const withError = (text: string, column: number, message: string): Parameters<typeof promptLines>[0] => ({
  ...openPrompt("filter", text),
  error: { column, message },
});

const nothing: Parameters<typeof promptLines>[1] = {
  news: { offers: [], matches: null },
  hint: null,
  state: commandContext().app,
};

test("the caret stands under the mistake", () => {
  const { below, before } = promptLines(withError("code:403 usr:bob", 10, "no field “usr”; user?"), nothing, 80);
  expect(lineText(before)).toBe("/code:403 usr:bob");
  expect(lineText(below)).toBe("          ^ no field “usr”; user?");
});

test("behind a wide character it still does", () => {
  const { below } = promptLines(withError("name:日本 x:1", 9, "no field"), nothing, 80);
  expect(lineText(below).indexOf("^")).toBe(1 + displayWidth("name:日本 "));
});

test("a sentence that is too long for the line stands whole above the prompt", () => {
  const sentence = "there is no “frobnicate” — panes: overview, top, codes, objects, trail, requests, latency, compare";
  const { over, below } = promptLines(withError("frobnicate", 1, sentence), nothing, 60);
  expect(over.map(lineText).join(" ").replaceAll(/\s+/g, " ").trim()).toBe(sentence);
  expect(lineText(below)).toBe(" ^");
});

test("far right its sentence goes first", () => {
  const { below } = promptLines(withError(`${"a".repeat(70)} x:1`, 72, "no field “x”"), nothing, 80);
  expect(lineText(below).trimStart()).toBe("no field “x” ^");
  expect(lineText(below).indexOf("^")).toBe(72);
});

test("a text longer than the line scrolls with its cursor", () => {
  const { before, under, after } = promptLines(openPrompt("filter", "x".repeat(300)), nothing, 60);
  expect(lineWidth(before) + lineWidth(under) + lineWidth(after)).toBeLessThanOrEqual(60);
  const atStart = promptLines({ ...openPrompt("filter", "abc".repeat(100)), cursor: 0 }, nothing, 60);
  expect(lineText(atStart.under)).toBe("a");
});

test("what the filter matches, and what tab makes of it, stand below", () => {
  const log = { from: null, to: null };
  const offers = [
    { text: "alice", detail: "20" },
    { text: "bob\u001b", detail: "" },
  ];
  const matches = { requests: 1, terms: [], inWindow: null, log };
  const shown = (prompt: Parameters<typeof promptLines>[0], news = nothing.news): string =>
    lineText(promptLines(prompt, { ...nothing, news }, 120).below).trim();
  expect(shown(openPrompt("filter", "user:"), { offers, matches: null })).toBe(String.raw`tab: alice (20)  bob\x1b`);
  expect(shown(openPrompt("filter", "user:alice"), { offers: [], matches })).toBe("1 request match");
  const none = { ...matches, requests: 0, terms: [{ text: "user:x", requests: 0, without: null, nearest: [] }] };
  expect(shown(openPrompt("filter", "user:x"), { offers: [], matches: none })).toBe("user:x matches nothing");
  const unread = { ...matches, requests: null };
  expect(shown(openPrompt("filter", "body:a=b"), { offers: [], matches: unread })).toContain("counted on enter");
  const completing = { from: 5, rest: "", texts: ["alice", "bob", "carol"], at: 1 };
  expect(shown({ ...openPrompt("filter", "user:bob"), completing })).toBe("2 of 3  tab: carol");
});
