import { createHash } from "node:crypto";
import type { Subject } from "./subject.ts";

/** Role names are parts of URLs: without these anything goes. What is not ASCII is kept out of shells and eyes. */
const UNSAFE = /[^\x21-\x7e]|[/%"'`\\$]/gu;
const LONGEST = 180;

export interface RoleUse {
  /** Grants what was refused. */
  readonly isRefused: boolean;
  /** A ClusterRole that is bound per namespace. */
  readonly isShared: boolean;
  /** 1 for the first of a kind. */
  readonly number: number;
}

/**
 * The same for a subject in every log, so that applying again updates instead of adding. What the role is for stands before
 * the first colon, where no subject can put anything; a name that had to be altered ends in a hash of the true one.
 */
export function roleName(subject: Subject, { isRefused, isShared, number }: RoleUse): string {
  const use = `${isRefused ? "-refused" : ""}${isShared ? "-in" : ""}${number > 1 ? `-${number}` : ""}`;
  const parts = subject.kind === "ServiceAccount" ? [subject.namespace, subject.name] : [subject.name];
  const whole = [subject.kind.toLowerCase(), ...parts].join(":");
  const safe = whole.replaceAll(UNSAFE, "_").slice(0, LONGEST);
  return `ktrail${use}:${safe === whole ? whole : `${safe}-${hash(whole)}`}`;
}

/** Nobody may find a second name with the hash of a first. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
