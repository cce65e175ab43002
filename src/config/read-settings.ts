import { safeText } from "../models/text-safety.ts";
import { closestWords } from "../queries/closest.ts";
import type { Located, LocatedMap, Place } from "../yaml/located.ts";
import { Misfit, type Problem } from "./located.ts";

/** One setting of the config file: validation, docs and the view of what is set read the same object. */
export interface Setting<T> {
  readonly name: string;
  /** What fits, for people. */
  readonly type: string;
  readonly defaultText: string;
  /** One sentence. */
  readonly about: string;
  /** Lines of YAML. */
  readonly example: string;
  /** Headless commands obey it too: mistakes in it are told there. */
  readonly isHeadless: boolean;
  /** The value, or a Misfit. Mistakes that leave the rest usable are told. */
  read(value: Located, tell: (misfit: Misfit) => void): T;
}
export type Settings<V> = { readonly [K in keyof V]-?: Setting<V[K]> };

export interface ReadSettings<V> {
  readonly values: Partial<V>;
  /** Where each value stands. */
  readonly places: ReadonlyMap<keyof V, Place>;
  readonly problems: readonly Problem[];
}

/** What a file sets. A setting that doesn't fit is told and left at its default; so is a name that is no setting. */
export function readSettings<V>(root: Located | null, settings: Settings<V>): ReadSettings<V> {
  const values: Partial<V> = {};
  const places = new Map<keyof V, Place>();
  const problems: Problem[] = [];
  if (root === null) return { values, places, problems };
  if (root.kind !== "map") {
    const problem = { place: root.place, message: "expected settings, one a line: theme: light" };
    return { values, places, problems: [problem] };
  }
  const known = Object.entries(settings) as [keyof V, Setting<V[keyof V]>][];
  for (const { key, place, value } of root.entries) {
    const found = known.find(([, setting]) => setting.name === key);
    if (found === undefined) {
      const [near] = closestWords(
        key,
        known.map(([, { name }]) => name),
      );
      const hint =
        near === undefined ? `settings: ${known.map(([, { name }]) => name).join(", ")}` : `did you mean ${near}?`;
      problems.push({ place, setting: near ?? key, message: `${shown(key)} is no setting; ${hint}` });
      continue;
    }
    // Left empty: as if it were not there.
    if (value.kind === "text" && value.text === null) continue;
    const [id, setting] = found;
    const tell = (misfit: Misfit): void => {
      problems.push({ place: misfit.place, setting: setting.name, message: `${setting.name}: ${misfit.message}` });
    };
    try {
      values[id] = setting.read(value, tell);
      places.set(id, place);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      tell(error);
    }
  }
  return { values, places, problems };
}

/** A setting whose value is one word, read by what reads it on the command line. `parse` throws a sentence. */
export function word<T>(parse: (text: string) => T): Setting<T>["read"] {
  return (value) => {
    const text = textOf(value);
    try {
      return parse(text);
    } catch (error) {
      throw new Misfit(value.place, error instanceof Error ? error.message : String(error));
    }
  };
}

export const yesNo = word((text): boolean => {
  if (/^(true|yes|on)$/i.test(text)) return true;
  if (/^(false|no|off)$/i.test(text)) return false;
  throw new Error(`${shown(text)} is neither true nor false`);
});

export function textOf(value: Located): string {
  if (value.kind === "text" && value.text !== null) return value.text;
  throw new Misfit(value.place, value.kind === "text" ? "expected a value" : `expected one value, not a ${value.kind}`);
}

export function mapOf(value: Located, example: string): LocatedMap {
  if (value.kind === "map") return value;
  throw new Misfit(value.place, `expected names with values, like ${example}`);
}

/** What somebody wrote, for a sentence: quoted, printable, short. */
export function shown(text: string): string {
  const printable = safeText(text);
  return `“${printable.length > 60 ? `${printable.slice(0, 59)}…` : printable}”`;
}
