import { closestWords } from "../queries/closest.ts";
import { parseStyle, STYLE_WORDS, styleNames, type ToneStyle } from "../terminal/tone-style.ts";
import { styledTones, type Theme, THEMES } from "../terminal/themes.ts";
import type { Located, LocatedMap, Place } from "../yaml/located.ts";
import { Misfit } from "./located.ts";
import { mapOf, type Settings, shown, textOf, word } from "./read-settings.ts";

/** A key and what it does: a `:` command line; null takes the key away. */
export interface KeyBinding {
  readonly key: string;
  readonly line: string | null;
  readonly place: Place;
}

/** What can only be set in the file; options of the command line can be set there too. */
export interface OwnSettings {
  readonly pane: string;
  readonly time: "absolute" | "relative" | "delta";
  readonly keys: readonly KeyBinding[];
  readonly themes: readonly Theme[];
}

const TIME_MODES = ["absolute", "relative", "delta"] as const;

export const OWN_SETTINGS: Settings<OwnSettings> = {
  pane: {
    name: "pane",
    type: "what follows `:`, a pane with its arguments",
    defaultText: "overview",
    about: "the pane the explorer opens with",
    example: "pane: top verb",
    isHeadless: false,
    read: word((text) => text.trim()),
  },
  time: {
    name: "time",
    type: TIME_MODES.join(", "),
    defaultText: "absolute",
    about: "how the explorer shows times; t changes it",
    example: "time: relative",
    isHeadless: false,
    read: word((text) => {
      const found = TIME_MODES.find((mode) => mode === text);
      if (found === undefined)
        throw new Error(`${shown(text)} is none of ${TIME_MODES.join(", ")}${near(text, TIME_MODES)}`);
      return found;
    }),
  },
  keys: {
    name: "keys",
    type: "keys, each with what follows `:` or the id of a command; none takes a key away",
    defaultText: "those that ? lists",
    about: "keys of the explorer; a key set here does only that, on every pane",
    example: "keys:\n  ctrl-t: theme light\n  w: codes 403\n  x: none",
    isHeadless: false,
    read: (value) =>
      mapOf(value, "ctrl-t: theme light").entries.map(({ key, place, value: line }) => ({
        key,
        place,
        line: isNothing(line) ? null : textOf(line).replace(/^:/, "").trim(),
      })),
  },
  themes: {
    name: "themes",
    type: "names, each with a base theme and the tones that differ",
    defaultText: "none",
    about: "themes of your own",
    example: 'themes:\n  mine:\n    base: dark\n    danger: "bold #ff5555"\n    muted: 245',
    isHeadless: true,
    read: (value, tell) => {
      const themes: Theme[] = [];
      for (const entry of mapOf(value, "mine: { base: dark, danger: bold red }").entries) {
        try {
          themes.push(
            themeOf(entry.key, mapOf(entry.value, "base: dark, danger: bold red"), [...THEMES, ...themes], tell),
          );
        } catch (error) {
          if (!(error instanceof Misfit)) throw error;
          tell(error);
        }
      }
      return themes;
    },
  },
};

/** A theme after another; tones that don't fit stay as they are there. */
function themeOf(name: string, map: LocatedMap, bases: readonly Theme[], tell: (misfit: Misfit) => void): Theme {
  if (!/^[\w.-]{1,32}$/.test(name) || name === "auto") {
    throw new Misfit(map.place, `${shown(name)} can't be the name of a theme: up to 32 letters, digits, - and _`);
  }
  const isBase = (key: string): boolean => key === "base";
  const baseEntry = map.entries.find(({ key }) => isBase(key));
  const baseName = baseEntry === undefined ? "dark" : textOf(baseEntry.value);
  const base = bases.find((theme) => theme.name === baseName);
  if (base === undefined) {
    const names = bases.map((theme) => theme.name);
    const at = baseEntry?.value.place ?? map.place;
    throw new Misfit(at, `${name}: there is no theme ${shown(baseName)}${near(baseName, names)} (${names.join(", ")})`);
  }
  const tones = new Map<string, ToneStyle>(Object.entries(base.tones));
  for (const { key, place, value } of map.entries.filter((entry) => !isBase(entry.key))) {
    try {
      if (!tones.has(key)) {
        const known = styledTones();
        throw new Misfit(place, `${shown(key)} is no tone${near(key, known)} (${known.join(", ")})`);
      }
      tones.set(key, styleOf(value));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      tell(new Misfit(error.place, `${name}: ${error.message}`));
    }
  }
  const own = Object.fromEntries(tones) as Theme["tones"];
  return { name, background: base.background, about: `your own, after ${base.name}`, tones: own };
}

function styleOf(value: Located): ToneStyle {
  const parsed = parseStyle(textOf(value));
  if (parsed.ok) return parsed.style;
  throw new Misfit(
    value.place,
    `${shown(parsed.word)} is no colour or style${near(parsed.word, styleNames())} (${STYLE_WORDS})`,
  );
}

function isNothing(value: Located): boolean {
  return value.kind === "text" && (value.text === null || value.text === "" || value.text === "none");
}

function near(typed: string, words: readonly string[]): string {
  const [nearest] = closestWords(typed, words);
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}
