/**
 * The one name a list or watch may select, as the API server's RequestInfo takes it from the query of the URL:
 * `fieldSelector=metadata.name=web`. Percent-decoding as Go's net/url does it.
 */

/** ListOptions that must be whole numbers: others make the whole query undecodable. */
const WHOLE_NUMBERS = ["limit", "timeoutSeconds"];
const INT64 = /^[+-]?\d{1,19}$/;
const INT64_END = 2n ** 63n;

/** Value of an exact `metadata.name` field selector; "" without one, and where the server could not decode the query. */
export function selectedName(query: string): string {
  if (!query.includes("fieldSelector") && !query.includes("%")) return "";
  const values = queryValues(query);
  const selector = values.get("fieldSelector") ?? "";
  if (selector === "") return "";
  const isDecodable =
    WHOLE_NUMBERS.every((key) => isWholeNumber(values.get(key) ?? "0")) &&
    isLabelSelector(values.get("labelSelector") ?? "");
  const name = isDecodable ? exactName(selector) : "";
  return isPathSegment(name) ? name : "";
}

/** First value of each key. What Go's url.ParseQuery refuses is left out: bad escapes and semicolons. */
function queryValues(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of query.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const key = unescaped(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : unescaped(pair.slice(equals + 1));
    if (key !== null && value !== null && !values.has(key)) values.set(key, value);
  }
  return values;
}

function unescaped(text: string): string | null {
  return percentDecoded(text.replaceAll("+", " "));
}

const PERCENT = 0x25;

/** Null where an escape is broken. Bytes that are no UTF-8 become replacement characters. */
export function percentDecoded(text: string): string | null {
  if (!text.includes("%")) return text;
  if (/%(?![0-9a-f]{2})/i.test(text)) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    const bytes = new TextEncoder().encode(text);
    let length = 0;
    for (let at = 0; at < bytes.length; at += 1, length += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === PERCENT) {
        bytes[length] = Number.parseInt(String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0), 16);
        at += 2;
      } else bytes[length] = byte;
    }
    return new TextDecoder().decode(bytes.subarray(0, length));
  }
}

function isWholeNumber(text: string): boolean {
  if (!INT64.test(text)) return false;
  const value = BigInt(text.replace("+", ""));
  return value < INT64_END && value >= -INT64_END;
}

/** Of `metadata.name=x` terms the first in sorted order, as the selector keeps them; "" when the selector is malformed. */
function exactName(selector: string): string {
  let name: string | null = null;
  for (const term of selectorTerms(selector).toSorted()) {
    if (term === "") continue;
    const at = term.indexOf("=");
    if (at < 0) return "";
    const isNot = at > 0 && term[at - 1] === "!";
    const value = unescapedValue(term.slice(term[at + 1] === "=" && !isNot ? at + 2 : at + 1));
    if (value === null) return "";
    if (name === null && !isNot && term.slice(0, at) === "metadata.name") name = value;
  }
  return name ?? "";
}

/** Split at commas that no backslash escapes. */
function selectorTerms(selector: string): readonly string[] {
  return selector.match(/(?:[^\\,]|\\.?)+/gs) ?? [];
}

function unescapedValue(text: string): string | null {
  if (/(?:^|[^\\])(?:\\\\)*(?:[,=]|\\(?:[^\\,=]|$))/s.test(text)) return null;
  return text.replaceAll(/\\(.)/gs, "$1");
}

const LABEL = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
const SUBDOMAIN = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*";
const KEY = `(?:${SUBDOMAIN}/)?${LABEL}`;
const VALUES = `\\(\\s*(?:${LABEL})?\\s*(?:,\\s*(?:${LABEL})?\\s*)*\\)`;
const REQUIREMENT = new RegExp(
  `^\\s*(?:!\\s*${KEY}|${KEY}(?:\\s*(?:=|==|!=)\\s*(?:${LABEL})?|\\s*[<>]\\s*-?\\d+|\\s+(?:in|notin)\\s*${VALUES})?)\\s*$`,
);
/** More is not looked at: such a selector counts as well-formed. */
const LONGEST_LABELS = 4_096;

function isLabelSelector(text: string): boolean {
  if (text.trim() === "" || text.length > LONGEST_LABELS) return true;
  return text.split(/,(?![^(]*\))/).every((requirement) => REQUIREMENT.test(requirement));
}

/** As path.IsValidPathSegmentName. */
function isPathSegment(name: string): boolean {
  return name !== "." && name !== ".." && !/[/%]/.test(name);
}
