import { maskAssignments } from "./assignments.ts";
import { maskCommandLine } from "./command-line.ts";
import { parseExact } from "../events/exact-json.ts";
import { maskLines } from "./lines.ts";
import { maskRandom } from "./random-runs.ts";
import { secrecyOf } from "./secret-keys.ts";
import { maskTokens } from "./tokens/mask-tokens.ts";
import { type Inside, TreeMasker } from "./tree.ts";
import { maskUrls } from "./urls.ts";
import { isBenign, isOpaque } from "./values.ts";

/**
 * Audit logs hold passwords, tokens and keys: in bodies, URIs, annotations, messages, even in user agents. Whatever is meant
 * for people passes here. Values are hidden, keys and shape stay. What is masked stays as it is when masked again.
 */

export const MASK = "[masked]";

/** What the request was about, from objectRef: bodies of patches and lists don't always say. */
export interface MaskSubject {
  /** Plural without group: `secrets`, `serviceaccounts`. */
  readonly resource: string;
}

const ELSEWHERE: Inside = { isSecret: false };
const OF_SECRETS: Inside = { isSecret: true };
/** JSON in a string in JSON: each level doubles its quotes' backslashes, so real ones are few. */
const MOST_NESTED = 4;

const MOST_KNOWN = 4_096;
const MOST_KNOWN_LENGTH = 512;
const known = new Map<string, string>();

/** Any text of the log: a name, user agent, URI, message, annotation, or a whole file in a string. */
export function maskText(text: string): string {
  if (text.length > MOST_KNOWN_LENGTH) return maskedText(text, ELSEWHERE, 0);
  const found = known.get(text);
  if (found !== undefined) return found;
  const masked = maskedText(text, ELSEWHERE, 0);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, masked);
  return masked;
}

/** The value of a key that says what it is: an annotation, a label, an extra of a user. */
export function maskField(key: string, text: string, subject?: MaskSubject): string {
  const secrecy = secrecyOf(key);
  if (secrecy === "yes" && !isBenign(text)) return MASK;
  if (secrecy === "maybe" && isOpaque(text)) return MASK;
  return subject?.resource === "secrets" ? maskedText(text, OF_SECRETS, 0) : maskText(text);
}

/** A request or response body. The original is not changed. */
export function maskBody(body: unknown, { resource }: MaskSubject): unknown {
  return treeAt(0).value(body, resource === "secrets" ? OF_SECRETS : ELSEWHERE);
}

/** A whole audit event: bodies, URI, annotations and what shippers put around it. */
export function maskEvent(event: unknown): unknown {
  return treeAt(0).value(event, ELSEWHERE);
}

const trees: TreeMasker[] = [];

/** Strings in it are at `depth` of JSON in strings. */
function treeAt(depth: number): TreeMasker {
  return (trees[depth] ??= new TreeMasker(MASK, (text, inside) =>
    depth === 0 && !inside.isSecret ? maskText(text) : maskedText(text, inside, depth),
  ));
}

const SHORTEST = 5;
/** What nodes join with is a Secret of this form. */
const BOOTSTRAP_TOKEN = /(?<![\w.-])[a-z\d]{6}\.[a-z\d]{16}(?![\w.-])/g;
const SECRET_MANIFEST = /"kind" {0,4}: {0,4}"Secret(?:List)?"|"resource" {0,4}: {0,4}"secrets"/;

function maskedText(text: string, inside: Inside, depth: number): string {
  if (text.length < SHORTEST) return text;
  if (depth < MOST_NESTED && /^\s{0,100}[[{]/.test(text)) {
    const embedded = maskedJson(text, inside, depth);
    if (embedded !== null) return embedded;
  }
  const masked = maskLines(maskTokens(text, MASK), { mask: MASK, inline: (line) => inline(line) });
  return maskRefused(inside.isSecret ? masked.replace(BOOTSTRAP_TOKEN, MASK) : masked, inside);
}

/** A whole object as a string, as in annotations. Null where it is none; one that is cut short may be a Secret. */
function maskedJson(text: string, inside: Inside, depth: number): string | null {
  let value: unknown;
  try {
    value = parseExact(text);
  } catch {
    return text.includes('"') && (inside.isSecret || SECRET_MANIFEST.test(text)) ? MASK : null;
  }
  const masked = treeAt(depth + 1).value(value, inside);
  const after = JSON.stringify(masked);
  if (after === JSON.stringify(value)) return text;
  const end = /\s*$/.exec(text.slice(-8))?.[0] ?? "";
  return (/\n\s/.test(text.slice(0, MOST_KNOWN_LENGTH)) ? JSON.stringify(masked, null, 2) : after) + end;
}

/** One line: tokens were masked before, since private keys go over many. */
function inline(line: string, depth = 0): string {
  const urls = maskUrls(line, MASK, (piece, deeper) => inline(maskTokens(piece, MASK), deeper), depth);
  return maskRandom(maskCommandLine(maskAssignments(urls, MASK), MASK), MASK);
}

const REFUSED =
  /(?<![\w.[\]/-])([\w.[\]/-]{1,200})(: (?:Invalid|Unsupported|Duplicate) value: )("(?:[^"\\]|\\.)*"|\S+)/g;

/** The API server quotes the values it refuses, with their path. */
function maskRefused(text: string, inside: Inside): string {
  if (!text.includes(" value: ")) return text;
  const isSecret = inside.isSecret || text.includes('Secret "');
  return text.replace(REFUSED, (all, path: string, between: string, value: string) => {
    const key = path.split(/[.[\]]+/).findLast((step) => step !== "" && !/^\d+$/.test(step)) ?? "";
    const isData = isSecret && /^(?:data|stringData)\b/.test(path);
    if (value.startsWith(MASK) || (!isData && (secrecyOf(key) !== "yes" || isBenign(value)))) return all;
    return path + between + MASK;
  });
}
