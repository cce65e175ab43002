import type { Explanation, ExplainedTerm } from "../engine/contract.ts";
import { count, counted } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import { dateTime, parseTime, type TimeZone, zoneName } from "../models/times.ts";

/** Terms named where each matches something and all of them nothing. */
const MOST_NAMED = 3;

/** Why nothing matches: which term is to blame, and what is nearest. Sentences without a full stop; none when something does. */
export function explanationOf({ requests, terms, inWindow, log }: Explanation, zone: TimeZone): readonly string[] {
  if (requests !== 0) return [];
  const span = spanText(log, zone);
  if (inWindow === 0)
    return [span === "" ? "the log has no request" : `the log has nothing in this time: it is from ${span}`];
  const blamed = terms.filter((term) => term.requests === 0);
  if (blamed.length > 0) return blamed.map((term) => blame(term, span));
  const helped = terms
    .filter(({ without }) => without !== null && without > 0)
    .sort((a, b) => (b.without ?? 0) - (a.without ?? 0));
  if (terms.length < 2 || helped.length === 0) return [];
  const ways = helped
    .slice(0, MOST_NAMED)
    .map(({ text, without }) => `${count(without ?? 0)} without ${safeText(text)}`);
  return [`no request matches all of these: ${ways.join(", ")}`];
}

function blame({ text, nearest }: ExplainedTerm, span: string): string {
  const nothing = `${safeText(text)} matches nothing`;
  if (/^(?:since|until):/.test(text) && span !== "") return `${nothing}: the log is from ${span}`;
  if (nearest.length === 0) return nothing;
  const names = nearest.map((near) => `${safeText(near.text)} (${counted(near.requests, "request")})`);
  return `${nothing}; nearest: ${names.join(", ")}`;
}

function spanText({ from, to }: Explanation["log"], zone: TimeZone): string {
  const [first, last] = [parseTime(from), parseTime(to)];
  if (Number.isNaN(first) || Number.isNaN(last)) return "";
  return `${dateTime(first, zone).slice(0, 19)} to ${dateTime(last, zone).slice(0, 19)} ${zoneName(first, zone)}`;
}
