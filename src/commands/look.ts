import type { Action } from "../state/actions.ts";
import type { LineCommand } from "./contract.ts";

/** What changes the looks of everything: typed after `:`, or bound to a key. */
export function lookCommands(themes: readonly string[]): readonly LineCommand[] {
  return [
    {
      name: "theme",
      usage: "theme NAME",
      about: "colours of the screen",
      complete: () => themes,
      run: (name, { app }) => {
        if (name === "") return [told(`theme ${app.theme}; there are ${themes.join(", ")}`)];
        if (!themes.includes(name)) throw new Error(`there is no theme “${name}”: ${themes.join(", ")}`);
        return [{ type: "theme", name }, told(`theme: ${name}`)];
      },
    },
    {
      name: "lo-fi",
      usage: "lo-fi [on|off]",
      about: "follow the log twice a second instead of ten times, for slow lines; alone: the other way",
      complete: () => ["on", "off"],
      run: (word, { app }) => {
        if (!["", "on", "off"].includes(word)) throw new Error("on or off");
        const on = word === "" ? !app.loFi : word === "on";
        return [
          { type: "lo-fi", on },
          told(on ? "lo-fi: two refreshes a second" : "lo-fi off: ten refreshes a second"),
        ];
      },
    },
  ];
}

function told(text: string): Action {
  return { type: "message", text, tone: "info" };
}
