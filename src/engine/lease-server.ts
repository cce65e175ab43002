const MARK = Buffer.from("apiserver-");
/** Of an event before its objectRef ends: its verb and user stand there. */
const BEFORE = 4_096;
const AFTER = 512;
/** Places that are looked at: in a log of many such names they are no Leases. */
const MOST_PLACES = 1_000;

/** Quotes may be escaped, inside a record of a log pipeline. */
const quoted = (key: string, value: string): string => `${key}\\\\*"\\s*:\\s*\\\\*"${value}\\\\*"`;
/** What the API server's feature APIServerIdentity makes of its host's name: the same after a restart. */
const LEASE = new RegExp(quoted("name", "(apiserver-[a-z2-7]{26})"));
const NAMESPACE = new RegExp(quoted("namespace", "kube-system"));
const RESOURCE = new RegExp(quoted("resource", "leases"));
const REFERENCE = /objectRef\\*"\s*:\s*\{([^{}]*)$/;
const VERBS = new RegExp(quoted("verb", "(\\w{1,20})"), "g");
const USERS = new RegExp(quoted("username", '([^"\\\\]{1,200})'), "g");

/**
 * Which API server wrote a log. Each renews a Lease of its own in kube-system, by its own loopback client, which no other API
 * server's log has: whose Lease it is proves whose log it is. "" where none is found, or several: then it is of several.
 */
export function serverIn(bytes: Uint8Array): string {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let found = "";
  let at = all.indexOf(MARK);
  for (let places = 0; at >= 0 && places < MOST_PLACES; places += 1) {
    const name = leaseAt(all, at);
    if (name !== "" && found !== "" && name !== found) return "";
    found ||= name;
    at = all.indexOf(MARK, at + MARK.length);
  }
  return found;
}

/** The Lease that is renewed there, if one is. */
function leaseAt(all: Buffer, at: number): string {
  const before = all.toString("latin1", Math.max(0, at - BEFORE), at);
  const [, inside] = REFERENCE.exec(before.slice(-AFTER)) ?? [];
  if (inside === undefined) return "";
  const [rest = ""] = all.toString("latin1", at, at + AFTER).split("}", 1);
  const reference = inside + rest;
  if (!RESOURCE.test(reference) || !NAMESPACE.test(reference)) return "";
  const isOwn = lastOf(VERBS, before) === "update" && lastOf(USERS, before) === "system:apiserver";
  return isOwn ? (LEASE.exec(reference)?.[1] ?? "") : "";
}

function lastOf(pattern: RegExp, text: string): string {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? "";
}
