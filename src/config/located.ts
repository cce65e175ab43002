import { safeText } from "../models/text-safety.ts";
import type { Place, YamlProblem } from "../yaml/located.ts";

/** A mistake in a file of settings or views. */
export interface Problem extends YamlProblem {
  /** The setting it is about; absent for the file as a whole. */
  readonly setting?: string;
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
