import { type Instance, render } from "ink";
import { filterLanguage, type FilterLanguage } from "../commands/filter-language.ts";
import { createCommands } from "../commands/registry.ts";
import type { MarkStore } from "../config/mark-store.ts";
import type { ViewStore } from "../config/view-store.ts";
import type { Engine } from "../engine/contract.ts";
import type { Pane } from "../panes/contract.ts";
import type { TimeWindow } from "../queries/contract.ts";
import type { Effect } from "../state/actions.ts";
import type { AppState } from "../state/app-state.ts";
import type { SavedView } from "../state/saved-view.ts";
import { type CapabilityOptions, capabilitiesOf, type Environment, terminalProblem } from "../terminal/capabilities.ts";
import { terminalSize } from "../terminal/size.ts";
import { type Theme, themeNamed, THEMES, type ToneCodes, toneCodes } from "../terminal/themes.ts";
import { App } from "./app.tsx";
import { createConfigPane, type SettingsReport } from "./config-pane.ts";
import { Display, type DisplayStream } from "./display.ts";
import { farewell } from "./farewell.ts";
import { createHelpPane } from "./help-pane.ts";
import { infoPane } from "./info-pane.ts";
import { createPainter } from "./paint.ts";
import { Shell } from "./shell.ts";
import { firstFrame, type PlacedKey, problemMessage, settingsReport, startingState } from "./start.ts";
import { ViewShelf } from "./view-shelf.ts";
import { copied, selectable } from "./copying.ts";
import { writeAsked } from "./write-file.ts";
import { MarkShelf } from "./mark-shelf.ts";
import { MOUSE_OFF, MOUSE_ON } from "./terminal/mouse-input.ts";
import { KeyInput, type KeySource, openTerminalKeys } from "./terminal/key-input.ts";
import { type Ending, exitCodeOf, stopJob, watchProcess } from "./terminal/lifecycle.ts";

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
  /** Milliseconds Ink spent on each frame. */
  readonly onFrame?: (renderMs: number) => void;
}

export interface RunningExplorer {
  readonly shell: Shell;
  readonly instance: Instance;
}

/**
 * ECMA-48's BDSM: terminals that reorder right-to-left text by themselves would carry the numbers beside a Hebrew or Arabic
 * name into another column. What is shown stands where it was put; others ignore it.
 */
const AS_WRITTEN = "\u001b[8l";
const BY_TERMINAL = "\u001b[8h";

/**
 * Runs the explorer until it is left and gives the exit code: 0, 128 + signal, 1 after a crash, 2 where no screen can be
 * drawn. The terminal is as it was before in every case. NODE_ENV=production must be set before this module is imported:
 * React reads it once, and its development build makes every frame 2.2 times as dear. The engine stays open.
 */
export async function runExplorer(input: ExplorerInput): Promise<number> {
  const environment = input.environment ?? process.env;
  const stdout: DisplayStream = input.stdout ?? process.stdout;
  const stderr = input.stderr ?? process.stderr;
  const problem = terminalProblem(environment);
  if (problem !== null) {
    stderr.write(`ktrail: ${problem}\n`);
    return 2;
  }
  const terminalKeys = input.options.stdinIsData === true && input.stdin === undefined ? openTerminalKeys() : undefined;
  if (terminalKeys === null) {
    stderr.write("ktrail: the log comes on stdin and there is no terminal (/dev/tty) to read keys from\n");
    return 2;
  }
  const keys = new KeyInput(input.stdin ?? terminalKeys?.source ?? process.stdin, {
    mouse: input.options.mouse === true,
  });
  try {
    const { ending, kept } = await drawUntilLeft(input, keys, stdout, environment);
    farewell(ending, input.engine, kept, stdout, stderr);
    return exitCodeOf(ending);
  } finally {
    keys.detach();
    terminalKeys?.close();
  }
}

async function drawUntilLeft(
  input: ExplorerInput,
  keys: KeyInput,
  stdout: DisplayStream,
  environment: Environment,
): Promise<{ readonly ending: Ending; readonly kept: string | null }> {
  const { engine, options, language = filterLanguage } = input;
  const capabilities = capabilitiesOf(environment, options);
  const themes = options.themes ?? THEMES;
  const panes: Pane[] = [...input.panes, infoPane, createConfigPane(() => settings)];
  const commands = createCommands(panes, language, {
    keys: options.keys ?? [],
    themes: ["auto", ...themes.map(({ name }) => name)],
  });
  const allPanes = [...panes, createHelpPane(panes, commands)];
  const first = firstFrame(input.panes, options.pane, commands);
  const settings = settingsReport(options.settings, options.keys ?? [], commands, first.problem);
  const byId = new Map(allPanes.map((pane) => [pane.id, pane]));

  let ending: Ending = { kind: "quit" };
  /** What became of the marks. */
  let kept: string | null = null;
  let instance: Instance | null = null;
  let suspendTerminal: ((callback: () => Promise<void>) => Promise<void>) | null = null;
  let isSuspended = false;
  /** Ends the wait for a key while a text stands on the terminal itself. */
  let stopWaiting = (): void => {};
  let hasLeft = false;

  /** Modes that Ink knows nothing of. */
  const takeModes = (): void => {
    if (hasLeft) return;
    if (capabilities.unicode) stdout.write(AS_WRITTEN);
    if (options.mouse === true) stdout.write(MOUSE_ON);
  };
  const giveModesBack = (): void => {
    if (ending.kind === "gone") return;
    if (options.mouse === true) stdout.write(MOUSE_OFF);
    if (capabilities.unicode) stdout.write(BY_TERMINAL);
  };
  const suspendWhile = (work: () => Promise<void>): void => {
    if (isSuspended || suspendTerminal === null) return;
    isSuspended = true;
    display.hold();
    giveModesBack();
    suspendTerminal(work)
      .catch((error: unknown) => end({ kind: "crash", error }))
      .finally(() => {
        isSuspended = false;
        takeModes();
        if (hasLeft) instance?.unmount();
        // The window may have another size than before.
        else onResize();
      });
  };
  const perform = (effect: Effect): void => {
    if (effect.kind === "suspend") suspendWhile(stopJob);
    else if (effect.kind === "redraw") redraw(() => {});
    else if (effect.kind === "copy") copy(effect);
    else if (effect.kind === "print") {
      suspendWhile(async () => {
        stdout.write(selectable(effect.text, capabilities.unicode));
        await Promise.race([keys.typed(), new Promise<void>((resolve) => (stopWaiting = resolve))]);
        if (hasLeft) stdout.write("\n");
      });
    } else if (effect.kind === "save-view") shelf.save(effect);
    else if (effect.kind === "delete-view") shelf.remove(effect);
    else if (effect.kind === "write-file") write(effect);
    else if (effect.kind === "write-view") writeView(effect);
  };
  /** Starts from an empty screen: what is there, and where the cursor is, is known again. */
  const redraw = (change: () => void): void => {
    if (instance === null || isSuspended || hasLeft) return;
    display.hold();
    stdout.write("\u001b[H\u001b[J");
    instance.clear();
    change();
    instance.rerender(element);
    releaseAfterFrame(instance);
  };
  const releaseAfterFrame = (running: Instance): void => {
    running.waitUntilRenderFlush().then(
      () => {
        if (!isSuspended && !hasLeft) display.release();
      },
      () => {},
    );
  };
  const copy = (effect: Extract<Effect, { readonly kind: "copy" }>): void => {
    const told = copied(effect, environment, (sequence) => stdout.write(sequence));
    queueMicrotask(() => shell.dispatch([told]));
  };
  const write = (effect: Extract<Effect, { readonly kind: "write-file" }>): void => {
    const inputs = engine.status.inputs.map(({ path }) => path);
    queueMicrotask(() => shell.dispatch(writeAsked(effect, inputs)));
  };
  const writeView = ({ path, line, overwrite }: Extract<Effect, { readonly kind: "write-view" }>): void => {
    const told = (text: string): void => shell.dispatch([{ type: "message", text, tone: "warn" }]);
    if (options.viewText === undefined) {
      queueMicrotask(() => told("views can't be written here"));
      return;
    }
    options.viewText(line, path).then(
      (text) => write({ kind: "write-file", path, text, overwrite }),
      (error: unknown) => told(`${path} was not written: ${error instanceof Error ? error.message : String(error)}`),
    );
  };

  const shell = new Shell({
    engine,
    panes: allPanes,
    commands,
    language,
    initial: startingState(
      {
        frame: first.frame,
        size: terminalSize(stdout),
        follow: options.follow ?? false,
        timeZone: options.timeZone ?? "local",
        timeMode: options.timeMode ?? "absolute",
        theme: options.theme ?? "auto",
        loFi: options.loFi ?? false,
        policy: options.policy ?? null,
        existing: options.existing ?? null,
        chips: options.chips ?? [],
        window: options.window ?? null,
      },
      options.view,
    ),
    unicode: capabilities.unicode,
    now: input.now ?? Date.now,
    perform,
  });

  const shelf = new ViewShelf(options.views, allPanes, (actions) => shell.dispatch(actions));
  const marks =
    options.marks === undefined
      ? null
      : new MarkShelf(
          engine,
          options.marks,
          () => shell.snapshot().state.marks,
          (actions) => shell.dispatch(actions),
        );

  // Terminals move rows and cursor about when their size changes, each in its own way.
  const onResize = (): void => redraw(() => shell.dispatch([{ type: "resize", ...terminalSize(stdout) }]));
  const end = (how: Ending): void => {
    if (ending.kind === "quit") ending = how;
    leave();
  };
  const leave = (): void => {
    hasLeft = true;
    display.hold();
    // A terminal that was handed over is taken back first: Ink would restore it twice, and put the cursor where it was before.
    if (isSuspended) stopWaiting();
    else instance?.unmount();
  };
  const unwatch = watchProcess(stdout, {
    end,
    suspend: () => suspendWhile(stopJob),
    resumed: () => suspendWhile(() => Promise.resolve()),
  });
  stdout.on("resize", onResize);
  keys.once("end", () => end({ kind: "gone" }));
  input.leave?.addEventListener("abort", () => end({ kind: "gone" }));

  const codes = new Map<string, ToneCodes>();
  const paint = createPainter(capabilities, () => {
    const name = shell.snapshot().state.theme;
    let found = codes.get(name);
    if (found === undefined) {
      found = toneCodes(themeNamed(name, themes, environment), capabilities.color);
      codes.set(name, found);
    }
    return found;
  });
  const display = new Display(stdout, paint, (id) => byId.get(id));
  const draw = (): void => {
    const snapshot = shell.snapshot();
    marks?.sync();
    if (snapshot.state.quitting) leave();
    else display.update(snapshot);
  };
  const element = (
    <App
      shell={shell}
      display={display}
      paint={paint}
      unicode={capabilities.unicode}
      onReady={(suspend) => {
        suspendTerminal = suspend;
      }}
    />
  );
  try {
    shell.start();
    if (settings.problems[0] !== undefined) shell.dispatch([problemMessage(settings.problems)]);
    display.update(shell.snapshot());
    shell.subscribe(draw);
    instance = render(element, {
      stdout: display.stdout as NodeJS.WriteStream,
      stdin: keys as unknown as NodeJS.ReadStream,
      alternateScreen: true,
      incrementalRendering: true,
      interactive: true,
      maxFps: 30,
      exitOnCtrlC: false,
      patchConsole: false,
      ...(input.onFrame === undefined ? {} : { onRender: ({ renderTime }) => input.onFrame?.(renderTime) }),
    });
    takeModes();
    // Ink writes its first frame at once.
    display.release();
    // Resized since the state was made, when nobody listened yet.
    const { columns, rows } = shell.snapshot().state.size;
    if (columns !== terminalSize(stdout).columns || rows !== terminalSize(stdout).rows) onResize();
    input.onStarted?.({ shell, instance });
    shelf.start();
    marks?.start();
    await instance.waitUntilExit();
  } catch (error) {
    if (ending.kind === "quit") ending = { kind: "crash", error };
  } finally {
    stdout.off("resize", onResize);
    giveModesBack();
    unwatch();
    marks?.stop();
    marks?.sync();
    kept = marks?.farewell() ?? null;
    shell.stop();
  }
  return { ending, kept };
}
