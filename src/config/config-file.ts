import { isAbsolute, join } from "node:path";

/** Nobody writes more settings than this; more is a mistaken file. */
export const MOST_SETTINGS_BYTES = 256 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where settings and saved views live: `$XDG_CONFIG_HOME/ktrail`, else `~/.config/ktrail`; null without a home. */
export function configFolder(environment: Environment): string | null {
  return ownFolder(environment, "XDG_CONFIG_HOME", ".config");
}

/** Where marks are kept: `$XDG_STATE_HOME/ktrail`, else `~/.local/state/ktrail`; null without a home. */
export function stateFolder(environment: Environment): string | null {
  return ownFolder(environment, "XDG_STATE_HOME", join(".local", "state"));
}

function ownFolder(environment: Environment, variable: string, usual: string): string | null {
  const base = environment[variable] ?? "";
  // The specification has relative paths ignored.
  if (isAbsolute(base)) return join(base, "ktrail");
  const home = environment["HOME"] ?? "";
  return isAbsolute(home) ? join(home, usual, "ktrail") : null;
}
