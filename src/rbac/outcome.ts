import type { Access } from "./access.ts";
import { refusedRight, type Right } from "./right.ts";

/** What came of asking the authorizer. */
export type Outcome =
  /** It allowed, whatever came of the request afterwards. */
  | "allowed"
  | "refused"
  /** Refused while the API server had not read its roles yet: says nothing about rights. */
  | "starting"
  /** Nobody asked it, or the log does not tell: not authenticated, throttled, in flight, a fault before it. */
  | "unasked";

/** Answers that come from behind the authorizer. Others of 400 and above may come from before it. */
const BEHIND: readonly number[] = [404, 405, 406, 409, 410, 411, 412, 413, 415, 416, 422];

/** Logs of managed clusters lack the decision: there the answer tells. */
export function outcomeOf(access: Pick<Access, "decision" | "code" | "starting" | "evidence">): Outcome {
  const { decision, code, starting, evidence } = access;
  if (decision === "allow") return "allowed";
  if (decision === "forbid") return starting ? "starting" : "refused";
  if (code === null) return "unasked";
  if (code < 400 || BEHIND.includes(code)) return "allowed";
  if (code !== 403) return "unasked";
  // Admission answers 403 too; without a message nobody can tell.
  const messages = evidence.map(({ message }) => message).filter((message) => message !== "");
  return messages.length > 0 && messages.every((message) => refusedRight(message) === null) ? "unasked" : "refused";
}

/**
 * What was refused to the real user before the request itself was asked about: acting as somebody else. Such a request has
 * no decision, and its user is the real one.
 */
export function refusedImpersonation({ decision, code, evidence }: Access): Right | null {
  if (decision !== "" || code !== 403) return null;
  for (const { message } of evidence) {
    const right = refusedRight(message);
    if (right?.verb.startsWith("impersonate") === true) return right;
  }
  return null;
}
