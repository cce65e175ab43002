import type { Command } from "./contract.ts";

/** Commands by key within the scopes that are in reach. */
export interface Keymap {
  /** The command a key runs on this pane: pane › list › global; in a prompt its own keys and ctrl-keys of the program. */
  find(key: string, pane: string, inPrompt: boolean): Command | undefined;
  /** Commands in reach without those whose every key is taken by an inner scope; inner scopes first. */
  inReach(pane: string, inPrompt: boolean): readonly Command[];
}

const PROGRAM_KEYS = /^ctrl-[clz]$/;

export function createKeymap(commands: readonly Command[]): Keymap {
  const scopes = new Map<string, Map<string, Command>>();
  for (const command of commands) {
    let keys = scopes.get(command.scope);
    if (keys === undefined) scopes.set(command.scope, (keys = new Map()));
    for (const key of command.keys) if (!keys.has(key)) keys.set(key, command);
  }

  const find: Keymap["find"] = (key, pane, inPrompt) => {
    if (inPrompt) {
      const own = scopes.get("prompt")?.get(key);
      return own ?? (PROGRAM_KEYS.test(key) ? scopes.get("global")?.get(key) : undefined);
    }
    return scopes.get(`pane:${pane}`)?.get(key) ?? scopes.get("list")?.get(key) ?? scopes.get("global")?.get(key);
  };

  return {
    find,
    inReach: (pane, inPrompt) => {
      const order = inPrompt ? ["prompt"] : [`pane:${pane}`, "list", "global"];
      return order
        .flatMap((scope) => commands.filter((command) => command.scope === scope))
        .filter((command) => command.keys.some((key) => find(key, pane, inPrompt) === command));
    },
  };
}
