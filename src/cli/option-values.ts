/** Reads the values of command-line options: text in, plain values out, or a sentence for the user (KT100). */
import ms from "ms";
import { KtrailError } from "../errors.ts";
import { DIMENSIONS, type Dimension } from "../queries/contract.ts";
import { didYouMean } from "./closest.ts";

/** A point in time as the user wrote it; relative ones wait for their base (now, or the last event). */
export type TimeBound =
  | { readonly kind: "absolute"; readonly us: number }
  | { readonly kind: "ago"; readonly ms: number };

function wrong(message: string): KtrailError {
  return new KtrailError("KT100", message);
}

const DURATION_PART = /\d+(?:\.\d+)?(?:ms|[smhdw])/g;

/** `15m`, `1h30m`, `500ms`, `2d` → milliseconds. */
export function durationMs(text: string): number {
  const parts = text.match(DURATION_PART) ?? [];
  if (parts.length === 0 || parts.join("") !== text) {
    const hint = /^\d+(\.\d+)?$/.test(text)
      ? `; did you mean ${text}s or ${text}m?`
      : "; expected like 30s, 15m, 1h30m, 2d";
    throw wrong(`${quoted(text)} is no duration${hint}`);
  }
  return parts.reduce((sum, part) => sum + ms(part as ms.StringValue), 0);
}

const RELATIVE = /^(?:now)?\s*(?:-\s*(.+))?$/;
const RFC3339 = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/** RFC 3339 (without a zone: UTC; a date alone: its midnight), `15m`, `now`, `now-2h`. */
export function timeBound(text: string): TimeBound {
  const absolute = RFC3339.exec(text);
  if (absolute) {
    const [, date = "", time = "00:00:00", zone = "Z"] = absolute;
    const [whole = "", fraction = ""] = time.split(".");
    const seconds = Date.parse(`${date}T${whole.length === 5 ? `${whole}:00` : whole}${zone.toUpperCase()}`);
    if (Number.isNaN(seconds)) throw wrong(`${quoted(text)} is no date of the calendar`);
    return { kind: "absolute", us: seconds * 1000 + Number(`${fraction}000000`.slice(0, 6)) };
  }
  if (text === "now") return { kind: "ago", ms: 0 };
  const relative = RELATIVE.exec(text);
  try {
    return { kind: "ago", ms: durationMs(relative?.[1] ?? text) };
  } catch {
    throw wrong(`${quoted(text)} is no time; expected like 2026-11-21T00:09:31Z, 15m or now-2h`);
  }
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
    if (name.startsWith("annotation:") && name.length > "annotation:".length) return name as Dimension;
    const found = DIMENSIONS.find((dimension) => dimension === name);
    if (found !== undefined) return found;
    const known = [...DIMENSIONS, "annotation:KEY"];
    throw wrong(`${quoted(name)} is no dimension${didYouMean(name, known)} (${known.join(" ")})`);
  });
}

/** What the user typed, printable and short enough for an error message. */
export function quoted(text: string): string {
  const printable = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "�");
  return `"${printable.length > 80 ? `${printable.slice(0, 79)}…` : printable}"`;
}
