/** Settings of the config file below the options of the command line. */
import { basename, join } from "node:path";
import { configFolder, MOST_SETTINGS_BYTES } from "../config/config-file.ts";
import { readSmallFile } from "../files/small-file.ts";
import { problemText } from "../config/located.ts";
import { type KeyBinding, OWN_SETTINGS, type OwnSettings } from "../config/own-settings.ts";
import { type ReadSettings, readSettings, type Setting, type Settings, word, yesNo } from "../config/read-settings.ts";
import { KtrailError } from "../errors.ts";
import { safeText } from "../models/text-safety.ts";
import { type Theme, THEMES } from "../terminal/themes.ts";
import type { Invocation } from "./contract.ts";
import { DEFAULTS, OPTIONS, type Options } from "./options.ts";
import type { OptionSpec } from "./option-spec.ts";
import { didYouMean, quoted, readerOf } from "./option-values.ts";

/** Options that can be set in the file too; the others belong to one call. */
const FROM_OPTIONS = [
  "theme",
  "color",
  "ascii",
  "loFi",
  "mouse",
  "tz",
  "capacity",
  "memory",
  "tail",
  "format",
] as const;
const EXPLORER_ONLY: readonly (keyof Options)[] = ["capacity", "loFi", "mouse"];
type OptionSetting = (typeof FROM_OPTIONS)[number];

export type ConfigValues = { readonly [K in OptionSetting]: NonNullable<Options[K]> } & OwnSettings;

const EXAMPLES: Readonly<Record<OptionSetting, string>> = {
  theme: "light",
  color: "never",
  ascii: "true",
  loFi: "true",
  mouse: "true",
  tz: "utc",
  capacity: "250k",
  memory: "1GiB",
  tail: "1h",
  format: "jsonl",
};

function fromOption<K extends OptionSetting>(key: K): Setting<ConfigValues[K]> {
  const spec = OPTIONS[key] as OptionSpec<ConfigValues[K]>;
  const parse = readerOf(spec);
  return {
    name: spec.long,
    type: parse === undefined ? "true or false" : `as --${spec.long} ${spec.value ?? ""}`,
    defaultText: spec.defaultText ?? "false",
    about: spec.about,
    example: `${spec.long}: ${EXAMPLES[key]}`,
    isHeadless: !EXPLORER_ONLY.includes(key),
    read: parse === undefined ? (yesNo as Setting<ConfigValues[K]>["read"]) : word(parse),
  };
}

/** Every setting of the file. */
export const SETTINGS: Settings<ConfigValues> = {
  theme: fromOption("theme"),
  themes: OWN_SETTINGS.themes,
  keys: OWN_SETTINGS.keys,
  pane: OWN_SETTINGS.pane,
  time: OWN_SETTINGS.time,
  tz: fromOption("tz"),
  color: fromOption("color"),
  ascii: fromOption("ascii"),
  loFi: fromOption("loFi"),
  mouse: fromOption("mouse"),
  capacity: fromOption("capacity"),
  memory: fromOption("memory"),
  tail: fromOption("tail"),
  format: fromOption("format"),
};

export interface Config extends ReadSettings<ConfigValues> {
  /** Null where there is no home to look for one. */
  readonly path: string | null;
  readonly exists: boolean;
}

/**
 * The config file, or what its absence leaves. The YAML parser is only loaded where there is a file. Throws KT103 when a
 * file that was asked for by name is missing or can't be read; every other trouble is a problem of the result.
 */
export async function loadConfig(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Config> {
  const folder = configFolder(environment);
  const path = file ?? (folder === null ? null : join(folder, "config.yaml"));
  const nothing = { path, exists: false, values: {}, places: new Map(), problems: [] };
  if (path === null) return nothing;
  const found = readSmallFile(path, MOST_SETTINGS_BYTES);
  if (found.kind === "text") {
    const { yamlTree } = await import("../yaml/yaml-tree.ts");
    const { root, problems } = yamlTree(found.text);
    const read = withKnownTheme(readSettings(root, SETTINGS));
    return { ...read, path, exists: true, problems: [...problems, ...read.problems] };
  }
  const reason = found.kind === "missing" ? "does not exist" : found.reason;
  if (file !== undefined) throw new KtrailError("KT103", `--config: ${file} ${reason}`);
  if (found.kind === "missing") return nothing;
  return { ...nothing, problems: [{ place: null, message: `${reason}: settings are as without it` }] };
}

/** Options as they apply: the command line, else the file, else the default. Throws KT103 for a theme there isn't. */
export function withConfig(invocation: Invocation, { values }: Config): Invocation {
  const fromFile = Object.fromEntries(
    FROM_OPTIONS.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]),
  );
  const options: Options = { ...DEFAULTS, ...fromFile, ...invocation.given };
  const { theme } = invocation.given;
  if (theme !== undefined && !themeNames(values).includes(theme)) {
    const names = themeNames(values);
    const message = `--theme: there is no theme ${quoted(theme)}${didYouMean(theme, names)} (${names.join(", ")})`;
    throw new KtrailError("KT103", message);
  }
  return { ...invocation, options };
}

/** Built in and of the file; an own one of the same name wins. */
export function themesOf(values: Partial<ConfigValues>): readonly Theme[] {
  const own = values.themes ?? [];
  return [...own, ...THEMES.filter(({ name }) => !own.some((theme) => theme.name === name))];
}

function themeNames(values: Partial<ConfigValues>): readonly string[] {
  return ["auto", ...themesOf(values).map(({ name }) => name)];
}

/** Which themes there are is only known when the whole file is read. */
function withKnownTheme(read: ReadSettings<ConfigValues>): ReadSettings<ConfigValues> {
  const { theme, ...others } = read.values;
  const names = themeNames(read.values);
  if (theme === undefined || names.includes(theme)) return read;
  const message = `theme: there is no theme ${quoted(theme)}${didYouMean(theme, names)} (${names.join(", ")})`;
  const problem = { place: read.places.get("theme") ?? null, setting: "theme", message };
  return { ...read, values: others, problems: [...read.problems, problem] };
}

/** Sentences about mistakes in the file, as of a compiler: `config.yaml:3:8: …`. */
export function problemTexts({ path, problems }: Config): readonly string[] {
  return problems.map((problem) => problemText(path ?? "", problem));
}

/** Those that change what a headless command prints. */
export function headlessProblemTexts({ path, problems }: Config): readonly string[] {
  const isHeadless = new Map(Object.values(SETTINGS).map((setting) => [setting.name, setting.isHeadless]));
  return problems
    .filter(({ setting }) => setting === undefined || isHeadless.get(setting) === true)
    .map((problem) => problemText(path ?? "", problem));
}

/** One setting as it applies, for people. */
export interface EffectiveSetting {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

/** Keys of the user's own, with the place they are set at. */
export function customKeys({ path, values }: Config): readonly (KeyBinding & { readonly origin: string })[] {
  const file = basename(path ?? "");
  return (values.keys ?? []).map((binding) => ({
    ...binding,
    origin: `${file}:${binding.place.line}:${binding.place.column}`,
  }));
}

/** What `:config` shows. */
export function settingsReport(config: Config, invocation: Invocation): SettingsReport {
  const { path, exists, problems } = config;
  const file = basename(path ?? "");
  const settings = effectiveSettings(config, invocation);
  return { path, exists, settings, problems: problems.map((problem) => problemText(file, problem)) };
}

export interface SettingsReport {
  readonly path: string | null;
  readonly exists: boolean;
  readonly settings: readonly EffectiveSetting[];
  readonly problems: readonly string[];
}

/** What `--print-config` prints. */
export function configText(config: Config, invocation: Invocation): string {
  const rows = effectiveSettings(config, invocation);
  const width = (of: (row: EffectiveSetting) => string): number => Math.max(...rows.map((row) => of(row).length));
  const [name, value] = [width((row) => row.name), width((row) => row.value)];
  const file =
    config.path === null
      ? "no config file: there is no HOME"
      : `${config.path}${config.exists ? "" : " (does not exist)"}`;
  const lines = rows.map((row) => `${row.name.padEnd(name)}  ${row.value.padEnd(value)}  ${row.origin}`);
  return `# ${file}\n${lines.map((line) => `${safeText(line)}\n`).join("")}`;
}

/** Every setting with what it is and who said so. */
export function effectiveSettings({ values, places }: Config, { given }: Invocation): readonly EffectiveSetting[] {
  return (Object.entries(SETTINGS) as [keyof ConfigValues, Setting<unknown>][]).map(([key, setting]) => {
    const isGiven = key in given;
    const value = isGiven ? (given as Partial<ConfigValues>)[key] : values[key];
    if (value === undefined) return { name: setting.name, value: setting.defaultText, origin: "default" };
    const origin = isGiven ? "command line" : `line ${places.get(key)?.line ?? "?"}`;
    return { name: setting.name, value: valueText(value), origin };
  });
}

function valueText(value: ConfigValues[keyof ConfigValues]): string {
  if (!Array.isArray(value)) return String(value);
  const names = (value as readonly { readonly key?: string; readonly name?: string }[]).map(
    ({ key, name }) => key ?? name,
  );
  return names.join(", ");
}
