import type { Filter } from "../queries/contract.ts";
import type { Action } from "../state/actions.ts";
import type { Prompt } from "../state/app-state.ts";
import type { CommandLine } from "./command-line.ts";
import type { Command, CommandContext } from "./contract.ts";
import type { FilterLanguage } from "./filter-language.ts";
import { restoredTerms } from "./masked-terms.ts";
import { nextPlace, previousPlace, withText, wordStart } from "./prompt-text.ts";

/** Keys inside a prompt line. */
export function promptCommands(language: FilterLanguage, line: CommandLine): readonly Command[] {
  const edit =
    (change: (prompt: Prompt, context: CommandContext) => Prompt) =>
    (context: CommandContext): readonly Action[] => {
      const prompt = context.app.prompt;
      return prompt === null ? [] : [{ type: "prompt", prompt: checked(change(prompt, context), language) }];
    };
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    run: (context: CommandContext) => readonly Action[],
    short?: string,
  ): Command => ({
    id: `prompt.${id}`,
    title,
    keys,
    scope: "prompt",
    group: "program",
    run,
    ...(short === undefined ? {} : { short }),
  });

  return [
    command("accept", "accept", ["enter"], (context) => accept(context, language, line), "accept"),
    command("cancel", "close without a change", ["esc"], () => [{ type: "prompt", prompt: null }], "cancel"),
    command(
      "earlier",
      "earlier text, or candidate above",
      ["up", "ctrl-p"],
      edit((p, c) => recall(p, c, 1)),
      "earlier",
    ),
    command(
      "later",
      "later text, or candidate below",
      ["down", "ctrl-n"],
      edit((p, c) => recall(p, c, -1)),
    ),
    command(
      "complete",
      "complete: fields, values of the log, names; again: the next that fits",
      ["tab"],
      () => [{ type: "effect", effect: { kind: "complete", direction: 1 } }],
      "complete",
    ),
    command("complete-back", "the one before of what fits", ["shift-tab"], () => [
      { type: "effect", effect: { kind: "complete", direction: -1 } },
    ]),
    command(
      "left",
      "left",
      ["left", "ctrl-b"],
      edit((p) => ({ ...p, cursor: previousPlace(p.text, p.cursor) })),
    ),
    command(
      "right",
      "right",
      ["right", "ctrl-f"],
      edit((p) => ({ ...p, cursor: nextPlace(p.text, p.cursor) })),
    ),
    command(
      "start",
      "start of the line",
      ["home", "ctrl-a"],
      edit((p) => ({ ...p, cursor: 0 })),
    ),
    command(
      "end",
      "end of the line",
      ["end", "ctrl-e"],
      edit((p) => ({ ...p, cursor: p.text.length })),
    ),
    command("delete-back", "delete the character before", ["backspace"], (context) => {
      const prompt = context.app.prompt;
      // As in vi and less: backspace on an empty line closes it.
      if (prompt === null || prompt.text === "") return [{ type: "prompt", prompt: null }];
      return edit((p) => cut(p, previousPlace(p.text, p.cursor), p.cursor))(context);
    }),
    command(
      "delete",
      "delete the character under the cursor",
      ["delete", "ctrl-d"],
      edit((p) => cut(p, p.cursor, nextPlace(p.text, p.cursor))),
    ),
    command(
      "delete-word",
      "delete the word before",
      ["ctrl-w", "alt-backspace"],
      edit((p) => cut(p, wordStart(p.text, p.cursor), p.cursor)),
    ),
    command(
      "delete-line",
      "delete up to the start",
      ["ctrl-u"],
      edit((p) => cut(p, 0, p.cursor)),
      "empty",
    ),
    command(
      "delete-rest",
      "delete up to the end",
      ["ctrl-k"],
      edit((p) => cut(p, p.cursor, p.text.length)),
    ),
  ];
}

/** A prompt with its mistake, if the text has one. Only filters are checked while typing. */
export function checked(prompt: Prompt, language: FilterLanguage): Prompt {
  if (prompt.kind !== "filter") return prompt;
  const parsed = language.parse(prompt.text);
  if (parsed.ok) return { ...prompt, error: null };
  const { column, message, suggestions = [] } = parsed;
  return { ...prompt, error: { column, message, suggestions } };
}

function accept(context: CommandContext, language: FilterLanguage, line: CommandLine): readonly Action[] {
  const prompt = context.app.prompt;
  if (prompt === null) return [];
  const text = prompt.text.trim();
  const close: Action = { type: "prompt", prompt: null };
  switch (prompt.kind) {
    case "filter": {
      const parsed = language.parse(prompt.text);
      if (!parsed.ok) return [{ type: "prompt", prompt: checked(prompt, language) }];
      const chips = restoredTerms(parsed.terms, context.app);
      const isTyped = text !== "" && chips.every((chip, at) => chip === parsed.terms[at]);
      const remember: readonly Action[] = isTyped ? [{ type: "remember", kind: "filter", text }] : [];
      return [{ type: "chips", chips }, ...remember, close];
    }
    case "command": {
      if (text === "") return [close];
      const ran = line.run(text, context);
      if (!ran.ok) return [{ type: "prompt", prompt: { ...prompt, error: ran } }];
      return [close, { type: "remember", kind: "command", text }, ...ran.actions];
    }
    case "find":
      return [{ type: "effect", effect: { kind: "accept-find" } }];
    case "note":
      return prompt.mark === undefined ? [close] : [close, { type: "note", id: prompt.mark, text }];
    case "search":
      // Panes with text search in it: what they look for is theirs.
      return [close, { type: "params", params: { search: text } }];
    case "narrow":
      return narrowed(context, language, text);
  }
}

/** Rows that say the text, unless it is a filter of requests: `/` is the key of both. */
function narrowed({ app }: CommandContext, language: FilterLanguage, text: string): readonly Action[] {
  const close: Action = { type: "prompt", prompt: null };
  const parsed = language.parse(text);
  if (!parsed.ok || !testsField(parsed.filter)) return [close, { type: "params", params: { search: text } }];
  return [
    close,
    { type: "params", params: { search: "" } },
    { type: "chips", chips: [...app.chips.map((chip) => chip.text), ...parsed.terms] },
    { type: "remember", kind: "filter", text },
    { type: "message", text: "taken as a filter: it holds on every pane", tone: "info" },
  ];
}

function testsField(filter: Filter): boolean {
  if (filter.op === "not") return testsField(filter.term);
  return filter.op === "match" ? filter.field !== "any" : filter.terms.some(testsField);
}

/** `by` 1: one step into the past (or up a list of candidates); −1: back towards what was being typed. */
function recall(prompt: Prompt, { app }: CommandContext, by: 1 | -1): Prompt {
  if (prompt.kind === "find") return { ...prompt, selected: Math.max(0, (prompt.selected ?? 0) - by) };
  if (prompt.kind === "search" || prompt.kind === "narrow" || prompt.kind === "note") return prompt;
  const history = app.history[prompt.kind];
  const at = (prompt.historyAt ?? -1) + by;
  if (at >= history.length || at < -1) return prompt;
  const draft = prompt.draft ?? prompt.text;
  const text = at === -1 ? draft : (history[at] ?? "");
  const next = withText(prompt, text, text.length);
  return at === -1 ? next : { ...next, historyAt: at, draft };
}

function cut(prompt: Prompt, from: number, to: number): Prompt {
  return withText(prompt, prompt.text.slice(0, from) + prompt.text.slice(to), from);
}
