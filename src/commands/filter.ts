import type { Action } from "../state/actions.ts";
import type { Command, CommandContext } from "./contract.ts";
import type { FilterLanguage } from "./filter-language.ts";
import { zoomedIn, zoomedOut } from "./zoom.ts";

const ERRORS = "code:>=400";

/** Everything that narrows what is shown. */
export function filterCommands(language: FilterLanguage): readonly Command[] {
  const noTerm = ({ view }: CommandContext): string | null =>
    view.selection.term === undefined ? "no value to filter by under the cursor" : null;
  const unfiltered = ({ app }: CommandContext): string | null =>
    app.chips.length === 0 && app.window === null && !app.humansOnly ? "no filter is set" : null;
  const notSeekable = ({ view }: CommandContext): string | null =>
    view.seekable === true ? null : "works in the list of requests";
  const noMatch = (context: CommandContext): string | null =>
    notSeekable(context) ?? (context.app.chips.length === 0 ? "no filter to match: / sets one" : null);

  const narrow = (context: CommandContext, term: string | undefined): readonly Action[] =>
    term === undefined
      ? []
      : [
          {
            type: "chips",
            chips: [...context.app.chips.map((chip) => chip.text).filter((text) => text !== term), term],
          },
        ];

  return [
    {
      id: "filter.include",
      title: "only this value: what the row counted",
      short: "only",
      keys: ["+"],
      scope: "list",
      group: "filter",
      disabledReason: noTerm,
      run: (context) => narrow(context, context.view.selection.term),
    },
    {
      id: "filter.exclude",
      title: "all but this value",
      short: "without",
      keys: ["-"],
      scope: "list",
      group: "filter",
      disabledReason: noTerm,
      run: (context) => {
        const term = context.view.selection.term;
        return narrow(context, term === undefined ? undefined : negated(term, language));
      },
    },
    {
      id: "filter.toggle",
      title: "all filters off or on again",
      keys: ["x"],
      scope: "global",
      group: "filter",
      disabledReason: ({ app }) => (app.chips.length === 0 ? "no filter is set" : null),
      run: ({ app }) => [{ type: "chips-on", on: !app.chipsOn }],
    },
    {
      id: "filter.drop",
      title: "drop the last filter",
      keys: ["backspace"],
      scope: "global",
      group: "filter",
      disabledReason: unfiltered,
      run: ({ app }) => {
        if (app.window !== null) return [{ type: "window", window: null }];
        if (app.humansOnly) return [{ type: "humans-only", on: false }];
        return [{ type: "chips", chips: app.chips.slice(0, -1).map((chip) => chip.text) }];
      },
    },
    {
      id: "filter.clear",
      title: "no filters, no time window, everybody",
      keys: ["X"],
      scope: "global",
      group: "filter",
      disabledReason: unfiltered,
      run: () => [
        { type: "chips", chips: [] },
        { type: "window", window: null },
        { type: "humans-only", on: false },
      ],
    },
    {
      id: "filter.humans",
      title: "humans only, or everybody again",
      short: "humans",
      keys: ["H"],
      scope: "global",
      group: "filter",
      run: ({ app }) => [{ type: "humans-only", on: !app.humansOnly }],
    },
    seek("filter.next-match", "next match of the filters", "n", 1, noMatch, matchOf),
    seek("filter.previous-match", "previous match of the filters", "N", -1, noMatch, matchOf),
    seek("requests.next-error", "next error (4xx, 5xx)", "e", 1, notSeekable, () => [ERRORS, "error"]),
    seek("requests.previous-error", "previous error", "E", -1, notSeekable, () => [ERRORS, "error"]),
    {
      id: "time.zoom-in",
      title: "zoom in: half the time window, around the cursor",
      short: "zoom",
      keys: ["z"],
      scope: "global",
      group: "filter",
      disabledReason: ({ pane }) => (pane.status.from === null ? "no requests yet" : null),
      run: ({ app, pane, view }) => [
        { type: "window", window: zoomedIn(app.window, pane.status, view.selection.timeUs) },
      ],
    },
    {
      id: "time.zoom-out",
      title: "zoom out: twice the time window",
      keys: ["Z"],
      scope: "global",
      group: "filter",
      disabledReason: ({ app }) => (app.window === null ? "the whole time is shown" : null),
      run: ({ app, pane }) => [{ type: "window", window: zoomedOut(app.window, pane.status) }],
    },
    landmark("time.previous-landmark", "previous gap, restart or burst", "{", -1),
    landmark("time.next-landmark", "next gap, restart or burst", "}", 1),
  ];
}

function matchOf({ app }: CommandContext): readonly [term: string, what: string] {
  return [app.chips.map((chip) => chip.text).join(" "), "match"];
}

function seek(
  id: string,
  title: string,
  key: string,
  direction: 1 | -1,
  disabledReason: (context: CommandContext) => string | null,
  target: (context: CommandContext) => readonly [term: string, what: string],
): Command {
  return {
    id,
    title,
    keys: [key],
    scope: "list",
    group: id.startsWith("filter") ? "filter" : "move",
    disabledReason,
    run: (context) => {
      const [term, what] = target(context);
      return [{ type: "effect", effect: { kind: "seek", term, direction, what } }];
    },
  };
}

function landmark(id: string, title: string, key: string, direction: 1 | -1): Command {
  return {
    id,
    title,
    keys: [key],
    scope: "list",
    group: "move",
    disabledReason: ({ view }) => (view.live === true ? null : "works in the list of requests, in the order of time"),
    run: () => [{ type: "effect", effect: { kind: "seek-landmark", direction } }],
  };
}

/** The opposite of a term; a term of several is put in parentheses. */
export function negated(term: string, language: FilterLanguage): string {
  if (/^[-!]/.test(term)) return term.slice(1);
  const parsed = language.parse(term);
  return parsed.ok && parsed.filter.op === "match" ? `-${term}` : `-(${term})`;
}
