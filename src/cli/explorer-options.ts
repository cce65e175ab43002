/** Options of the screen. */
import { THEMES } from "../terminal/themes.ts";
import type { OptionSpec } from "./option-spec.ts";

export interface ExplorerOptions {
  readonly theme: string;
  readonly loFi: boolean;
  readonly view?: string;
  readonly views?: string;
  readonly noState: boolean;
  readonly mouse: boolean;
}

export const EXPLORER_OPTIONS: {
  readonly [K in keyof ExplorerOptions]-?: OptionSpec<NonNullable<ExplorerOptions[K]>>;
} = {
  theme: {
    long: "theme",
    value: "NAME",
    about: `${THEMES.map(({ name }) => name).join(", ")}, or one of the config file; auto: by the background, where the terminal tells it`,
    defaultText: "auto",
    // Which themes there are is known when the config file is read.
    parse: (text) => text,
    completes: { words: ["auto", ...THEMES.map(({ name }) => name)] },
  },
  loFi: { long: "lo-fi", about: "for slow lines: the screen follows the log twice a second instead of ten times" },
  view: {
    long: "view",
    value: "NAME",
    about: "open the explorer with a saved view (ctrl-s saves one)",
    parse: (text) => text,
  },
  views: {
    long: "views",
    value: "FILE",
    about: "views of a team besides your own: a file like ~/.config/ktrail/views.yaml; /dev/null for none",
    defaultText: "ktrail-views.yaml beside the logs",
    completes: "files",
  },
  mouse: {
    long: "mouse",
    about:
      "the wheel scrolls, a click chooses a row, another opens it, and digits of the header are clicked; text is then selected with shift held",
  },
  noState: { long: "no-state", about: "leave nothing on this machine: marks are for this session only" },
};
