import type { AppState, Frame, PaneId } from "./app-state.ts";

/** A frame at its first row. */
export function frameOf(pane: PaneId, params: Readonly<Record<string, string>> = {}): Frame {
  return { pane, params, cursorId: null, cursorIndex: 0, top: 0 };
}

export interface InitialState {
  readonly frame: Frame;
  readonly chips?: readonly string[];
  readonly window?: AppState["window"];
  readonly follow?: boolean;
  readonly timeZone?: AppState["timeZone"];
  readonly timeMode?: AppState["timeMode"];
  readonly theme?: string;
  readonly loFi?: boolean;
  readonly policy?: string | null;
  readonly existing?: string | null;
  readonly size: AppState["size"];
}

export function initialState(options: InitialState): AppState {
  return {
    stack: [options.frame],
    visited: [],
    chips: (options.chips ?? []).map((text) => ({ text })),
    chipsOn: true,
    window: options.window ?? null,
    humansOnly: false,
    paused: false,
    follow: options.follow ?? false,
    timeMode: options.timeMode ?? "absolute",
    columns: {},
    timeZone: options.timeZone ?? "local",
    theme: options.theme ?? "auto",
    loFi: options.loFi ?? false,
    policy: options.policy ?? null,
    existing: options.existing ?? null,
    views: [],
    viewProblems: [],
    prompt: null,
    history: { filter: [], command: [] },
    copied: null,
    marks: [],
    message: null,
    size: options.size,
    quitting: false,
  };
}

/** The frame on screen. */
export function topFrame(state: AppState): Frame {
  const frame = state.stack.at(-1);
  if (frame === undefined) throw new Error("the stack of frames is never empty");
  return frame;
}
