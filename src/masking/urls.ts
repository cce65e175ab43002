import { maskArguments } from "./command-line.ts";
import { secrecyOf } from "./secret-keys.ts";
import { isBenign, isOpaque } from "./values.ts";

/** Secrets in addresses: `user:secret@host`, `?sig=…`, and the command of an exec request. */

const LOGIN =
  /(?<=:(?:\\?\/){2})([^\s"'<>`:/?#@\\]{0,256}:)(?!\d{1,5}(?:[/?#\s]|$))(?:[^\s"'<>`/]{1,512}(?=@)|[^\s"'<>`]{1,512}(?=@))/g;
const LONE_LOGIN = /(?<=:(?:\\?\/){2})([^\s"'<>`:/?#@\\]{16,512})(?=@)/g;
/** `user:secret@tcp(db:3306)/app`, `user:secret@db:5432`: without a scheme. Digests of images have the same shape. */
const BARE_LOGIN =
  /(?<![\w.:/-])([\w.-]{1,64}:)[^\s"'@/:]{1,256}(?=@(?!sha\d)(?:(?:tcp|unix|udp)\(|[\w.-]{1,253}:\d{2,5}(?![\w.])))/g;
/** Of a text that is nothing but a URI: there an apostrophe is a character like others. */
const QUERY_OF_URI = /\?([^\s"<>`?=&]{0,128}=[^\s"<>`]*)/g;
const QUERY = /\?([^\s"'<>`?=&]{0,128}=[^\s"'<>`]*)/g;

/** Parameters that are secrets in an address, beside those whose name says so anywhere. */
const SECRET_PARAMETER =
  /^(?:key|keys|code|session|ticket|assertion|samlresponse|relaystate|nonce|cred|seed|pw|k|private|phrase|x-(?:amz|goog|oss|cos|obs|ms)-(?:credential|signature|security-token))$/i;
/** A request's command comes word by word. */
const WORD_PARAMETER = /^(?:command|cmd|args?|argv)(?:\[\d*\])?$/i;
const MOST_NESTED = 3;

/** `maskRest` masks what a parameter holds once it is decoded. */
export function maskUrls(
  text: string,
  mask: string,
  maskRest: (text: string, depth: number) => string,
  depth = 0,
): string {
  let masked = text;
  if (masked.includes("@")) {
    if (masked.includes("//"))
      masked = masked.replace(LOGIN, `$1${mask}`).replace(LONE_LOGIN, (login) => (isOpaque(login) ? mask : login));
    masked = masked.replace(BARE_LOGIN, `$1${mask}`);
  }
  if (depth < MOST_NESTED && masked.includes("?"))
    masked = masked.replace(
      /^\/\S*$/.test(masked) ? QUERY_OF_URI : QUERY,
      (_, query: string) => `?${maskQuery(query, mask, (piece) => maskRest(piece, depth + 1))}`,
    );
  return masked;
}

function maskQuery(query: string, mask: string, maskRest: (text: string) => string): string {
  const parts = query.split(/(&(?:amp;)?|\\u0026)/);
  const words: { readonly at: number; readonly name: string; readonly word: string }[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const part = parts[at] ?? "";
    const equals = part.indexOf("=");
    if (equals < 0) continue;
    const name = part.slice(0, equals);
    const value = part.slice(equals + 1);
    const decoded = decodedPart(value);
    if (WORD_PARAMETER.test(name)) words.push({ at, name, word: decoded });
    else if (isSecretParameter(decodedPart(name), decoded)) parts[at] = `${name}=${mask}`;
    else {
      const rest = maskRest(decoded);
      if (rest !== decoded) parts[at] = `${name}=${value === decoded ? rest : mask}`;
    }
  }
  const shown = maskArguments(
    words.map(({ word }) => word),
    mask,
  );
  for (const [index, { at, name, word }] of words.entries()) {
    const rest = maskRest(shown[index] ?? word);
    if (rest !== word) parts[at] = `${name}=${rest.replaceAll(" ", "+")}`;
  }
  return parts.join("");
}

function isSecretParameter(name: string, value: string): boolean {
  if (isBenign(value)) return false;
  return SECRET_PARAMETER.test(name) || secrecyOf(name) === "yes" || (secrecyOf(name) === "maybe" && isOpaque(value));
}

/** As it is where it isn't percent-encoded UTF-8. */
function decodedPart(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
