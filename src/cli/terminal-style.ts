import { capabilitiesOf, type Environment, speaksUnicode } from "../terminal/capabilities.ts";
import { terminalSize } from "../terminal/size.ts";
import { type Theme, themeNamed, type ToneCodes, toneCodes } from "../terminal/themes.ts";
import type { Options } from "./options.ts";
import type { Style } from "./output.ts";

const PLAIN: ToneCodes = new Map();

/** How output may look, from the options, the environment and what it goes to. Pure: same arguments, same style. */
export function terminalStyle(
  options: Pick<Options, "color" | "ascii" | "theme">,
  themes: readonly Theme[],
  environment: Environment,
  terminal: { readonly isTerminal: boolean; readonly columns?: number },
): Style {
  const { color } = options;
  const wanted = terminal.isTerminal && environment["TERM"] !== "dumb";
  const depth = color === "always" || wanted ? capabilitiesOf(environment, { color }).color : "none";
  return {
    width: terminal.isTerminal ? terminalSize(terminal).columns : null,
    tones: depth === "none" ? PLAIN : toneCodes(themeNamed(options.theme, themes, environment), depth),
    ascii: options.ascii || (terminal.isTerminal && !speaksUnicode(environment)),
  };
}
