import type { Command } from "./contract.ts";

const NEXT_MODE = { absolute: "relative", relative: "delta", delta: "absolute" } as const;

/** How things are shown, not which. */
export const viewCommands: readonly Command[] = [
  {
    id: "view.pause",
    title: "freeze the screen, or go on; reading goes on behind it",
    short: "pause",
    keys: ["p"],
    scope: "global",
    group: "view",
    run: ({ app }) => [{ type: "paused", on: !app.paused }],
  },
  {
    id: "view.follow",
    title: "stay on the newest request, or stop",
    short: "follow",
    keys: ["F"],
    scope: "global",
    group: "view",
    disabledReason: ({ pane }) =>
      pane.status.phase === "idle" ? "the input has ended: there is nothing to follow" : null,
    run: ({ app }) => [{ type: "follow", on: !app.follow }],
  },
  {
    id: "view.time",
    title: "times absolute, relative or as difference",
    short: "time",
    keys: ["t"],
    scope: "global",
    group: "view",
    run: ({ app }) => [
      { type: "time-mode", mode: NEXT_MODE[app.timeMode] },
      { type: "message", text: `times: ${NEXT_MODE[app.timeMode]}`, tone: "info" },
    ],
  },
];
