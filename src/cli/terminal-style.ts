import type { Options } from "./options.ts";
import type { Style } from "./output.ts";

/** How output may look, from the options, the environment and what it goes to. Pure: same arguments, same style. */
export function terminalStyle(
  options: Pick<Options, "color" | "ascii">,
  environment: Readonly<Record<string, string | undefined>>,
  terminal: { readonly isTerminal: boolean; readonly columns: number | undefined },
): Style {
  const { color } = options;
  const wanted = (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb" && terminal.isTerminal;
  return {
    width: terminal.isTerminal ? (terminal.columns ?? 80) : null,
    color: color === "always" || (color === "auto" && wanted),
    ascii: options.ascii || (terminal.isTerminal && !speaksUnicode(environment)),
  };
}

/** LC_ALL wins over LC_CTYPE over LANG; none set means the C locale. */
export function speaksUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return locale !== undefined && /utf-?8/i.test(locale);
}
