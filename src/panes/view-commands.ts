import type { Command } from "../commands/contract.ts";
import type { Action } from "../state/actions.ts";
import type { PaneContext } from "./contract.ts";

interface ViewCommands extends Pick<Command, "disabledReason"> {
  /** What `v` says it does, and `V`. */
  readonly next: string;
  readonly previous?: string;
  /** Shows the next view (1) or the one before (−1). */
  turn(pane: PaneContext, by: 1 | -1): readonly Action[];
}

/** `v` and `V` of a pane that shows one answer in several ways. */
export function viewCommands(
  pane: string,
  { next, previous = "the view before", turn, ...more }: ViewCommands,
): readonly Command[] {
  const command = (name: string, title: string, keys: readonly string[], by: 1 | -1): Command => ({
    id: `${pane}.${name}`,
    title,
    ...(by === 1 ? { short: "view" } : {}),
    keys,
    scope: `pane:${pane}`,
    group: "view",
    ...more,
    run: (context) => turn(context.pane, by),
  });
  return [
    command("next-view", next, ["v", "l", "right"], 1),
    command("previous-view", previous, ["V", "h", "left"], -1),
  ];
}

/** The value beside the one shown, round at the ends. */
export function beside<T>(values: readonly T[], shown: T, by: 1 | -1): T {
  return values[(values.indexOf(shown) + by + values.length) % values.length] ?? shown;
}

/** Another view by the parameter `show`, from its top. */
export function showing(show: string): readonly Action[] {
  return [
    { type: "params", params: { show } },
    { type: "cursor", id: null, index: 0, top: 0 },
  ];
}
