import type { CompareSide } from "./compare-query.ts";
import type { Filter, TimeWindow } from "./contract.ts";
import { inputTest } from "./input-test.ts";
import { parseFilter } from "./parse-filter.ts";
import { quote } from "./print-filter.ts";
import { resolveTime, type TimeReference } from "./time-value.ts";

/** A side as it was asked for. */
export interface NamedSide extends CompareSide {
  /** The words themselves; "" for a side that was not named. */
  readonly text: string;
  /** Terms of the filter language that select it within the window. */
  readonly terms: readonly string[];
}

interface SideReference extends TimeReference {
  /** Paths of the inputs that are open. */
  readonly inputs: readonly string[];
}

const DAY_US = 86_400e6;

/** `10:00..10:05`: both times of a range, "" where it is open; null when the text is no range of times. */
function rangeOf(text: string, time: TimeReference): TimeWindow | null {
  const at = text.indexOf("..");
  if (at < 0) return null;
  const bound = (part: string): number | null | undefined =>
    part === "" ? undefined : (resolveTime(part, time) ?? null);
  const last = text.slice(at + 2);
  const [fromUs, end] = [bound(text.slice(0, at)), bound(last)];
  if (fromUs === null || end === null || (fromUs === undefined && end === undefined)) return null;
  // A clock time is the last such moment: one after the end of the log would be a day early.
  const isDayEarly = /^\d{1,2}:/.test(last) && end !== undefined && end <= (fromUs ?? -Infinity);
  const toUs = isDayEarly ? end + DAY_US : end;
  return { ...(fromUs === undefined ? {} : { fromUs }), ...(toUs === undefined ? {} : { toUs }) };
}

/**
 * One side of a comparison: a range of times (`10:00..10:05`, `now-2h..now-1h`), an input by its path or whole parts of it,
 * or any filter (`apiserver:cp1`, `user:alice`). Throws a sentence that says what would fit.
 */
export function readSide(text: string, reference: SideReference): NamedSide {
  const window = rangeOf(text, reference);
  if (window !== null) {
    if ((window.fromUs ?? -Infinity) >= (window.toUs ?? Infinity)) throw new Error(`“${text}” ends before it starts`);
    return { text, terms: [], window };
  }
  const input = inputTerm(text, reference.inputs);
  if (input !== null) return { text, terms: [input], ...filterOf(input) };
  if (/^[-!(]*[\w-]+(?::|[<>]|!?=)/.test(text)) {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.message);
    return { text, terms: parsed.terms, filter: parsed.filter };
  }
  const open = reference.inputs.slice(0, 8).join(", ");
  throw new Error(`“${text}” is no range of times (10:00..10:05), no filter (apiserver:cp1) and no input: ${open}`);
}

/** A term that means exactly the inputs this text names; null when it names none. */
function inputTerm(text: string, inputs: readonly string[]): string | null {
  const namedAs = (kind: "literal" | "exact" | "glob"): readonly string[] => inputs.filter(inputTest([{ kind, text }]));
  if (text === "") return null;
  if (namedAs("literal").length > 0) return `input:${quote(text)}`;
  const named = namedAs(text.includes("*") ? "glob" : "exact");
  if (named.length > 0 && isOneWord(text)) return `input:${text}`;
  return named.length === 0 ? null : `input:${named.map((path) => quote(path)).join(",")}`;
}

/** Means the same without quotes, as one value. */
function isOneWord(text: string): boolean {
  return /^[\w./*-]+$/.test(text) && parseFilter(`input:${text}`).ok;
}

function filterOf(term: string): { readonly filter?: Filter } {
  const parsed = parseFilter(term);
  return parsed.ok ? { filter: parsed.filter } : {};
}

/**
 * Sides nobody named: the window against as long a time before it; without the start of one the later half of the log against
 * the earlier one. Whole seconds, so that a live tail does not ask anew all the time. Null when the log is too short.
 */
export function usualSides(
  window: TimeWindow | null,
  log: { readonly fromUs: number; readonly toUs: number },
): { readonly a: NamedSide; readonly b: NamedSide } | null {
  const isWindow = window?.fromUs !== undefined;
  const fromUs = window?.fromUs ?? log.fromUs;
  const toUs = window?.toUs ?? Math.ceil(log.toUs / 1e6 + 1e-6) * 1e6;
  if (!Number.isFinite(fromUs) || !Number.isFinite(toUs) || toUs <= fromUs) return null;
  const side = (from: number, to: number): NamedSide => ({ text: "", terms: [], window: { fromUs: from, toUs: to } });
  if (isWindow) return { a: side(2 * fromUs - toUs, fromUs), b: side(fromUs, toUs) };
  const half = Math.floor((toUs - fromUs) / 2 / 1e6) * 1e6;
  return half < 1e6 ? null : { a: side(toUs - 2 * half, toUs - half), b: side(toUs - half, toUs) };
}
