import { isReferenceField } from "./references.ts";
import { type Secrecy, secrecyOf, wordsOf } from "./secret-keys.ts";
import { isBenign, isOpaque, isSentence, startsSentence } from "./values.ts";

/**
 * Secrets in texts of many lines: YAML, properties, .env, INI. What a secret key holds goes on over the lines that belong to
 * it: a block, a list, a quoted text, a line that ends with a backslash.
 */

const LINE =
  /^([ \t]{0,200}(?:- {1,8}){0,4}(?:export |set |setx |ENV |ARG |local |readonly )?["']?)([\p{L}_.$][\w.$/\p{L} -]{0,100}?)(["']?[ \t]{0,8}(?:[:=]|=>|:=)[ \t]{0,8})(.*)$/su;
const ITEM = /^([ \t]{0,200}- {1,8})(.*)$/s;
const MANIFEST_OF_SECRET = /^[ \t-]{0,40}["']?kind["']?: {0,4}["']?Secret["']?,?[ \t]{0,4}$/m;

/** What may be read by everybody, and looks like what may not. */
const PUBLIC_BLOCK =
  /-----BEGIN (?:(?:NEW |TRUSTED |X509 )?CERTIFICATE(?: REQUEST)?|(?:RSA |PGP |SSH2 )?PUBLIC KEY(?: BLOCK)?|X509 CRL|DH PARAMETERS|EC PARAMETERS|PGP SIGNATURE)-----/;

export interface LineMaskers {
  readonly mask: string;
  /** One line without anything known about it. */
  readonly inline: (line: string) => string;
}

interface About {
  /** The text has the manifest of a Secret in it. */
  readonly hasSecret: boolean;
  /** It is one line: more likely a sentence than a file. */
  readonly isAlone: boolean;
}

interface State {
  /** What is further in than this belongs to a secret key: a text, or fields and items of their own. */
  hidden: { readonly indent: number; readonly isText: boolean; said: boolean } | null;
  /** A quoted value goes on up to this quote. */
  quote: string;
  /** The value of the next line is one: the line before ended with a backslash, or named it. */
  continued: boolean;
  /** `- name: PASSWORD`, then `value:` as far in. */
  namedAt: number;
  /** Within a certificate or public key. */
  isPublic: boolean;
  /** `- --password`, then the item that is it. */
  flagged: boolean;
}

export function maskLines(text: string, { mask, inline }: LineMaskers): string {
  const about = { hasSecret: MANIFEST_OF_SECRET.test(text), isAlone: !text.includes("\n") };
  const state: State = { hidden: null, quote: "", continued: false, namedAt: -1, isPublic: false, flagged: false };
  const shown: string[] = [];
  const lines = text.split("\n");
  for (const line of lines) {
    const masked = about.isAlone && isWords(line) ? undefined : maskLine(line, state, mask, about);
    if (masked === null) continue;
    shown.push(masked === undefined ? inline(line) : masked);
  }
  return shown.join("\n");
}

/** `PASSWORD=… psql -h db`, `app --password=…`: words of a command, not a line of a file. */
function isWords(line: string): boolean {
  return /^[^:=]{0,200}\S=\S/.test(line);
}

/** Null: the line is left out. Undefined: nothing is known about it. */
function maskLine(line: string, state: State, mask: string, about: About): string | null | undefined {
  const indent = indentOf(line);
  if (state.quote !== "") {
    if (closes(line, state.quote)) state.quote = "";
    return null;
  }
  if (state.continued) {
    state.continued = line.endsWith("\\");
    return line.slice(0, indent) + mask;
  }
  if (state.hidden !== null) {
    if (line.trim() === "") return line;
    if (indent > state.hidden.indent || (indent === state.hidden.indent && /^[ \t]*- /.test(line))) {
      if (!state.hidden.isText) return maskFields(line, indent, mask);
      if (state.hidden.said) return null;
      state.hidden.said = true;
      return line.slice(0, indent) + mask;
    }
    state.hidden = null;
  }
  if (PUBLIC_BLOCK.test(line)) state.isPublic = true;
  if (state.isPublic) {
    if (line.includes("-----END ")) state.isPublic = false;
    return line;
  }
  const item = ITEM.exec(line);
  if (item !== null && state.flagged) {
    state.flagged = false;
    if (!/^["']?-/.test(item[2] ?? "") && !isBenign(bare(item[2] ?? ""))) return (item[1] ?? "") + mask;
  }
  state.flagged =
    item !== null && /^["']?--?[A-Za-z][\w.-]{1,60}["']?$/.test(item[2] ?? "") && isSecret(bare(item[2] ?? ""));
  const found = LINE.exec(line);
  if (found === null) return undefined;
  const [, before = "", key = "", separator = "", value = ""] = found;
  return maskPair({ line, before, key, separator, value: value.replace(/\r$/, "") }, state, mask, about);
}

/** A field or item under a secret key: its name stays, and what refers to a secret. */
function maskFields(line: string, indent: number, mask: string): string {
  const found = LINE.exec(line);
  if (found === null) {
    const item = /^[ \t]*(?:- +)+/.exec(line)?.[0] ?? line.slice(0, indent);
    return item.length === line.length || isBenign(bare(line.slice(item.length))) ? line : item + mask;
  }
  const [, before = "", key = "", separator = "", value = ""] = found;
  const plain = bare(value.replace(/,?\r?$/, ""));
  return isBenign(plain) || /^[|>][-+\d]{0,3}$/.test(plain) || isReferenceField(key, plain)
    ? line
    : before + key + separator + mask;
}

interface Pair {
  readonly line: string;
  readonly before: string;
  readonly key: string;
  readonly separator: string;
  readonly value: string;
}

function maskPair(pair: Pair, state: State, mask: string, about: About): string | undefined {
  const { line, before, key, separator, value } = pair;
  const keyAt = before.replace(/["']$/, "").length;
  const isColon = separator.trimEnd().endsWith(":");
  if (/^(?:name|key|header)$/i.test(key) && isColon) {
    state.namedAt = isSecret(bare(value)) ? keyAt : -1;
    return undefined;
  }
  const isNamed = state.namedAt === keyAt && /^(?:value|default|content|data)$/i.test(key);
  const isData = about.hasSecret && /^(?:data|stringData)$/.test(key) && isColon;
  const secrecy = isNamed || isData ? "yes" : secrecyOfKey(key);
  // Keys end at a colon with a space after it; others are parts of names: `external-secrets:v1`.
  const isPartOfName =
    /^[:=]/.test(separator) &&
    separator.length === 1 &&
    (key.includes(" ") || (separator === ":" && value !== "" && !/["']$/.test(before)));
  if (secrecy === "no" || isPartOfName) return undefined;
  const plain = bare(value.replace(/,$/, ""));
  const head = before + key + separator;
  if (secrecy === "maybe") return isOpaque(plain) ? head + mask : undefined;
  // “token: expired”, “failed to fetch token: unexpected …”: sentences.
  if (separator.endsWith(": ") && (about.isAlone || key.includes(" ") ? isSentence : startsSentence)(value))
    return undefined;
  if (value === "" || /^(?:[|>][-+\d]{0,3}[ \t]*(?:#.*)?|[&!]\S{1,80}|[{[]\s*)$/.test(value)) {
    if (isColon) state.hidden = { indent: keyAt, isText: /^[|>]/.test(value), said: false };
    return line;
  }
  if (isBenign(plain)) return undefined;
  const quote = /^["']/.exec(value)?.[0] ?? "";
  if (quote !== "" && !closes(value.slice(1), quote)) state.quote = quote;
  else if (/^[{[]/.test(value) || (isColon && quote === "")) state.hidden = { indent: keyAt, isText: true, said: true };
  state.continued = value.endsWith("\\");
  return head + mask + (value.endsWith(",") ? "," : "");
}

/** `API key` is a key; of a sentence that happens to have a colon, what follows is judged as its words. */
function secrecyOfKey(key: string): Secrecy {
  if (!key.includes(" ")) return secrecyOf(key);
  const words = wordsOf(key);
  return words.length > 3 ? "no" : secrecyOf(words.slice(-2).join(" "));
}

function isSecret(name: string): boolean {
  return name.length <= 200 && secrecyOf(name) === "yes";
}

function bare(value: string): string {
  const trimmed = value.trim();
  return /^(["']).*\1$/s.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

function closes(text: string, quote: string): boolean {
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1))
    if (quote !== '"' || text[at - 1] !== "\\") return true;
  return false;
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}
