import type { Instance } from "ink";
import type { CustomKey } from "../commands/custom-keys.ts";
import type { FilterLanguage } from "../commands/filter-language.ts";
import type { MarkStore } from "../config/mark-store.ts";
import type { ViewStore } from "../config/view-store.ts";
import type { Engine } from "../engine/contract.ts";
import type { Pane } from "../panes/contract.ts";
import type { TimeWindow } from "../queries/contract.ts";
import type { AppState } from "../state/app-state.ts";
import type { SavedView } from "../state/saved-view.ts";
import type { CapabilityOptions, Environment } from "../terminal/capabilities.ts";
import type { Theme } from "../terminal/themes.ts";
import type { SettingsReport } from "./config-pane.ts";
import type { Shell } from "./shell.ts";
import type { DisplayStream } from "./surface.ts";
import type { KeySource } from "./terminal/key-input.ts";

/** A key of the user's own, and where it is set, for messages. */
export type PlacedKey = CustomKey & { readonly origin: string };

export interface ExplorerOptions extends CapabilityOptions {
  /** First pane, as after `:`: `top verb`. Default: the pane of digit 1. */
  readonly pane?: string;
  /** Keys of the user's own. `origin`: where they are set, for messages. */
  readonly keys?: readonly PlacedKey[];
  /** Where views are saved; absent: nowhere. */
  readonly views?: ViewStore;
  /** Where marks are kept; null: nowhere, and that is told. Absent: nowhere. */
  readonly marks?: MarkStore | null;
  /** The saved view to open with. */
  readonly view?: SavedView;
  /** What `:config` shows. */
  readonly settings?: Omit<SettingsReport, "keyNotes">;
  /** Chips to start with: the terms of `-q`. */
  readonly chips?: readonly string[];
  readonly window?: TimeWindow | null;
  readonly timeZone?: "local" | "utc";
  readonly timeMode?: AppState["timeMode"];
  /** `auto`: by the terminal's background. */
  readonly theme?: string;
  /** Default: those that are built in. */
  readonly themes?: readonly Theme[];
  readonly loFi?: boolean;
  /** Audit policy that the log is held against. */
  readonly policy?: string;
  /** Roles and bindings that the log is held against. */
  readonly existing?: string;
  /** What a `ktrail …` line prints of what is open, as the suffix of `path` says. Rejects with a sentence. */
  readonly viewText?: (line: string, path: string) => Promise<string>;
  /** The wheel scrolls and clicks choose; else the mouse is the terminal's own. */
  readonly mouse?: boolean;
  /** Stay on the newest request from the start. */
  readonly follow?: boolean;
  /** The log comes on stdin: keys are read from the controlling terminal. */
  readonly stdinIsData?: boolean;
}

export interface ExplorerInput {
  readonly engine: Engine;
  readonly panes: readonly Pane[];
  /** Default: the filter language. */
  readonly language?: FilterLanguage;
  readonly options: ExplorerOptions;
  readonly stdin?: KeySource;
  readonly stdout?: DisplayStream;
  readonly stderr?: NodeJS.WritableStream;
  readonly environment?: Environment;
  readonly now?: () => number;
  /** Ends the explorer without a last line: whoever fires it says why. */
  readonly leave?: AbortSignal;
  /** The running parts, once the first frame is out. */
  readonly onStarted?: (running: RunningExplorer) => void;
}

export interface RunningExplorer {
  readonly shell: Shell;
  readonly instance: Instance;
}
