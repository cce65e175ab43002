import type { CommandContext } from "../../src/commands/contract.ts";
import type { PaneView } from "../../src/panes/contract.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import type { AppState } from "../../src/state/app-state.ts";
import { frameOf, initialState, topFrame } from "../../src/state/initial-state.ts";
import { request, SampleEngine } from "./sample-engine.ts";

export const EMPTY_VIEW: PaneView = {
  lines: [],
  cursorLine: null,
  rows: { count: 0, top: 0, page: 10, ids: [] },
  selection: {},
};

/** What a command sees: an app on the requests pane unless told otherwise, over a log of ten requests. */
export function commandContext(app: Partial<AppState> = {}, view: Partial<PaneView> = {}): CommandContext {
  const state: AppState = { ...initialState({ frame: frameOf("requests"), size: { columns: 80, rows: 24 } }), ...app };
  const status = new SampleEngine(Array.from({ length: 10 }, (_, seq) => request(seq))).status;
  return {
    app: state,
    pane: {
      app: state,
      frame: topFrame(state),
      status,
      filter: MATCH_ALL,
      window: state.window,
      width: 80,
      height: 20,
      unicode: true,
      nowMs: 0,
    },
    view: { ...EMPTY_VIEW, ...view },
  };
}
