import type { Pseudonyms } from "./pseudonyms.ts";
import { pseudonymOfAddress } from "./addresses.ts";
import { OWNED } from "./vocabulary/owned.ts";
import { PROGRAMS } from "./vocabulary/programs.ts";
import { isConstant, isEverydayWord, isField, isFigure, isOfLanguage, isType } from "./vocabulary/words.ts";

/** Where a word stands says which words may stay there. */
export type Place =
  /** Kinds, resources, groups, verbs: other people's too. */
  | "kind"
  /** A word of the API. */
  | "type"
  /** A field's name. */
  | "field"
  /** Who and which: nothing stays but what is Kubernetes' own. */
  | "name"
  /** Any other value of one word. */
  | "value"
  /** A sentence. */
  | "text"
  /** A user agent. */
  | "agent";

/** A word: letters and digits, with dots, dashes and underscores between them. */
const WORD = String.raw`[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?`;
/** What is told apart before words are: what JSON escapes, times, uids, IPv6 addresses, Kubernetes' own users, its labels. */
const TOKEN = new RegExp(
  [
    String.raw`(?<escape>\\(?:[bfnrt"\\/]|u[\da-fA-F]{4}))`,
    String.raw`(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)`,
    String.raw`(?<uid>(?<![\da-fA-F-])[\da-fA-F]{8}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{12}(?![\da-fA-F-]))`,
    String.raw`(?<six>(?<![\w:])(?:[\da-fA-F]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]{0,4})(?![\w:]))`,
    String.raw`(?<system>(?<![\w.-])system:[\w.@-]+(?::[\w.@-]+)*)`,
    String.raw`(?<label>(?<![\w.-])(?:[\w-]+\.)*(?:kubernetes|k8s)\.io\/[\w.-]*\w)`,
    `(?<word>${WORD})`,
  ].join("|"),
  "gu",
);
const PIECES = /[\p{L}\p{M}\p{N}]+/gu;
/** `10.0.0.1`, and `10-0-0-1` as clouds name machines. */
const FOUR = /(?<!\d)(\d{1,3})([.-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d)/g;
const PATH_OF_FIELDS = /^(?:spec|status|metadata|involvedObject|reportingComponent)(?:\.[A-Za-z\d]+)+$/;
/** What follows these is a name, whatever it looks like. */
const NAMED_BY_SYSTEM = /^system:(?:serviceaccounts?|node|bootstrap):/;

const MOST_KNOWN = 65_536;
const MOST_KNOWN_LENGTH = 256;
const MOST_KEPT = 200_000;

export interface NameOptions {
  readonly pseudonyms: Pseudonyms;
  readonly keepsAddresses: boolean;
  readonly keepsUids: boolean;
  /** Told of each word and what it becomes; of some more than once. */
  readonly onName?: (original: string, pseudonym: string) => void;
}

/** Replaces the names in strings, word by word, the same ones by the same pseudonyms wherever they are. */
export class Names {
  private readonly options: NameOptions;
  /** Answers by what was asked. */
  private readonly known = new Map<string, string>();
  /** Everyday words that are somebody's name in this log: bounded, as the vocabulary is. */
  private readonly taken = new Set<string>();
  private readonly kept = new Set<string>();
  /** Names that were to be kept and are not: there were too many. */
  overflowed = 0;

  constructor(options: NameOptions) {
    this.options = options;
  }

  /** Somebody or something is called this: its words stay in no sentence from now on. */
  take(text: string): void {
    if (OWNED.has(text)) return;
    for (const word of text.replace(NAMED_BY_SYSTEM, "").match(WORDS) ?? [])
      if (isEverydayWord(word) && !OWNED.has(word) && !this.taken.has(word)) {
        this.taken.add(word);
        this.known.clear();
      }
  }

  /** These names are to stay. */
  keep(text: string): void {
    for (const word of text.match(WORDS) ?? []) {
      if (this.kept.has(word)) continue;
      if (this.kept.size >= MOST_KEPT) this.overflowed += 1;
      else {
        this.kept.add(word);
        this.known.clear();
      }
    }
  }

  replace(text: string, place: Place): string {
    if (text.length > MOST_KNOWN_LENGTH) return this.replaced(text, place);
    return this.remembered(`text ${place} ${text}`, () => this.replaced(text, place));
  }

  private replaced(text: string, place: Place): string {
    return text.replace(TOKEN, (token, ...rest) => {
      const { escape, time, uid, six, system, label } = rest.at(-1) as Partial<Record<string, string>>;
      if (escape !== undefined || time !== undefined) return token;
      if (uid !== undefined) return this.uid(token);
      if (six !== undefined) return this.six(token, place);
      if (system !== undefined) return this.system(token);
      if (label !== undefined) return this.label(token, place);
      return this.word(token, place);
    });
  }

  word(word: string, place: Place): string {
    return this.remembered(`${place} ${word}`, () => {
      const found = this.stays(word, place) ? word : this.compound(word, place);
      if (found !== word) this.options.onName?.(word, found);
      return found;
    });
  }

  private remembered(key: string, find: () => string): string {
    let found = this.known.get(key);
    if (found === undefined) {
      found = find();
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      if (key.length <= 2 * MOST_KNOWN_LENGTH) this.known.set(key, found);
    }
    return found;
  }

  private stays(word: string, place: Place): boolean {
    if (OWNED.has(word) || this.kept.has(word)) return true;
    if (word.length > MOST_KNOWN_LENGTH) return false;
    if (isFigure(word)) return true;
    if (place === "name") return false;
    if (place === "kind") return isType(word);
    if (place === "type") return isType(word) || isConstant(word);
    if (place === "field") return isType(word) || isField(word);
    if (this.taken.has(word)) return false;
    if (isType(word) || isConstant(word)) return true;
    if (place === "value") return PATH_OF_FIELDS.test(word);
    if (place === "agent" && (PROGRAMS.has(word.toLowerCase()) || /^[\da-f]{7,12}$/.test(word))) return true;
    return isOfLanguage(word) || PATH_OF_FIELDS.test(word);
  }

  /** Piece by piece, so that what begins with another's name still does; what is Kubernetes' own in front stays. */
  private compound(word: string, place: Place): string {
    if (place === "kind" && /[a-z]List$/.test(word)) return `${this.compound(word.slice(0, -4), place)}List`;
    let from = Math.min(word.length, MOST_KNOWN_LENGTH);
    while (from > 0) {
      from = Math.max(
        word.lastIndexOf(".", from - 1),
        word.lastIndexOf("-", from - 1),
        word.lastIndexOf("_", from - 1),
      );
      const front = word.slice(0, Math.max(from, 0));
      if (OWNED.has(front) || this.kept.has(front)) break;
      if (place === "agent" && PROGRAMS.has(front.toLowerCase()) && !this.taken.has(front)) break;
    }
    const start = Math.max(from, 0);
    return word.slice(0, start) + this.pieces(word.slice(start));
  }

  private pieces(text: string): string {
    const { pseudonyms } = this.options;
    let result = "";
    let end = 0;
    for (const match of text.matchAll(FOUR)) {
      result += text.slice(end, match.index).replace(PIECES, (piece) => pseudonyms.of(piece));
      const [all, , separator = "."] = match;
      result += this.address(all.replaceAll(separator, ".")).replaceAll(".", separator);
      end = match.index + all.length;
    }
    return result + text.slice(end).replace(PIECES, (piece) => pseudonyms.of(piece));
  }

  private address(text: string): string {
    if (this.options.keepsAddresses) return text;
    return this.remembered(`address ${text}`, () => {
      const found = pseudonymOfAddress(text, this.options.pseudonyms);
      if (found !== text) this.options.onName?.(text, found);
      return found;
    });
  }

  private six(token: string, place: Place): string {
    const found = this.address(token);
    if (found !== token || this.options.keepsAddresses) return found;
    return token.replace(WORDS, (word) => this.word(word, place));
  }

  private uid(token: string): string {
    if (this.options.keepsUids) return token;
    const own = token.toLowerCase().replaceAll("-", "");
    const digits = this.remembered(`uid ${own}`, () => this.options.pseudonyms.hex(own));
    let at = 0;
    return token.replace(/[\da-fA-F]/g, () => digits[at++] ?? "");
  }

  /** `system:node:worker-1`, `system:serviceaccount:demo:web`: what stands behind is a name. */
  private system(token: string): string {
    if (OWNED.has(token)) return token;
    const [front = "system:"] = NAMED_BY_SYSTEM.exec(token) ?? [];
    return front + token.slice(front.length).replace(WORDS, (word) => this.word(word, "name"));
  }

  /** Kubernetes' own labels and annotations; of a group and its version too. */
  private label(token: string, place: Place): string {
    const slash = token.indexOf("/");
    const rest = token.slice(slash + 1);
    const isOwn = rest.split(/[._-]/).every((part) => isFigure(part) || isField(part));
    return token.slice(0, slash + 1) + (isOwn && !this.taken.has(rest) ? rest : this.word(rest, place));
  }
}

const WORDS = new RegExp(WORD, "gu");
