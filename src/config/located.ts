import { safeText } from "../models/text-safety.ts";

/** What a file says, with where it says it; read from YAML, but without anything of YAML. */
export type Located = LocatedText | LocatedMap | LocatedList;

/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A scalar as it was written: `1_000`, `true`, `#ff0000`. Null for `~`, `null` and nothing at all. */
export interface LocatedText {
  readonly kind: "text";
  readonly text: string | null;
  readonly place: Place;
}

export interface LocatedMap {
  readonly kind: "map";
  readonly entries: readonly LocatedEntry[];
  readonly place: Place;
}

export interface LocatedEntry {
  readonly key: string;
  readonly place: Place;
  readonly value: Located;
}

export interface LocatedList {
  readonly kind: "list";
  readonly items: readonly Located[];
  readonly place: Place;
}

/** A mistake in a file. `setting`: the setting it is about, null for the file as a whole. */
export interface Problem {
  readonly place: Place | null;
  readonly setting: string | null;
  readonly message: string;
}

/** Thrown by what reads a value; the rest of the file still counts. */
export class Misfit extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.name = "Misfit";
    this.place = place;
  }
}

/** `config.yaml:3:8: theme: …` */
export function problemText(file: string, { place, message }: Problem): string {
  return safeText(place === null ? `${file}: ${message}` : `${file}:${place.line}:${place.column}: ${message}`);
}
