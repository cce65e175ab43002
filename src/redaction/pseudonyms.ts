import { hash } from "node:crypto";

/**
 * Pseudonyms of the pieces names are made of. A permutation under a key: equal pieces stay equal, different ones stay
 * different, and what Kubernetes reads from a name's shape can still be read: generated suffixes, ordinals, plurals.
 */

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** Kubernetes' alphabet for generated suffixes and hashes: no vowels, no 0, 1, 3. */
const GENERATED = "bcdfghjklmnpqrstvwxz2456789";
const HEX = "0123456789abcdef";
const DIGITS = "0123456789";

const IS_GENERATED = /^[bcdfghjklmnpqrstvwxz2456789]+$/;
const HAS_VOWEL = /[aeiouy]/;
/** Letters that tell plural from singular and stay: `policies` and `policy`, `boxes` and `box`. */
const ENDING = /(?:ies|ys?|(?:s|x|ch|sh){1,2}(?:es?)?)$/;
const MOST_ENDING = 6;

/** Shorter pieces become this long: there are so few of them that another's name might come out. */
const LEAST = 7;
/** A suffix of five is told by its length. */
const SUFFIX = 5;
/** Longer ones are nobody's name: what certificates and archives are written in. */
const LONGEST = 256;
const ROUNDS = 6;
/** Shifts that one hash gives. */
const WORDS_OF_BITS = 16;
const MOST_WALKS = 64;
const MOST_KNOWN = 16_384;

export class Pseudonyms {
  private readonly key: string;
  private readonly known = new Map<string, string>();

  constructor(key: Buffer) {
    this.key = key.toString("hex");
  }

  /** Of letters and digits without anything in between, in any case. Numbers stay, but for those as long as an account's. */
  of(piece: string): string {
    if (/^\d+$/.test(piece)) return piece.length === ACCOUNT_DIGITS ? this.shuffled(piece, DIGITS) : piece;
    if (piece.length > LONGEST || !/^[A-Za-z0-9]+$/.test(piece)) return this.hashed(piece);
    const small = piece.toLowerCase();
    let found = this.known.get(small);
    if (found === undefined) {
      found = this.ofSmall(small);
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      this.known.set(small, found);
    }
    return inCaseOf(piece, found);
  }

  /** Lower-case hexadecimal digits of the same number. */
  hex(digits: string): string {
    return this.shuffled(digits, HEX);
  }

  /** Pseudo-random bits, the same for the same text. */
  bits(text: string): Buffer {
    // One call of crypto.hash costs a thirtieth of an HMAC object; in front and behind the key does not let a hash be continued.
    return hash("sha256", `${this.key} ${text} ${this.key}`, "buffer");
  }

  private ofSmall(piece: string): string {
    if (IS_GENERATED.test(piece))
      return this.shuffled(piece.length < SUFFIX ? long(piece, GENERATED) : piece, GENERATED);
    if (/\d/.test(piece)) {
      if (piece.length >= 12 && /^[0-9a-f]+$/.test(piece)) return this.shuffled(piece, HEX);
      if (piece.length >= 20) return this.shuffled(piece, LETTERS + DIGITS);
      return piece.replace(/[a-z]+/g, (letters) => this.ofSmall(letters));
    }
    const [ending = ""] = ENDING.exec(piece.slice(Math.max(2, piece.length - MOST_ENDING))) ?? [];
    const stem = piece.slice(0, piece.length - ending.length);
    let name = long(stem, LETTERS);
    for (let walk = 0; walk < MOST_WALKS; walk += 1) {
      name = this.shuffled(name, LETTERS);
      // What has none might pass for a generated suffix.
      if (HAS_VOWEL.test(name)) break;
    }
    return name + ending;
  }

  /** Halves that are shifted by each other in turns: whatever the shifts, a permutation of the texts of this length. */
  private shuffled(text: string, alphabet: string): string {
    let left = text.slice(0, text.length >> 1);
    let right = text.slice(text.length >> 1);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round % 2 === 0) left = this.shifted(left, right, alphabet, round);
      else right = this.shifted(right, left, alphabet, round);
    }
    return left + right;
  }

  private shifted(text: string, by: string, alphabet: string, round: number): string {
    let shifts = this.bits(`${round} ${text.length} ${alphabet.length} ${by}`);
    let result = "";
    for (let at = 0; at < text.length; at += 1) {
      if (at > 0 && at % WORDS_OF_BITS === 0) shifts = this.bits(`more ${shifts.toString("latin1")}`);
      const shift = shifts.readUInt16LE((at % WORDS_OF_BITS) * 2);
      const place = (alphabet.indexOf(text[at] ?? "") + shift) % alphabet.length;
      result += alphabet[place] ?? "";
    }
    return result;
  }

  private hashed(piece: string): string {
    return [...this.bits(`text ${piece}`)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
  }
}

/** An account of AWS, a project of Google. */
const ACCOUNT_DIGITS = 12;

/** Texts shorter than LEAST, each as one of LEAST: its number among them, in digits of the alphabet. */
function long(text: string, alphabet: string): string {
  if (text.length >= LEAST) return text;
  const base = alphabet.length;
  let number = 0;
  for (let length = 1; length < text.length; length += 1) number += base ** length;
  let own = 0;
  for (const letter of text) own = own * base + alphabet.indexOf(letter);
  number += own;
  let result = "";
  for (let at = 0; at < LEAST; at += 1) {
    result = (alphabet[number % base] ?? "") + result;
    number = Math.floor(number / base);
  }
  return result;
}

/** `Widget` begins with a capital because its original does. */
function inCaseOf(original: string, small: string): string {
  if (original === original.toLowerCase()) return small;
  if (original.length > 1 && original === original.toUpperCase()) return small.toUpperCase();
  let result = "";
  for (let at = 0; at < small.length; at += 1) {
    const letter = small[at] ?? "";
    const given = original[at] ?? "";
    result += given === given.toLowerCase() ? letter : letter.toUpperCase();
  }
  return result;
}
