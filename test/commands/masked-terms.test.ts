import { expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { insertText } from "../../src/commands/prompt-text.ts";
import { createCommands } from "../../src/commands/registry.ts";
import type { AppState } from "../../src/state/app-state.ts";
import { reduce } from "../../src/state/reduce.ts";
import { commandContext } from "../support/command-context.ts";

const commands = createCommands([], filterLanguage).all;

function run(app: AppState, id: string): AppState {
  const command = commands.find((candidate) => candidate.id === id);
  return (command?.run(commandContext(app)) ?? []).reduce(reduce, app);
}

const texts = (app: AppState): string[] => app.chips.map(({ text }) => text);
const secret = 'annotation:"example.com/token"=hunter2-one';
const other = 'annotation:"example.com/token"=hunter2-two';

test("a filter by a masked value is masked in the prompt, and is the same when it is accepted", () => {
  const app = { ...commandContext().app, chips: [secret, "verb:get", other].map((text) => ({ text })) };
  const editing = run(app, "filter.edit");
  expect(editing.prompt?.text).not.toContain("hunter2");
  expect(texts(run(editing, "prompt.accept"))).toEqual([secret, "verb:get", other]);
  const prompt = editing.prompt === null ? null : insertText(editing.prompt, "ns:demo");
  const accepted = run({ ...editing, prompt }, "prompt.accept");
  expect(texts(accepted)).toEqual([secret, "verb:get", other, "ns:demo"]);
  // What could not be meant again later is not kept.
  expect(accepted.history.filter).toEqual([]);
});

test("what somebody types is as they typed it, and kept", () => {
  const app = commandContext().app;
  const prompt = run(app, "filter.edit").prompt;
  const typed = { ...app, prompt: prompt === null ? null : insertText(prompt, "verb:get ns:demo") };
  const accepted = run(typed, "prompt.accept");
  expect(texts(accepted)).toEqual(["verb:get", "ns:demo"]);
  expect(accepted.history.filter).toEqual(["verb:get ns:demo"]);
});
