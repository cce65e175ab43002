import { serviceAccountOf, serviceAccountUser } from "../events/service-account.ts";
import type { Identity } from "./authorizer.ts";

/** Whom rights are worked out for. */
export type Subject =
  | { readonly kind: "User"; readonly name: string }
  | { readonly kind: "Group"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

/** The username of a service account means the account. */
export function subjectOfUser(user: string): Subject {
  const account = serviceAccountOf(user);
  return account === null ? { kind: "User", name: user } : { kind: "ServiceAccount", ...account };
}

/** The user a subject stands for; null for a group. */
export function userOf(subject: Subject): string | null {
  if (subject.kind === "Group") return null;
  return subject.kind === "User" ? subject.name : serviceAccountUser(subject);
}

export function isSubject(subject: Subject, { user, groups }: Identity): boolean {
  return subject.kind === "Group" ? groups.includes(subject.name) : user === userOf(subject);
}

/** As people write it: `user alice`, `service account ci/deployer`, `group devs`. */
export function subjectText(subject: Subject): string {
  if (subject.kind === "ServiceAccount") return `service account ${subject.namespace}/${subject.name}`;
  return `${subject.kind === "User" ? "user" : "group"} ${subject.name}`;
}

/** The groups a user has by being one, for logs that leave groups out. */
export function withOwnGroups({ user, groups }: Identity): Identity {
  if (groups.length > 0 || user === "") return { user, groups };
  if (user === "system:anonymous") return { user, groups: ["system:unauthenticated"] };
  const account = serviceAccountOf(user);
  const own = account === null ? [] : ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`];
  return { user, groups: [...own, "system:authenticated"] };
}
