import type { Command } from "./contract.ts";
import { frameOf } from "../state/initial-state.ts";
import { shownTerms } from "./masked-terms.ts";
import { openPrompt } from "./prompt-text.ts";

/** Prompts and the program itself. */
export const programCommands: readonly Command[] = [
  {
    id: "filter.edit",
    title: "filter: on every pane",
    short: "filter",
    keys: ["/"],
    scope: "global",
    group: "filter",
    run: ({ app }) => {
      const text = shownTerms(app).join(" ");
      return [{ type: "prompt", prompt: openPrompt("filter", text === "" ? "" : `${text} `) }];
    },
  },
  {
    id: "program.command",
    title: "go to a pane or run a command by name",
    short: "command",
    keys: [":"],
    scope: "global",
    group: "program",
    run: () => [{ type: "prompt", prompt: openPrompt("command", "") }],
  },
  {
    id: "program.find",
    title: "find anything: object, user, namespace, address, code, program, time, pane, setting, command",
    short: "find",
    keys: ["ctrl-k"],
    scope: "global",
    group: "program",
    run: () => [{ type: "prompt", prompt: openPrompt("find", "") }],
  },
  {
    id: "program.help",
    title: "all keys",
    short: "help",
    keys: ["?", "f1"],
    scope: "global",
    group: "program",
    disabledReason: ({ app }) => (app.stack.at(-1)?.pane === "help" ? "this is the help; esc goes back" : null),
    run: ({ app }) => [{ type: "push", frame: frameOf("help", { about: app.stack.at(-1)?.pane ?? "" }) }],
  },
  {
    id: "program.redraw",
    title: "draw the screen anew",
    keys: ["ctrl-l"],
    scope: "global",
    group: "program",
    run: () => [{ type: "effect", effect: { kind: "redraw" } }],
  },
  {
    id: "program.suspend",
    title: "to the shell; fg comes back",
    keys: ["ctrl-z"],
    scope: "global",
    group: "program",
    run: () => [{ type: "effect", effect: { kind: "suspend" } }],
  },
  {
    id: "program.quit",
    title: "leave at once",
    keys: ["ctrl-c"],
    scope: "global",
    group: "program",
    run: () => [{ type: "effect", effect: { kind: "quit" } }],
  },
];
