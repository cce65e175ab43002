import { join } from "node:path";
import type { Expectation } from "../findings/contract.ts";
import { existsSync } from "node:fs";
import { configFolder, MOST_SETTINGS_BYTES, stateFolder } from "../config/config-file.ts";
import { readSmallFile } from "../files/small-file.ts";
import { createMarkStore } from "../config/mark-store.ts";
import { createViewStore, type ViewStore, viewsBeside } from "../config/view-store.ts";
import type { Engine } from "../engine/contract.ts";
import { createExplorerEngine, DEFAULT_CAPACITY, DEFAULT_TAIL_MS } from "../engine/create-engine.ts";
import { KtrailError } from "../errors.ts";
import type { Pane } from "../panes/contract.ts";
import { termFor } from "../queries/filter-term.ts";
import { parseFilter } from "../queries/parse-filter.ts";
import { maskText } from "../masking/mask.ts";
import { type Config, customKeys, settingsReport, themesOf } from "./config.ts";
import type { SavedView } from "../state/saved-view.ts";
import type { Parsed } from "./arguments.ts";
import type { Invocation } from "./contract.ts";
import { shellWords } from "../panes/shell-command.ts";
import { filterLanguage } from "../commands/filter-language.ts";
import { badAddressesOf } from "./bad-addresses.ts";
import { engineInputs } from "./engine-inputs.ts";
import { EXIT_FAULT, EXIT_UNREADABLE, losses, refusals } from "./inputs.ts";
import { note } from "./notes.ts";
import { didYouMean, quoted } from "./option-values.ts";
import type { Options } from "./options.ts";
import { selectionOf } from "./selection.ts";
import { storeOf } from "./store-source.ts";
import { pathOf } from "../files/file-names.ts";

/** How long the engine is waited for where a name may be mistyped, so that it ends in a sentence, not in an empty screen. */
const FIRST_NEWS_MS = 400;

/** Exceptions of `--expected`, else those beside the config file; nothing is loaded where there are none. */
async function expectationsOf({ expected }: Options): Promise<readonly Expectation[]> {
  const folder = configFolder(process.env);
  if (expected === undefined && (folder === null || !existsSync(join(folder, "findings.yaml")))) return [];
  const { readExpectations } = await import("./findings/expectations-file.ts");
  return readExpectations(expected, folder);
}

/** Runs the explorer and returns the exit code. Inputs that could not be read are named again when the screen is gone. */
export async function openExplorer(
  invocation: Invocation,
  config: Config,
  parse: (words: readonly string[]) => Parsed,
): Promise<number> {
  const { options } = invocation;
  const read = engineInputs(invocation, true);
  const { inputs } = read;
  // Mistakes in the filter are told before the screen is taken.
  selectionOf(options, 0);
  const store = await storeOf(invocation);
  const engine = createExplorerEngine({
    ...read,
    ...store,
    capacity: options.capacity ?? DEFAULT_CAPACITY,
    expectations: await expectationsOf(options),
    knownBad: await badAddressesOf(options),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    tailMs: options.tail ?? DEFAULT_TAIL_MS,
    format: options.format,
    timeZone: options.tz,
  });
  try {
    const [{ runExplorer }, { PANES }] = await Promise.all([
      import("../ui/explorer.tsx"),
      import("../panes/registry.ts"),
    ]);
    const views = createViewStore(configFolder(process.env), sharedViews(options.views, inputs));
    const view = options.view === undefined ? undefined : await namedView(views, options.view, PANES);
    if (read.listen !== undefined || !inputs.every((input) => input === "-" || existsSync(pathOf(input)))) {
      engine.begin();
      await firstNews(engine);
    }
    const nothingToRead = new AbortController();
    engine.subscribe(() => {
      if (isHopeless(engine, invocation)) nothingToRead.abort();
    });
    const code = !isHopeless(engine, invocation)
      ? await runExplorer({
          engine,
          panes: PANES,
          language: filterLanguage,
          options: {
            chips: chipsOf(options),
            timeZone: options.tz,
            follow: read.follow || inputs.includes("-") || options.exec.length > 0,
            stdinIsData: inputs.includes("-"),
            color: options.color,
            ascii: options.ascii,
            theme: options.theme,
            themes: themesOf(config.values),
            loFi: options.loFi,
            mouse: options.mouse,
            viewText: async (line, path) => {
              const { viewText } = await import("./session.ts");
              return viewText(engine, parse(shellWords(line).slice(1)), line, path, options.tz);
            },
            ...(options.policy === undefined ? {} : { policy: options.policy }),
            ...(options.existing === undefined ? {} : { existing: options.existing }),
            timeMode: config.values.time ?? "absolute",
            ...(config.values.pane === undefined ? {} : { pane: config.values.pane }),
            views,
            marks: options.noState ? null : createMarkStore(stateFolder(process.env), maskText),
            ...(view === undefined ? {} : { view }),
            keys: customKeys(config),
            settings: settingsReport(config, invocation),
          },
          leave: nothingToRead.signal,
          // Before the first frame the thread would only be in its way.
          onStarted: () => engine.begin(),
        })
      : EXIT_UNREADABLE;
    const { failure, inputs: reports } = engine.status;
    const missing = [...refusals(reports, invocation), ...losses(reports)];
    for (const sentence of missing) note(sentence);
    if (failure !== null) note(`this is a fault of ktrail: ${failure}`);
    if (code !== 0) return code;
    if (failure !== null) return EXIT_FAULT;
    return missing.length > 0 ? EXIT_UNREADABLE : 0;
  } finally {
    await engine.close();
  }
}

/** Views of a team: the file that was named, else those beside the logs. Throws KT103 for one that was named and can't be read. */
function sharedViews(file: string | undefined, inputs: readonly string[]): readonly string[] {
  if (file === undefined) return viewsBeside(inputs);
  const found = readSmallFile(file, MOST_SETTINGS_BYTES);
  if (found.kind !== "text") {
    throw new KtrailError(
      "KT103",
      `--views: ${quoted(file)} ${found.kind === "missing" ? "does not exist" : found.reason}`,
    );
  }
  return [file];
}

/** Throws KT103 where it can't be opened. */
async function namedView(store: ViewStore, name: string, panes: readonly Pane[]): Promise<SavedView> {
  const { views, problems } = await store.list(panes);
  const found = views.find((view) => view.name === name);
  if (found !== undefined) return found;
  for (const problem of problems) note(problem);
  const names = views.map((view) => view.name);
  const known = names.length === 0 ? "none is saved: ctrl-s saves one" : names.join(", ");
  throw new KtrailError("KT103", `--view: there is no view ${quoted(name)}${didYouMean(name, names)} (${known})`);
}

/** -q, -n, --since and --until as chips: on every pane, and each can be taken off. */
function chipsOf({ query, namespace, since, until }: Options): readonly string[] {
  const parsed = parseFilter(query ?? "");
  return [
    ...(parsed.ok ? parsed.terms : []),
    ...(namespace === undefined ? [] : [termFor("namespace", namespace)]),
    ...(since === undefined ? [] : [`since:${since}`]),
    ...(until === undefined ? [] : [`until:${until}`]),
  ];
}

/** Everything was looked at, and nothing of it can be read. */
function isHopeless(engine: Engine, invocation: Invocation): boolean {
  const { phase, inputs, requestsSeen } = engine.status;
  if (phase === "loading" || inputs.length === 0 || requestsSeen > 0) return false;
  return refusals(inputs, invocation).length === inputs.length;
}

function firstNews(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FIRST_NEWS_MS);
    const unsubscribe = engine.subscribe(() => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    });
  });
}
