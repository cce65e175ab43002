export type ColorDepth = "none" | "16" | "256" | "true";
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Capabilities {
  readonly color: ColorDepth;
  /** Box drawing, sparklines, … and names beyond ASCII. */
  readonly unicode: boolean;
}

export interface CapabilityOptions {
  /** `--color` */
  readonly color?: "auto" | "always" | "never";
  /** `--ascii` */
  readonly ascii?: boolean;
}

/** What the terminal can show, from flags first, then from the environment as other programs read it. */
export function capabilitiesOf(environment: Environment, options: CapabilityOptions = {}): Capabilities {
  return {
    color: colorOf(environment, options.color ?? "auto"),
    unicode: options.ascii !== true && speaksUnicode(environment),
  };
}

function colorOf(environment: Environment, wanted: "auto" | "always" | "never"): ColorDepth {
  if (wanted === "never") return "none";
  if (wanted === "auto" && (environment["NO_COLOR"] ?? "") !== "") return "none";
  const term = environment["TERM"] ?? "";
  // GNU screen keeps its 256 colours whatever the terminal around it has told through COLORTERM.
  if (isScreen(environment)) return /256/.test(term) ? "256" : "16";
  if (/^(truecolor|24bit)$/i.test(environment["COLORTERM"] ?? "") || term.endsWith("-direct")) return "true";
  // COLORTERM gets lost over ssh; these can do it all the same.
  if (/^(xterm-)?(kitty|ghostty|alacritty|foot|wezterm|contour)\b/.test(term)) return "true";
  if (/-256(color)?$/.test(term)) return "256";
  if (wanted === "auto" && /^(vt52|vt100|vt220|.*-m|.*-mono)$/.test(term)) return "none";
  return "16";
}

/** LC_ALL wins over LC_CTYPE over LANG; none set means the C locale. `sudo` and cron often leave just that. */
export function speaksUnicode(environment: Environment): boolean {
  const locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return locale !== undefined && /utf-?8/i.test(locale);
}

/** Why the explorer can't run here, as one sentence with what to do instead; null when it can. */
export function terminalProblem(environment: Environment): string | null {
  const term = environment["TERM"] ?? "";
  if (term !== "dumb" && term !== "") return null;
  const seen = term === "" ? "TERM is not set" : "TERM=dumb";
  return `this terminal cannot move the cursor (${seen}): use ktrail info, top, series, events or trail, or set TERM`;
}

/** Inside GNU screen, with nothing of another kind in between. */
export function isScreen(environment: Environment): boolean {
  return (environment["STY"] ?? "") !== "" && (environment["TMUX"] ?? "") === "";
}
