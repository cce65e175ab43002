import type { Action } from "./actions.ts";
import type { AppState, Chip, Frame, Message } from "./app-state.ts";
import { topFrame } from "./initial-state.ts";
import { opened, popped, pushed, returned } from "./levels.ts";
import { withMark, withRestored, withRows } from "./marks.ts";
import { stackOf } from "./saved-view.ts";

const HISTORY = 50;

/** The next state. Pure: effects are performed by the shell, time and size come in as actions. */
export function reduce(state: AppState, action: Action): AppState {
  switch (action.type) {
    case "push":
      return pushed(state, action.frame, action);
    case "back":
      return state.stack.length > 1 ? popped(state) : (returned(state) ?? state);
    case "return":
      return returned(state) ?? state;
    case "replace":
      return pushed(popped(state), action.frame, action);
    case "open":
      return opened(state, [action.frame]);
    case "params":
      return withTop(state, { params: { ...topFrame(state).params, ...action.params } });
    case "cursor":
      return withTop(state, {
        cursorId: action.id,
        cursorIndex: Math.max(0, action.index),
        top: Math.max(0, action.top),
      });
    case "chips":
      return { ...state, chips: unique(action.chips), chipsOn: true };
    case "chips-on":
      return { ...state, chipsOn: action.on };
    case "window":
      return { ...state, window: action.window };
    case "humans-only":
      return { ...state, humansOnly: action.on };
    case "paused":
      return { ...state, paused: action.on };
    case "follow":
      return { ...state, follow: action.on };
    case "time-mode":
      return { ...state, timeMode: action.mode };
    case "columns": {
      const { [action.pane]: _, ...others } = state.columns;
      return { ...state, columns: action.columns.length === 0 ? others : { ...others, [action.pane]: action.columns } };
    }
    case "theme":
      return { ...state, theme: action.name };
    case "lo-fi":
      return { ...state, loFi: action.on };
    case "policy":
      return { ...state, policy: action.path };
    case "existing":
      return { ...state, existing: action.path };
    case "views":
      return { ...state, views: action.views, viewProblems: action.problems };
    case "restore": {
      const { frames, chips, humansOnly, window, timeMode, columns } = action.view;
      const ofLevels = new Set(frames.flatMap(({ added }) => added));
      const ofAll = unique(chips.filter((text) => !ofLevels.has(text)));
      const filters = { chips: ofAll, chipsOn: true, humansOnly, window };
      return { ...opened(state, stackOf(action.view), filters), timeMode, columns };
    }
    case "prompt":
      return { ...state, prompt: action.prompt };
    case "remember": {
      const before = state.history[action.kind].filter((text) => text !== action.text);
      return { ...state, history: { ...state.history, [action.kind]: [action.text, ...before].slice(0, HISTORY) } };
    }
    case "mark":
      return { ...state, marks: withMark(state.marks, action.facts, action.log) };
    case "unmark":
      return { ...state, marks: state.marks.filter(({ id }) => id !== action.id) };
    case "note":
      return {
        ...state,
        marks: state.marks.map((mark) => (mark.id === action.id ? { ...mark, note: action.text } : mark)),
      };
    case "marks-restored":
      return { ...state, marks: withRestored(state.marks, action.marks) };
    case "marks-found":
      return { ...state, marks: withRows(state.marks, action.rows) };
    case "message":
      return { ...state, message: { text: action.text, tone: action.tone, ...asking(action) } };
    case "clear-message":
      return state.message === null ? state : { ...state, message: null };
    case "resize":
      return { ...state, size: { columns: action.columns, rows: action.rows } };
    case "effect":
      if (action.effect.kind === "copy") return { ...state, copied: action.effect.text };
      return action.effect.kind === "quit" ? { ...state, quitting: true } : state;
  }
}

function withTop(state: AppState, change: Partial<Frame>): AppState {
  return { ...state, stack: [...state.stack.slice(0, -1), { ...topFrame(state), ...change }] };
}

function asking({ asksToLeave }: Message): Pick<Message, "asksToLeave"> {
  return asksToLeave === true ? { asksToLeave } : {};
}

function unique(texts: readonly string[]): readonly Chip[] {
  return [...new Set(texts)].map((text) => ({ text }));
}
