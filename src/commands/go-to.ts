import { isoTime } from "../events/time.ts";
import type { Pane, PaneSelection } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import type { AppState } from "../state/app-state.ts";
import { frameOf } from "../state/initial-state.ts";
import type { Command, CommandContext } from "./contract.ts";
import type { FilterLanguage } from "./filter-language.ts";
import { NO_TIME } from "../state/time-cursor.ts";
import { chosenIn, zoomedTo } from "./time-cursor.ts";

/** Keys 1…9 then 0, as they lie on the keyboard: the order of tab. */
export function panesByDigit(panes: readonly Pane[]): readonly Pane[] {
  const order = (pane: Pane): number => (pane.digit === "0" ? 10 : Number(pane.digit));
  return panes.filter((pane) => pane.digit !== undefined).toSorted((a, b) => order(a) - order(b));
}

/** Levels of the stack and the ways into another pane. */
export function goToCommands(panes: readonly Pane[], language: FilterLanguage): readonly Command[] {
  const numbered = panesByDigit(panes);
  const has = (id: string): boolean => panes.some((pane) => pane.id === id);
  const opened = (all: readonly Opening[]): readonly Command[] =>
    all.filter(({ pane }) => has(pane)).map((opening) => openingCommand(opening));
  return [
    {
      id: "go.enter",
      title: "drill in: the requests behind this row; on a time cursor: zoom to its time",
      short: "open",
      keys: ["enter"],
      scope: "list",
      group: "go to",
      disabledReason: (context) =>
        context.view.selection.enter === undefined && chosenIn(context) === null ? "nothing to open here" : null,
      run: (context) => {
        const chosen = chosenIn(context);
        if (chosen !== null) return zoomedTo(chosen);
        const { enter } = context.view.selection;
        if (enter === undefined) return [];
        return [{ type: "push", ...enter }];
      },
    },
    {
      id: "go.back",
      title: "back one level, then through the panes visited before",
      keys: ["esc"],
      scope: "global",
      group: "go to",
      disabledReason: (context) =>
        isFirst(context.app) && chosenIn(context) === null ? "this is where it began; q twice leaves" : null,
      run: (context) => [chosenIn(context) === null ? { type: "back" } : { type: "params", params: NO_TIME }],
    },
    {
      id: "go.leave",
      title: "back, as esc; where it began, pressed twice, leave",
      short: "back",
      keys: ["q"],
      scope: "global",
      group: "go to",
      run: (context) => {
        const { app } = context;
        if (chosenIn(context) !== null) return [{ type: "params", params: NO_TIME }];
        if (!isFirst(app)) return [{ type: "back" }];
        if (app.message?.asksToLeave === true) return [{ type: "effect", effect: { kind: "quit" } }];
        return [{ type: "message", text: "again to leave; ctrl-c leaves at once", tone: "info", asksToLeave: true }];
      },
    },
    {
      id: "go.previous",
      title: "the pane visited before",
      keys: ["ctrl-o"],
      scope: "global",
      group: "go to",
      disabledReason: ({ app }) => (app.visited.length === 0 ? "no pane was visited before this one" : null),
      run: () => [{ type: "return" }],
    },
    ...numbered.map((pane): Command => ({
      id: `go.${pane.id}`,
      title: `${pane.title}: ${pane.about}`,
      keys: [pane.digit ?? ""],
      scope: "global",
      group: "go to",
      run: () => [{ type: "open", frame: frameOf(pane.id) }],
    })),
    step("go.next-pane", "next pane", "tab", 1, numbered),
    step("go.previous-pane", "previous pane", "shift-tab", -1, numbered),
    ...opened(aboutNames(language)),
    ...requestCommands(has),
    ...opened(ABOUT_ROWS),
  ];
}

function isFirst({ stack, visited }: AppState): boolean {
  return stack.length === 1 && visited.length === 0;
}

function step(id: string, title: string, key: string, by: 1 | -1, numbered: readonly Pane[]): Command {
  return {
    id,
    title,
    keys: [key],
    scope: "global",
    group: "go to",
    run: ({ app }) => {
      const at = numbered.findIndex((pane) => pane.id === app.stack[0]?.pane);
      const from = at < 0 ? (by > 0 ? -1 : 0) : at;
      const next = numbered[(from + by + numbered.length) % numbered.length];
      return next === undefined ? [] : [{ type: "open", frame: frameOf(next.id) }];
    },
  };
}

/** A pane that is opened about what is under the cursor. */
interface Opening extends Pick<Command, "id" | "title" | "short"> {
  readonly key: string;
  readonly pane: string;
  /** Default: "go to". */
  readonly group?: Command["group"];
  /** What has to be under the cursor: `opens` is asked with it only. */
  readonly needs?: keyof typeof MISSING;
  /** Opened on itself it would show the same. */
  readonly once?: true;
  opens(selection: PaneSelection): Omit<Extract<Action, { type: "push" }>, "type">;
}

const MISSING = {
  object: "no object under the cursor",
  user: "no user under the cursor",
  term: "no value to break down under the cursor",
  seq: "no request under the cursor",
} as const;

function aboutNames(language: FilterLanguage): readonly Opening[] {
  return [
    {
      id: "object.trail",
      title: "trail of this object: its whole life",
      short: "trail",
      key: "o",
      pane: "trail",
      needs: "object",
      opens: ({ object }) => ({ frame: frameOf("trail", objectParams(object)) }),
    },
    {
      id: "object.why",
      title: "why is this object gone: back to the first cause",
      short: "why gone",
      key: "W",
      pane: "why",
      needs: "object",
      opens: ({ object }) => ({ frame: frameOf("why", objectParams(object)) }),
    },
    {
      id: "object.state",
      title: "this object itself, as it was after this request or at this time",
      key: "I",
      pane: "object",
      needs: "object",
      once: true,
      opens: ({ object, seq, timeUs }) => {
        const at = timeUs === undefined ? {} : { at: String(timeUs) };
        const after = seq === undefined ? {} : { seq: String(seq) };
        return { frame: frameOf("object", { ...objectParams(object), ...at, ...after }) };
      },
    },
    {
      id: "actor.rights",
      title: "least rights of this user, for what it did: other filters are set aside until esc",
      key: "R",
      pane: "rights",
      needs: "user",
      opens: ({ user = "" }) => ({ frame: frameOf("rights", { user }), alone: true }),
    },
    {
      id: "actor.cadence",
      title: "cadence of this user: what it calls, how often, how regularly",
      key: "K",
      pane: "cadence",
      needs: "user",
      opens: ({ user = "" }) => ({ frame: frameOf("cadence", { user }) }),
    },
    {
      id: "actor.requests",
      title: "everything by this actor: other filters are set aside until esc",
      short: "actor",
      key: "O",
      pane: "requests",
      needs: "user",
      opens: ({ user = "" }) => ({ frame: frameOf("requests"), chips: [language.term("user", user)], alone: true }),
    },
  ];
}

const ABOUT_ROWS: readonly Opening[] = [
  {
    id: "request.diff",
    title: "diff: what this request changed in its object",
    short: "diff",
    key: "D",
    pane: "diff",
    group: "request",
    needs: "seq",
    once: true,
    opens: ({ seq }) => ({ frame: frameOf("diff", { seq: String(seq) }) }),
  },
  {
    id: "go.changes",
    title: "changes: what people and pipelines wrote before this time, and how it differs",
    key: "w",
    pane: "changes",
    once: true,
    opens: ({ timeUs }) => {
      const before = timeUs === undefined ? null : isoTime(timeUs);
      return { frame: frameOf("changes", before === null ? {} : { before }) };
    },
  },
  {
    id: "go.break-down",
    title: "break this row down: what it counted, grouped by …",
    short: "break down",
    key: "B",
    pane: "group-by",
    needs: "term",
    opens: ({ term = "" }) => ({ frame: frameOf("group-by", { only: term }) }),
  },
];

function openingCommand({ key, pane, group = "go to", needs, once, opens, ...named }: Opening): Command {
  const isMissing = (selection: PaneSelection): boolean => needs !== undefined && selection[needs] === undefined;
  return {
    ...named,
    keys: [key],
    scope: "list",
    group,
    disabledReason: ({ app, view: { selection } }) => {
      if (needs !== undefined && isMissing(selection)) return MISSING[needs];
      return once === true && app.stack.at(-1)?.pane === pane ? "this is what is shown" : null;
    },
    run: ({ view: { selection } }) => (isMissing(selection) ? [] : [{ type: "push", ...opens(selection) }]),
  };
}

/** A pane's object: what it is asked by, and what it is called where that is a uid. */
function objectParams(object: PaneSelection["object"]): Readonly<Record<string, string>> {
  const { name = "", namespace = "", label = "" } = object ?? {};
  return {
    object: name,
    ...(namespace === "" ? {} : { namespace }),
    ...(label === "" || label === name ? {} : { label }),
  };
}

function requestCommands(has: (id: string) => boolean): readonly Command[] {
  const isShown = ({ app, view }: CommandContext, part: string): boolean => {
    const frame = app.stack.at(-1);
    const isSame = frame?.params["seq"] === String(view.selection.seq) && (frame?.params["part"] ?? "") === part;
    return frame?.pane === "request" && isSame;
  };
  const card = (id: string, title: string, short: string, key: string, part: string): Command => ({
    id,
    title,
    short,
    keys: [key],
    scope: "list",
    group: "request",
    disabledReason: (context) => {
      if (context.view.selection.seq === undefined) return MISSING.seq;
      return isShown(context, part) ? "this is what is shown" : null;
    },
    run: ({ view }) => {
      const seq = view.selection.seq;
      if (seq === undefined) return [];
      const params = part === "" ? { seq: String(seq) } : { seq: String(seq), part };
      return [{ type: "push", frame: frameOf("request", params) }];
    },
  });
  const isCard = ({ app }: CommandContext): boolean => {
    const { pane, params } = app.stack.at(-1) ?? {};
    return has("binding") && pane === "request" && params?.["part"] !== "raw";
  };
  if (!has("request")) return [];
  const why = card(
    "request.why",
    "why it was authorized: binding, role, subject; on the card: all that this binding allowed",
    "allowed",
    "A",
    "why",
  );
  return [
    card("request.card", "request card: what, who, why, when, from where", "card", "d", ""),
    card("request.raw", "raw JSON of this request, byte for byte", "raw", "y", "raw"),
    {
      ...why,
      disabledReason: (context) => {
        const { seq, binding } = context.view.selection;
        if (seq === undefined && has("bindings"))
          return "no request under the cursor; :bindings tells what each binding allowed";
        return isCard(context) && binding !== undefined ? null : (why.disabledReason?.(context) ?? null);
      },
      // The card says it: from there on to everything that binding allowed.
      run: (context) => {
        const { binding } = context.view.selection;
        if (!isCard(context) || binding === undefined) return why.run(context);
        return [{ type: "push", frame: frameOf("binding", { binding }), alone: true }];
      },
    },
  ];
}
