import type { Command } from "../commands/contract.ts";
import type { Commands } from "../commands/registry.ts";
import { cutLine } from "../models/line.ts";
import { fitText } from "../models/display-width.ts";
import type { Line } from "../models/view.ts";
import type { Pane, PaneContext } from "../panes/contract.ts";
import { documentView } from "../panes/document-view.ts";
import { keyLabel } from "./footer-line.ts";

const GROUPS: readonly Command["group"][] = [
  "your keys",
  "go to",
  "filter",
  "request",
  "move",
  "view",
  "copy",
  "program",
];
const KEY_COLUMN = 22;

/** `?`: every key there is, from the list the keys themselves come from. */
export function createHelpPane(panes: readonly Pane[], commands: Commands): Pane {
  return {
    id: "help",
    title: "help",
    about: "all keys",
    commands: [],
    asks: () => ({}),
    view: (context) => documentView(context, [], linesOf(context, panes, commands)),
  };
}

function linesOf(context: PaneContext, panes: readonly Pane[], { all, words }: Commands): Line[] {
  const about = panes.find((pane) => pane.id === context.frame.params["about"]);
  const lines: Line[] = [];
  const section = (title: string, entries: readonly Command[]): void => {
    if (entries.length === 0) return;
    if (lines.length > 0) lines.push([]);
    lines.push([{ text: ` ${title}`, tone: "heading" }]);
    for (const command of entries) lines.push(entryLine(command, context));
  };
  const own = (pane: Pane): readonly Command[] => all.filter(({ scope }) => scope === `pane:${pane.id}`);
  if (about !== undefined) section(`${about.title}: ${about.about}`, own(about));
  const shared = all.filter((command) => command.scope === "list" || command.scope === "global");
  for (const group of GROUPS) {
    section(
      group,
      shared.filter((command) => command.group === group),
    );
  }
  section(
    "in a prompt",
    all.filter((command) => command.scope === "prompt"),
  );
  lines.push([], [{ text: " after :, beside the names of panes", tone: "heading" }]);
  for (const { usage, about: does } of words) lines.push(helpLine(usage, does, context));
  for (const pane of panes) if (pane !== about) section(`only in ${pane.title}`, own(pane));
  return lines;
}

function entryLine(command: Command, context: PaneContext): Line {
  return helpLine(command.keys.map((key) => keyLabel(key, context.unicode)).join(" "), command.title, context);
}

function helpLine(left: string, right: string, context: PaneContext): Line {
  return cutLine(
    [{ text: `  ${fitText(left, KEY_COLUMN, "left", "head")} `, tone: "key" }, { text: right }],
    context.width,
  );
}
