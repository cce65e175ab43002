import { PHRASES } from "./phrases.ts";
import { mayNameSecret, secrecyOf, wordsOf } from "./secret-keys.ts";
import { isBenign, isOpaque, isSentence } from "./values.ts";

/**
 * Secrets named by what stands in front of them, anywhere in a text: `password=…`, `"token": "…"`, `X-Api-Key: …`,
 * `--db-pass …`, `<secret>…</secret>`, `IDENTIFIED BY '…'`.
 */

/** What may stand between a key and its value, from the end of the key on. */
const SEPARATOR = /\\{0,3}["'`]?\]?(?:\s{0,20}(?:=>|:=|==?)|:)|["']\s{0,3},(?=\s{0,3}["'])/y;
/** Where one of them may be. */
const SIGN = /[:=]|,(?=\s{0,3}["'])/g;
const KEY_END = /[\w.$\p{L}-]/u;
const MOST_KEY = 82;
/** How far a separator's sign may be from its key: spaces, quotes, backslashes. */
const MOST_BETWEEN = 26;
const FLAG = /(?<![\w-])(--?[A-Za-z][\w.-]{1,60})(\s{1,4})(?!-)("[^"]*"|'[^']*'|\S+)/g;
const TAG = /<([A-Za-z][\w:.-]{0,60})(?:\s[^<>]{0,200})?>([^<>]{1,4096})(?=<\/)/g;
const NAME_VALUE =
  /(\b(?:name|key|id|property)\s{0,2}=\s{0,2}(["'])([\w.-]{1,80})\2[^<>]{0,80}?\bvalue\s{0,2}=\s{0,2}(["']))([^"'<>]{1,4096})/g;
/** What stands before the credential of a header. */
const AUTH_SCHEME = /^(?:Bearer|Basic|Token|ApiKey|Negotiate|NTLM|Digest) {1,3}(?=[^ ])/i;
export function maskAssignments(text: string, mask: string): string {
  const small = text.toLowerCase();
  if (!mayNameSecret(small)) return text;
  let masked = maskKeys(text, mask);
  if (masked.includes("-"))
    masked = masked.replace(FLAG, (all, flag: string, gap: string, value: string) =>
      isSecretFlag(flag) && !isBenign(value) ? flag + gap + mask : all,
    );
  if (masked.includes("</"))
    masked = masked.replace(TAG, (all, tag: string, value: string) =>
      isHidden(tag, value.trim()) ? all.slice(0, all.length - value.length) + mask : all,
    );
  if (masked.includes("value"))
    masked = masked.replace(NAME_VALUE, (all, head: string, _q: string, name: string, _v: string, value: string) =>
      isHidden(name, value) ? head + mask : all,
    );
  for (const { hint, pattern, isSecret } of PHRASES)
    if (hint.test(small))
      masked = masked.replace(pattern, (all, head: string, quote: string, value: string) =>
        isSecret(value, quote, head) ? head + quote + mask : all,
      );
  return masked;
}

function isSecretFlag(flag: string): boolean {
  return flag.replace(/^-+/, "").length > 1 && secrecyOf(flag) === "yes";
}

function isHidden(key: string, value: string): boolean {
  if (isBenign(value)) return false;
  const secrecy = secrecyOf(key);
  return secrecy === "yes" || (secrecy === "maybe" && isOpaque(value));
}

function maskKeys(text: string, mask: string): string {
  let result = "";
  let end = 0;
  SIGN.lastIndex = 0;
  for (let sign = SIGN.exec(text); sign !== null; sign = SIGN.exec(text)) {
    const key = keyBefore(text, sign.index, end);
    if (key === null) continue;
    // `=>` and `:=` are two signs.
    SIGN.lastIndex = key.to;
    const secrecy = secrecyAt(text, key.from, key.name);
    if (secrecy === "no") continue;
    // Only what is masked, and so passed over, may be of any length.
    const within = secrecy === "maybe" ? text.slice(0, key.to + MOST_VAGUE) : text;
    const value = valueAt(within, key, { isVague: secrecy === "maybe", isHeader: isHeader(key) });
    if (value === null) continue;
    const from = value.from + (AUTH_SCHEME.exec(text.slice(value.from, value.from + 16))?.[0].length ?? 0);
    const inside = text.slice(from, value.to);
    if (isBenign(inside) || (secrecy === "maybe" && !isOpaque(inside))) continue;
    result += text.slice(end, from) + mask;
    end = value.to;
    SIGN.lastIndex = end;
  }
  return end === 0 ? text : result + text.slice(end);
}

interface Key {
  readonly name: string;
  readonly from: number;
  /** Past the separator. */
  readonly to: number;
  readonly separator: string;
}

/** The key whose separator has its first sign at `sign`; null where there is none after `start`. */
function keyBefore(text: string, sign: number, start: number): Key | null {
  let last = sign - 1;
  while (last >= start && sign - last <= MOST_BETWEEN && /[\s"'`\]\\]/.test(text[last] ?? "")) last -= 1;
  let from = last;
  while (from >= start && last - from < MOST_KEY && KEY_END.test(text[from] ?? "")) from -= 1;
  const name = text.slice(from + 1, last + 1);
  if (name === "" || last - from >= MOST_KEY) return null;
  SEPARATOR.lastIndex = last + 1;
  const separator = SEPARATOR.exec(text)?.[0];
  if (separator === undefined || last + 1 + separator.length <= sign) return null;
  // `define('PASSWORD', '…')`; in a list, what comes next is another name.
  if (separator.endsWith(",") && text[from - 1] !== "(") return null;
  return { name, from: from + 1, to: last + 1 + separator.length, separator };
}

/** `API key: …` is two words. */
function secrecyAt(text: string, at: number, key: string): ReturnType<typeof secrecyOf> {
  // The credential of a filter (`cred:…`) is an id.
  if (key === "cred") return "no";
  const secrecy = secrecyOf(key);
  if (secrecy !== "maybe") return secrecy;
  const before = /([A-Za-z]{2,16}) $/.exec(text.slice(Math.max(0, at - 18), at));
  return before === null ? secrecy : secrecyOf(`${before[1] ?? ""} ${key}`);
}

/** Headers: their value goes on to the end of the line. */
function isHeader({ name, separator }: Key): boolean {
  const last = wordsOf(name).at(-1) ?? "";
  return separator.endsWith(":") && (last === "authorization" || last === "cookie" || /^x-/i.test(name));
}

interface ReadKey {
  readonly isVague: boolean;
  readonly isHeader: boolean;
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/** What a vague key holds is looked at so far: further on it is no key of anybody. */
const MOST_VAGUE = 128;

/**
 * Where the value after a key is: quoted, in brackets, or a word. Null where the key isn't one of an assignment.
 */
function valueAt(text: string, { from, to: after, separator }: Key, key: ReadKey): Place | null {
  const at = after + (/^[ \t]{0,4}/.exec(text.slice(after, after + 4))?.[0].length ?? 0);
  const isSpaced = at > after;
  const isColon = separator.endsWith(":");
  // `repo/secret:1.2`, `system:serviceaccount:vault-token:default`: parts of names.
  if (isColon && !isSpaced && /[:/]/.test(text[from - 1] ?? " ")) return null;
  const opening = /^\\{0,3}["'`]/.exec(text.slice(at, at + 4))?.[0];
  if (opening !== undefined) return quotedAt(text, at + opening.length, opening);
  const character = text[at] ?? "";
  if (character === "{" || character === "[") return key.isVague ? null : { from: at, to: bracketEnd(text, at) };
  if (key.isHeader) return { from: at, to: endAt(text, at, HEADER_END) };
  const to = at + (partOf(text, from, at) ?? wordEnd(text, at) - at);
  const word = text.slice(at, to);
  if (word === "" || (isColon && isSpaced && isSentence(text.slice(at, at + 200)))) return null;
  // `name:v1.2`: a version of something.
  if (isColon && !isSpaced && /^v?\d{1,4}(?:\.\d{1,6}){1,3}(?:[-.+@][\w.+:@-]*)?$/.test(word)) return null;
  return { from: at, to };
}

/** Length of a value of `Server=db;Password=…;Encrypt=true`, which goes on to the next `;`. Null where it is none. */
function partOf(text: string, keyAt: number, at: number): number | null {
  if (!/(?:^|;)\s?$/.test(text.slice(Math.max(0, keyAt - 2), keyAt))) return null;
  return /^[^;\n]{1,256}(?=;\s?(?:[A-Za-z][\w -]{0,40}=|$))/.exec(text.slice(at, at + 300))?.[0].length ?? null;
}

const CLOSING = { '"': /["\\]/g, "'": /['\\]/g, "`": /[`\\]/g } as const;

function quotedAt(text: string, from: number, opening: string): Place {
  const quote = (opening.at(-1) ?? '"') as keyof typeof CLOSING;
  const isEscaped = opening.length > 1;
  const next = CLOSING[quote];
  for (let at = from; at < text.length; at += 1) {
    at = endAt(text, at, next);
    if (text[at] === quote && (at === from || text[at + 1] !== quote)) return { from, to: at };
    // A backslash: what closes an escaped string looks like what opened it.
    if (isEscaped && text.startsWith(opening, at)) return { from, to: at };
    at += 1;
  }
  return { from, to: text.length };
}

/** Past the bracket that closes the one at `from`; brackets in quotes don't count. */
function bracketEnd(text: string, from: number): number {
  let depth = 0;
  let quote = "";
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === "\\") at += 1;
    else if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === "{" || character === "[") depth += 1;
    else if ((character === "}" || character === "]") && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}

const HEADER_END = /["'`\n\r]/g;
const WORD_STOP = /[\s"'`&;<>|\\,)}\]]/g;

/** Where `stop` is next, from `at` on; the end where it isn't. */
function endAt(text: string, at: number, stop: RegExp): number {
  stop.lastIndex = at;
  return stop.exec(text)?.index ?? text.length;
}

/** A value without quotes ends at a space, a quote, `&` or `;`, and at `,` or a closing bracket where something follows. */
function wordEnd(text: string, from: number): number {
  for (let at = endAt(text, from, WORD_STOP); at < text.length; at = endAt(text, at + 1, WORD_STOP)) {
    const character = text[at] ?? "";
    const rest = text.slice(at + 1, at + 44);
    if (character === "\\") {
      if (/^[nrt"']/.test(rest)) return at;
    } else if (!/[,)}\]]/.test(character) || /^(?:$|[\s,)}\]"'`;&]|[A-Za-z_][\w.-]{0,40}[=:])/.test(rest)) return at;
  }
  return text.length;
}
