import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FilterLanguage, filterLanguage } from "../../src/commands/filter-language.ts";
import { createKeymap } from "../../src/commands/keymap.ts";
import { insertText, openPrompt } from "../../src/commands/prompt-text.ts";
import { createCommands } from "../../src/commands/registry.ts";
import { PANES } from "../../src/panes/registry.ts";
import type { Action } from "../../src/state/actions.ts";
import type { AppState, Prompt } from "../../src/state/app-state.ts";
import { reduce } from "../../src/state/reduce.ts";
import { commandContext } from "../support/command-context.ts";
import { sampleLanguage, samplePanes } from "../support/sample-panes.ts";

const { line } = createCommands(PANES, sampleLanguage);
const keymapWith = (language: FilterLanguage) => createKeymap(createCommands(samplePanes, language).all);

/** Keys pressed in an open prompt; what is no key is typed. */
function press(state: AppState, ...keys: readonly string[]): { state: AppState; last: readonly Action[] } {
  return pressWith(sampleLanguage, state, ...keys);
}

function pressWith(
  language: FilterLanguage,
  state: AppState,
  ...keys: readonly string[]
): { state: AppState; last: readonly Action[] } {
  const keymap = keymapWith(language);
  let current = state;
  let last: readonly Action[] = [];
  for (const key of keys) {
    const command = keymap.find(key, "requests", true);
    const prompt = current.prompt;
    last =
      command !== undefined
        ? command.run(commandContext(current))
        : prompt === null
          ? []
          : [{ type: "prompt", prompt: insertText(prompt, key) }];
    current = last.reduce(reduce, current);
  }
  return { state: current, last };
}

function open(kind: Prompt["kind"], text = ""): AppState {
  return { ...commandContext().app, prompt: openPrompt(kind, text) };
}

describe("finding rows by their words", () => {
  test("keeps what is no filter, and takes a filter as one instead of losing it", () => {
    const words = pressWith(filterLanguage, open("narrow", "nginx demo"), "enter").state;
    expect(words.stack[0]?.params).toEqual({ search: "nginx demo" });
    expect(words.chips).toEqual([]);
    const filtered = pressWith(
      filterLanguage,
      { ...open("narrow", "user:bob code:403"), chips: [{ text: "ns:demo" }] },
      "enter",
    ).state;
    expect(filtered.chips.map(({ text }) => text)).toEqual(["ns:demo", "user:bob", "code:403"]);
    expect(filtered).toMatchObject({ prompt: null, message: { text: "taken as a filter: it holds on every pane" } });
    expect(filtered.stack[0]?.params["search"]).toBe("");
  });
});

describe("editing", () => {
  test("moves and deletes whole characters as the reader sees them", () => {
    const { state } = press(open("filter", "user:jörg👩‍🔧"), "backspace", "left", "backspace");
    expect(state.prompt).toMatchObject({ text: "user:jög", cursor: 7 });
  });

  test("words, ends and lines", () => {
    expect(press(open("filter", "code:403 ns:demo"), "ctrl-w").state.prompt?.text).toBe("code:403 ");
    expect(press(open("filter", "code:403 ns:demo"), "ctrl-u").state.prompt?.text).toBe("");
    expect(press(open("filter", "code:403"), "ctrl-a", "-").state.prompt).toMatchObject({
      text: "-code:403",
      cursor: 1,
    });
    expect(press(open("filter", "code:403"), "home", "ctrl-k").state.prompt?.text).toBe("");
  });

  test("backspace on an empty line closes it", () => {
    expect(press(open("filter"), "backspace").state.prompt).toBeNull();
  });

  test("the cursor always stands between characters, and no control character gets in", () => {
    const keys = fc.constantFrom(
      "left",
      "right",
      "home",
      "end",
      "backspace",
      "delete",
      "ctrl-w",
      "a",
      "é",
      "日",
      "👩‍🔧",
      " ",
      "\u001b[2J",
    );
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 30 }), (pressed) => {
        const { state } = press(open("command", "x"), ...pressed);
        if (state.prompt === null) return;
        const { text, cursor } = state.prompt;
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual(text.length);
        expect(text.slice(0, cursor).isWellFormed() && text.slice(cursor).isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe("the filter prompt", () => {
  test("accepting sets one chip per term and remembers the text", () => {
    const { state } = press(open("filter", "code:403 user:bob"), "enter");
    expect(state.prompt).toBeNull();
    expect(state.chips.map((chip) => chip.text)).toEqual(["code:403", "user:bob"]);
    expect(state.history.filter).toEqual(["code:403 user:bob"]);
  });

  test("a mistake keeps it open and names the column", () => {
    const { state } = press(open("filter", "code:403 usr:bob"), "enter");
    expect(state.chips).toEqual([]);
    expect(state.prompt?.error).toMatchObject({ column: 10 });
  });

  test("esc changes nothing", () => {
    const before = { ...open("filter", "code:500"), chips: [{ text: "code:403" }] };
    expect(press(before, "esc").state).toMatchObject({ prompt: null, chips: [{ text: "code:403" }] });
  });

  test("up and down walk through history and come back to what was being typed", () => {
    const state: AppState = { ...open("filter", "ns:x"), history: { filter: ["new", "old"], command: [] } };
    expect(press(state, "up").state.prompt?.text).toBe("new");
    expect(press(state, "up", "up").state.prompt?.text).toBe("old");
    expect(press(state, "up", "up", "up").state.prompt?.text).toBe("old");
    expect(press(state, "up", "up", "down", "down").state.prompt?.text).toBe("ns:x");
  });
});

describe("the command prompt", () => {
  test("q leaves; a pane opens; its arguments reach it", () => {
    expect(press(open("command", "q"), "enter").state.quitting).toBe(true);
    expect(press(open("command", "requests abc"), "enter").state.stack).toMatchObject([
      { pane: "requests", params: { args: "abc" } },
    ]);
  });

  test("a pane's own complaint points at its arguments", () => {
    const { state } = press(open("command", "requests bad"), "enter");
    expect(state.prompt?.error).toEqual({ ok: false, column: 10, message: "requests knows no “bad”" });
  });

  test("an unknown name says what was likely meant, and nothing else; an unambiguous start is enough", () => {
    const told = (name: string): string | undefined =>
      press(open("command", name), "enter").state.prompt?.error?.message;
    expect(told("reqeusts")).toBe("there is no “reqeusts” — did you mean requests?");
    expect(told("nonsense")).toBe("there is no “nonsense” — tab shows what there is");
    expect(told("constructor")).toBe("there is no “constructor” — tab shows what there is");
    expect(press(open("command", "req"), "enter").state.stack[0]?.pane).toBe("requests");
  });

  test("commands run by id and filters can be typed", () => {
    expect(press(open("command", "filter.humans"), "enter").state.humansOnly).toBe(true);
    expect(press(open("command", "filter code:403"), "enter").state.chips).toEqual([{ text: "code:403" }]);
    expect(press(open("command", "filter code"), "enter").state.prompt).toBeNull();
    expect(press(open("command", "filter bogus:1"), "enter").state.prompt?.error?.column).toBe(8);
  });

  test("what tab could make of it: names, but no ids unless a dot is typed; words of a command; what of the log", () => {
    const { app } = commandContext();
    expect(line.place("req", app)).toEqual({ from: 0, typed: "req", words: ["requests", "request"] });
    expect(line.place("filte", app).words).toEqual(["filter"]);
    expect(line.place("filter", app).words).toEqual([]);
    expect(line.place("filter.", app).words).toContain("filter.humans");
    expect(line.place("filter user:al", app)).toMatchObject({ argument: "filter" });
    expect(line.place("trail deploy/ng", app)).toMatchObject({ from: 6, typed: "deploy/ng", argument: "object" });
    expect(line.place("trail deploy/nginx -n de", app)).toMatchObject({ typed: "de", argument: "namespace" });
    expect(line.place("top user,res", app)).toEqual({ from: 9, typed: "res", words: ["resource"] });
    expect(line.place("codes 4", app)).toMatchObject({ typed: "4", argument: "code" });
  });

  test("tab asks for it, one way or the other", () => {
    expect(press(open("command", "req"), "tab").last).toEqual([
      { type: "effect", effect: { kind: "complete", direction: 1 } },
    ]);
    expect(press(open("filter", "us"), "shift-tab").last).toEqual([
      { type: "effect", effect: { kind: "complete", direction: -1 } },
    ]);
  });
});
