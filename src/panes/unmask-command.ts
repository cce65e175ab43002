import type { Command } from "../commands/contract.ts";
import type { PaneContext } from "./contract.ts";

export function isUnmasked({ frame }: Pick<PaneContext, "frame">): boolean {
  return frame.params["unmask"] === "1";
}

/** `M` of a pane that shows bodies: its parameter `unmask` says whether secrets are shown. */
export function unmaskCommand(pane: string): Command {
  return {
    id: `${pane}.unmask`,
    title: "show secrets, or mask them again",
    short: "unmask",
    keys: ["M"],
    scope: `pane:${pane}`,
    group: "view",
    run: (context) => {
      const isShown = isUnmasked(context.pane);
      return [
        { type: "params", params: { unmask: isShown ? "" : "1" } },
        {
          type: "message",
          text: isShown ? "secrets are masked" : "secrets are shown: mind who sees this screen",
          tone: isShown ? "info" : "warn",
        },
      ];
    },
  };
}
