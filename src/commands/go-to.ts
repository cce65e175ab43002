import { isoTime } from "../events/time.ts";
import type { Pane, PaneSelection } from "../panes/contract.ts";
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
    ...objectCommands(has, language),
    ...requestCommands(has),
    ...(has("diff") ? [diffCommand] : []),
    ...(has("changes") ? [changesCommand] : []),
    ...(has("group-by") ? [breakDownCommand] : []),
  ];
}

function isFirst({ stack, visited }: AppState): boolean {
  return stack.length === 1 && visited.length === 0;
}

const diffCommand: Command = {
  id: "request.diff",
  title: "diff: what this request changed in its object",
  short: "diff",
  keys: ["D"],
  scope: "list",
  group: "request",
  disabledReason: ({ app, view }) => {
    if (view.selection.seq === undefined) return "no request under the cursor";
    return app.stack.at(-1)?.pane === "diff" ? "this is what is shown" : null;
  },
  run: ({ view }) => {
    const { seq } = view.selection;
    return seq === undefined ? [] : [{ type: "push", frame: frameOf("diff", { seq: String(seq) }) }];
  },
};

const changesCommand: Command = {
  id: "go.changes",
  title: "changes: what people and pipelines wrote before this time, and how it differs",
  keys: ["w"],
  scope: "list",
  group: "go to",
  disabledReason: ({ app }) => (app.stack.at(-1)?.pane === "changes" ? "this is what is shown" : null),
  run: ({ view: { selection } }) => {
    const before = selection.timeUs === undefined ? null : isoTime(selection.timeUs);
    return [{ type: "push", frame: frameOf("changes", before === null ? {} : { before }) }];
  },
};

const breakDownCommand: Command = {
  id: "go.break-down",
  title: "break this row down: what it counted, grouped by …",
  short: "break down",
  keys: ["B"],
  scope: "list",
  group: "go to",
  disabledReason: ({ view }) => (view.selection.term === undefined ? "no value to break down under the cursor" : null),
  run: ({ view }) => {
    const { term } = view.selection;
    return term === undefined ? [] : [{ type: "push", frame: frameOf("group-by", { only: term }) }];
  },
};

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

/** A pane's object: what it is asked by, and what it is called where that is a uid. */
function objectParams({
  name,
  namespace,
  label = "",
}: NonNullable<PaneSelection["object"]>): Readonly<Record<string, string>> {
  return {
    object: name,
    ...(namespace === "" ? {} : { namespace }),
    ...(label === "" || label === name ? {} : { label }),
  };
}

function objectCommands(has: (id: string) => boolean, language: FilterLanguage): readonly Command[] {
  const commands: Command[] = [];
  if (has("trail")) {
    commands.push({
      id: "object.trail",
      title: "trail of this object: its whole life",
      short: "trail",
      keys: ["o"],
      scope: "list",
      group: "go to",
      disabledReason: ({ view }) => (view.selection.object === undefined ? "no object under the cursor" : null),
      run: ({ view }) => {
        const object = view.selection.object;
        if (object === undefined) return [];
        return [{ type: "push", frame: frameOf("trail", objectParams(object)) }];
      },
    });
  }
  if (has("why")) {
    commands.push({
      id: "object.why",
      title: "why is this object gone: back to the first cause",
      short: "why gone",
      keys: ["W"],
      scope: "list",
      group: "go to",
      disabledReason: ({ view }) => (view.selection.object === undefined ? "no object under the cursor" : null),
      run: ({ view }) => {
        const object = view.selection.object;
        if (object === undefined) return [];
        return [{ type: "push", frame: frameOf("why", objectParams(object)) }];
      },
    });
  }
  if (has("object")) {
    commands.push({
      id: "object.state",
      title: "this object itself, as it was after this request or at this time",
      keys: ["I"],
      scope: "list",
      group: "go to",
      disabledReason: ({ app, view }) => {
        if (view.selection.object === undefined) return "no object under the cursor";
        return app.stack.at(-1)?.pane === "object" ? "this is what is shown" : null;
      },
      run: ({ view: { selection } }) => {
        const { object, seq, timeUs } = selection;
        if (object === undefined) return [];
        const params = {
          ...objectParams(object),
          ...(timeUs === undefined ? {} : { at: String(timeUs) }),
          ...(seq === undefined ? {} : { seq: String(seq) }),
        };
        return [{ type: "push", frame: frameOf("object", params) }];
      },
    });
  }
  if (has("rights")) {
    commands.push({
      id: "actor.rights",
      title: "least rights of this user, for what it did: other filters are set aside until esc",
      keys: ["R"],
      scope: "list",
      group: "go to",
      disabledReason: ({ view }) => (view.selection.user === undefined ? "no user under the cursor" : null),
      run: ({ view }) => {
        const user = view.selection.user;
        return user === undefined ? [] : [{ type: "push", frame: frameOf("rights", { user }), alone: true }];
      },
    });
  }
  if (has("cadence")) {
    commands.push({
      id: "actor.cadence",
      title: "cadence of this user: what it calls, how often, how regularly",
      keys: ["K"],
      scope: "list",
      group: "go to",
      disabledReason: ({ view }) => (view.selection.user === undefined ? "no user under the cursor" : null),
      run: ({ view }) => {
        const user = view.selection.user;
        return user === undefined ? [] : [{ type: "push", frame: frameOf("cadence", { user }) }];
      },
    });
  }
  if (has("requests")) {
    commands.push({
      id: "actor.requests",
      title: "everything by this actor: other filters are set aside until esc",
      short: "actor",
      keys: ["O"],
      scope: "list",
      group: "go to",
      disabledReason: ({ view }) => (view.selection.user === undefined ? "no user under the cursor" : null),
      run: ({ view }) => {
        const user = view.selection.user;
        if (user === undefined) return [];
        return [{ type: "push", frame: frameOf("requests"), chips: [language.term("user", user)], alone: true }];
      },
    });
  }
  return commands;
}

function requestCommands(has: (id: string) => boolean): readonly Command[] {
  const noRequest = ({ view }: CommandContext): string | null =>
    view.selection.seq === undefined ? "no request under the cursor" : null;
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
    disabledReason: (context) => noRequest(context) ?? (isShown(context, part) ? "this is what is shown" : null),
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
