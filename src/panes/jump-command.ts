import type { Command } from "../commands/contract.ts";

/** A command that moves the cursor to a row the view names (`jumps`). */
export function jumpCommand(
  paneId: string,
  options: {
    readonly id: string;
    readonly title: string;
    readonly keys: readonly string[];
    readonly jump: string;
    readonly none: string;
  },
): Command {
  return {
    id: options.id,
    title: options.title,
    keys: options.keys,
    scope: `pane:${paneId}`,
    group: "move",
    disabledReason: ({ view: { jumps } }) => (jumps?.[options.jump] === undefined ? options.none : null),
    run: ({ pane, view: { jumps } }) => {
      const target = jumps?.[options.jump];
      return target === undefined ? [] : [{ type: "cursor", id: target.id, index: target.index, top: pane.frame.top }];
    },
  };
}

/** `l` and `h`: from one table of the page to the next. */
export function sectionCommands(paneId: string): readonly Command[] {
  return [
    jumpCommand(paneId, {
      id: `${paneId}.next-section`,
      title: "next table of this page",
      keys: ["l", "right"],
      jump: "next-section",
      none: "this is the last table",
    }),
    jumpCommand(paneId, {
      id: `${paneId}.previous-section`,
      title: "previous table of this page",
      keys: ["h", "left"],
      jump: "previous-section",
      none: "this is the first table",
    }),
  ];
}
