/** Reads the values of command-line options: text in, plain values out, or a sentence for the user (KT100). */
import { obeyed } from "../events/obeyed-text.ts";
import { KtrailError } from "../errors.ts";
import { DIMENSIONS, type Dimension } from "../queries/contract.ts";
import { dimensionNamed, dimensionsNear } from "../queries/dimension-names.ts";
import { closestWords } from "../queries/closest.ts";
import { isServiceAccount, type ServiceAccount, serviceAccountOf } from "../events/service-account.ts";
import { isTime, parseDuration } from "../queries/time-value.ts";
import type { OptionSpec } from "./option-spec.ts";

function wrong(message: string): KtrailError {
  return new KtrailError("KT100", message);
}

/** `15m`, `1h30m`, `500ms`, `2d` → milliseconds. */
export function durationMs(text: string): number {
  const us = parseDuration(text);
  if (us !== null) return us / 1_000;
  const hint = /^\d+(\.\d+)?$/.test(text)
    ? `; did you mean ${text}s or ${text}m?`
    : "; expected like 30s, 15m, 1h30m, 2d";
  throw wrong(`${quoted(text)} is no duration${hint}`);
}

/** What `since:` of the filter language takes; resolved later, when the moment it counts from is known. */
export function time(text: string): string {
  if (isTime(text)) return text;
  throw wrong(`${quoted(text)} is no time; expected like 2026-11-21T00:09:31Z, 00:09:31, 15m or now-2h`);
}

/** `1000`, `250k`, `2M` → a whole number ≥ `min`. */
export function count(min: number): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(text.replaceAll("_", ""));
    const factor = { "": 1, k: 1e3, m: 1e6 }[match?.[2]?.toLowerCase() ?? ""] ?? 1;
    const value = Number(match?.[1]) * factor;
    if (!Number.isSafeInteger(value) || value < min) {
      throw wrong(`${quoted(text)} is no number of at least ${min}; expected like 100, 250k or 2M`);
    }
    return value;
  };
}

/** A whole number, or `all`. */
export function limit(text: string): number {
  return text === "all" ? Number.POSITIVE_INFINITY : count(0)(text);
}

/** `256MiB`, `1G`, `500MB`, `4096` → bytes. One letter means the binary unit, as Kubernetes' Mi and Gi do. */
export function sizeBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?b?))?b?$/i.exec(text);
  const power = " kmgt".indexOf(match?.[2]?.toLowerCase() ?? " ");
  const base = match?.[3]?.toLowerCase() === "b" ? 1000 : 1024;
  const value = Math.round(Number(match?.[1]) * base ** power);
  if (!match || !Number.isSafeInteger(value))
    throw wrong(`${quoted(text)} is no size; expected like 256MiB, 1GiB or 500MB`);
  return value;
}

/** Some of a closed set, joined by commas. */
export function listOf<const T extends string>(values: readonly T[]): (text: string) => readonly T[] {
  const one = choice(values);
  return (text) => [...new Set(text.split(",").map((word) => one(word.trim())))];
}

export function filled(text: string): string {
  if (text !== "") return text;
  throw wrong("needs a value");
}

/** How an option's value is read; undefined for a switch. */
export function readerOf<T>({ value, parse }: OptionSpec<T>): ((text: string) => T) | undefined {
  return value === undefined ? parse : (parse ?? (filled as (text: string) => T));
}

/** `ci/deployer`, or the username `system:serviceaccount:ci:deployer`. */
export function serviceAccount(text: string): ServiceAccount {
  const slash = text.indexOf("/");
  const named = { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
  const account = slash > 0 && isServiceAccount(named) ? named : serviceAccountOf(text);
  if (account !== null) return account;
  throw wrong(`${quoted(text)} is no service account; expected like ci/deployer`);
}

export function choice<const T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found !== undefined) return found;
    throw wrong(`${quoted(text)} is none of ${values.join(", ")}${didYouMean(text, values)}`);
  };
}

/** `user`, `user,verb`, `annotation:KEY` → at most two dimensions per table row keep it readable, but more are allowed. */
export function dimensions(text: string): readonly Dimension[] {
  return text.split(",").map((part) => {
    const name = part.trim();
    const found = dimensionNamed(name);
    if (found !== null) return found;
    const near = dimensionsNear(name);
    const meant = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "";
    throw wrong(`${quoted(name)} is no dimension${meant} (${[...DIMENSIONS, "annotation:KEY"].join(" ")})`);
  });
}

export function didYouMean(word: string, candidates: readonly string[]): string {
  const [nearest] = closestWords(word, candidates);
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

/** What the user typed, printable and short enough for an error message. */
export function quoted(text: string): string {
  const printable = text.replaceAll(obeyed(), "�");
  return `"${printable.length > 80 ? `${printable.slice(0, 79)}…` : printable}"`;
}
