import { hash, timingSafeEqual } from "node:crypto";
import { MOST_SENDERS } from "./limits.ts";
import { Refusal } from "./refusal.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const PATH = /^\/(?:audit(?:\/([^/]*))?)?$/;

export interface Token {
  readonly digest: Buffer;
  readonly name: string;
}

/** Lines of a token file: a token, with the name of an API server behind a comma; blank lines and those after # say nothing. */
export function tokensIn(text: string): readonly Token[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [token = "", name = ""] = line.split(",", 2).map((part) => part.trim());
    return token === "" || token.startsWith("#") ? [] : [{ digest: digestOf(token), name: nameOf(name) }];
  });
}

/** The part of a path that names a sender, "" where it names none. Throws a Refusal for paths that are not served. */
export function pathSender(url: string): string {
  const match = PATH.exec(url.split("?", 1)[0] ?? "");
  const name = match?.[1] ?? "";
  if (match === null || (name !== "" && !NAME.test(name))) {
    throw new Refusal(404, "audit events are taken at /, /audit and /audit/NAME");
  }
  return name;
}

/** The name behind the token of an Authorization header; null without tokens to check. Throws a Refusal for any other. */
export function tokenSender(authorization: string | undefined, tokens: readonly Token[] | null): string | null {
  if (tokens === null) return null;
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  const digest = digestOf(given ?? "");
  let found: Token | null = null;
  // All are looked at, however early one fits.
  for (const token of tokens) if (timingSafeEqual(token.digest, digest) && given !== undefined) found ??= token;
  if (found === null) throw new Refusal(401, "a bearer token is needed", { "WWW-Authenticate": "Bearer" });
  return found.name;
}

/** What a certificate's common name may be called here. */
export function nameOf(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return name.slice(0, 63);
}

/** Bounds how many there are: each has files and tables of its own. */
export class Senders {
  private readonly known = new Set<string>();

  admit(name: string): string {
    if (!this.known.has(name) && this.known.size >= MOST_SENDERS) {
      throw new Refusal(403, `more than ${MOST_SENDERS} senders`);
    }
    this.known.add(name);
    return name;
  }
}

function digestOf(token: string): Buffer {
  return hash("sha256", token, "buffer");
}
