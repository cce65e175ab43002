import { parseDuration } from "./time-value.ts";

/** Numbers of a filter beyond this many characters say nothing. */
const LONGEST = 20;

/** What may stand behind a number: the unit of a duration, of a size, or nothing. */
export type Units = "durations" | "sizes" | "none";

/** A number as it is; a duration in ms, a size in bytes where they fit; null when the text is none of it. */
export function parseAmount(text: string, units: Units): number | null {
  if (text.length > LONGEST) return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  switch (units) {
    case "durations": {
      const us = parseDuration(text);
      return us === null ? null : us / 1e3;
    }
    case "sizes":
      return parseSize(text);
    case "none":
      return null;
    default:
      return units satisfies never;
  }
}

/** `64k`, `1.5MiB`, `200B` → bytes. */
function parseSize(text: string): number | null {
  const [, amount = "", prefix = "", binary] = /^(\d+(?:\.\d+)?)([kmg]?)(i?)b?$/i.exec(text) ?? [];
  if (amount === "" || (binary !== "" && prefix === "")) return null;
  return Number(amount) * (binary === "" ? 1_000 : 1_024) ** ["", "k", "m", "g"].indexOf(prefix.toLowerCase());
}

export interface AmountRange {
  readonly from?: number;
  readonly to?: number;
}

/** `200..299`, `10ms..`, `..5`; null when the text is no range. */
export function parseRange(text: string, units: Units): AmountRange | null {
  const [from, to, more] = text.split("..");
  if (from === undefined || to === undefined || more !== undefined || (from === "" && to === "")) return null;
  const first = from === "" ? undefined : parseAmount(from, units);
  const last = to === "" ? undefined : parseAmount(to, units);
  if (first === null || last === null) return null;
  return { ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) };
}
