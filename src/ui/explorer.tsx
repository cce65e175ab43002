import { render } from "ink";
import { filterLanguage } from "../commands/filter-language.ts";
import type { Action } from "../state/actions.ts";
import { capabilitiesOf, type Environment, terminalProblem } from "../terminal/capabilities.ts";
import { terminalSize } from "../terminal/size.ts";
import { themeNamed, THEMES, type ToneCodes, toneCodes } from "../terminal/themes.ts";
import { App } from "./app.tsx";
import { effectsOn } from "./effects.ts";
import type { ExplorerInput } from "./explorer-input.ts";
import { farewell } from "./farewell.ts";
import { InkStdout } from "./ink-stdout.ts";
import { MarkShelf } from "./mark-shelf.ts";
import { createPainter, type Painter } from "./paint.ts";
import { Shell } from "./shell.ts";
import { begun, problemMessage } from "./start.ts";
import { type DisplayStream, Surface } from "./surface.ts";
import { Tenancy } from "./tenancy.ts";
import { KeyInput, openTerminalKeys } from "./terminal/key-input.ts";
import { type Ending, exitCodeOf, watchProcess } from "./terminal/lifecycle.ts";
import { ViewShelf } from "./view-shelf.ts";

/** Ink's own frames a second: they are blank and of the same size, so that nothing comes of them but work. */
const INK_FRAMES = 1;

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
  const { unicode, color } = capabilitiesOf(environment, options);
  const themes = options.themes ?? THEMES;
  const { panes, commands, problems, initial } = begun(input, language, themes, terminalSize(stdout));
  const paneById = new Map(panes.map((pane) => [pane.id, pane]));

  const shell: Shell = new Shell({
    engine,
    panes,
    commands,
    language,
    initial,
    unicode,
    now: input.now ?? Date.now,
    perform: (effect) => perform(effect),
  });
  const dispatch = (actions: readonly Action[]): void => shell.dispatch(actions);
  const surface = new Surface(stdout);
  const tenancy = new Tenancy({
    stdout,
    surface,
    keys,
    unicode,
    mouse: options.mouse === true,
    onSize: () => dispatch([{ type: "resize", ...terminalSize(stdout) }]),
  });
  const views = new ViewShelf(options.views, panes, dispatch);
  const marks =
    options.marks === undefined
      ? null
      : new MarkShelf(engine, options.marks, () => shell.snapshot().state.marks, dispatch);
  const { viewText } = options;
  const perform = effectsOn({ engine, stdout, environment, tenancy, views, viewText, dispatch });

  const gone = (): void => tenancy.end({ kind: "gone" });
  const unwatch = watchProcess(stdout, {
    end: (how) => tenancy.end(how),
    suspend: tenancy.stop,
    resumed: tenancy.takeBack,
  });
  stdout.on("resize", tenancy.resized);
  keys.once("end", gone);
  input.leave?.addEventListener("abort", gone);

  let kept: string | null = null;
  try {
    shell.start();
    if (problems[0] !== undefined) dispatch([problemMessage(problems)]);
    shell.subscribe(() => {
      marks?.sync();
      if (shell.snapshot().state.quitting) tenancy.leave();
    });
    const instance = render(
      <App
        shell={shell}
        painterOf={paintersOf(unicode, (theme) => toneCodes(themeNamed(theme, themes, environment), color))}
        paneOf={(id) => paneById.get(id)}
        unicode={unicode}
        surface={surface}
        onReady={tenancy.lendBy}
      />,
      {
        stdout: new InkStdout(stdout) as unknown as NodeJS.WriteStream,
        stdin: keys as unknown as NodeJS.ReadStream,
        alternateScreen: true,
        interactive: true,
        maxFps: INK_FRAMES,
        exitOnCtrlC: false,
        patchConsole: false,
      },
    );
    tenancy.begin(instance);
    // Resized since the state was made, when nobody listened yet.
    const { columns, rows } = shell.snapshot().state.size;
    if (columns !== terminalSize(stdout).columns || rows !== terminalSize(stdout).rows) tenancy.resized();
    input.onStarted?.({ shell, instance });
    views.start();
    marks?.start();
    await instance.waitUntilExit();
  } catch (error) {
    tenancy.end({ kind: "crash", error });
  } finally {
    stdout.off("resize", tenancy.resized);
    tenancy.giveModesBack();
    unwatch();
    marks?.stop();
    marks?.sync();
    kept = marks?.farewell() ?? null;
    shell.stop();
  }
  return { ending: tenancy.ending, kept };
}

function paintersOf(unicode: boolean, codesOf: (theme: string) => ToneCodes): (theme: string) => Painter {
  const painters = new Map<string, Painter>();
  return (theme) => {
    let painter = painters.get(theme);
    if (painter === undefined) painters.set(theme, (painter = createPainter({ unicode }, codesOf(theme))));
    return painter;
  };
}
