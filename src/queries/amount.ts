import { parseDuration } from "./time-value.ts";

/** Numbers of a filter beyond this many characters say nothing. */
const LONGEST = 20;

/** A number as it is; where durations fit, one of them in ms; null when the text is neither. */
export function parseAmount(text: string, takesDurations: boolean): number | null {
  if (text.length > LONGEST) return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const us = takesDurations ? parseDuration(text) : null;
  return us === null ? null : us / 1e3;
}

export interface AmountRange {
  readonly from?: number;
  readonly to?: number;
}

/** `200..299`, `10ms..`, `..5`; null when the text is no range. */
export function parseRange(text: string, takesDurations: boolean): AmountRange | null {
  const [from, to, more] = text.split("..");
  if (from === undefined || to === undefined || more !== undefined || (from === "" && to === "")) return null;
  const first = from === "" ? undefined : parseAmount(from, takesDurations);
  const last = to === "" ? undefined : parseAmount(to, takesDurations);
  if (first === null || last === null) return null;
  return { ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) };
}
