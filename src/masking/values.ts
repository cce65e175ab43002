import { isRandom } from "./random-runs.ts";

/** What a value looks like, apart from its key. */

/** Values that hide nothing: switches, empty ones, references and what somebody masked already. */
const BENIGN =
  /^(?:true|false|yes|no|on|off|\W{1,2}|null|nil|none|undefined|unset|n\/a|-|~|\d{1,3}|enabled|disabled|\[masked\]|\[?<?redacted>?\]?|x{3,}|\*{3,}|•{3,}|<[\w -]{1,40}>|\$\([\w.-]{1,80}\)|\$\{[\w.:-]{1,80}\}|\$[A-Z][A-Z\d_]{0,60}|%[A-Z_]{1,60}%|\{\{.{0,200}\}\}|[\d.]{1,12}(?:[nµum]?s|[mhd]|[KMGT]i?B?|%)|map\[\]|\{\}|\[\])$/i;
/** A file, by where such files are: `/var/run/secrets/…/token`. */
const FILE =
  /^(?:file:\/\/)?[/](?:etc|var|run|home|opt|tmp|usr|mnt|secrets?|srv|root|vault|certs?|pki|keys?)\/[\w./@-]{1,200}$/;

export function isBenign(value: string): boolean {
  return value === "" || BENIGN.test(value) || FILE.test(value);
}

const MOST_OPAQUE = 4_096;

/**
 * Whether the value of a vague key (`key`, `code`) is more likely a secret than a name: letters mixed with digits, long,
 * and neither a path nor words.
 */
export function isOpaque(value: string): boolean {
  if (value.length < 12 || value.length > MOST_OPAQUE || isBenign(value) || /[\s/:]/.test(value)) return false;
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return isRandom(value);
  return isRandom(value) || /^[\da-f]{20,}$/i.test(value) || /^(?=.*[A-Z])(?=.*[a-z])[\w+/=~!@#$%^&*.-]+$/.test(value);
}

/** After `password:` in prose there may be a sentence, not a password. */
const PROSE = new Set(
  `is was are were be been has have had not no none must may can cannot could should will would required missing invalid expired expires
   incorrect wrong empty set unset given needed found unknown unauthorized forbidden denied failed failure error mismatch the a an of for
   from in to with and or by this that it its please enter your new old too at on as if via rejected
   revoked provided default string object optional true false null authentication auth authenticated`.split(/\s+/),
);

export function startsSentence(value: string): boolean {
  return PROSE.has(/^[A-Za-z]+(?=$|\s|[.,!](?:\s|$))/.exec(value)?.[0].toLowerCase() ?? "");
}

/** “serviceaccounts "x" is …”, “unexpected status …”: what follows a colon within a sentence is more of it. */
export function isSentence(value: string): boolean {
  return startsSentence(value) || /^[a-z]+ (?:[a-z]+\b|["'][^"']*["'] )/.test(value);
}
