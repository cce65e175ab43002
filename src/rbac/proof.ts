import { RbacAuthorizer } from "./authorizer.ts";
import type { Entry } from "./ledger.ts";
import type { SubjectRights } from "./least.ts";
import { objectsOf, type PlannedRole } from "./plan.ts";
import type { Right } from "./right.ts";
import { userOf } from "./subject.ts";

/** Refused rights that the roles grant to the subject; those that grant what was refused on purpose do not count. */
export function allowedAfter({ subject, ledger }: SubjectRights, roles: readonly PlannedRole[]): readonly Right[] {
  const authorizer = new RbacAuthorizer(objectsOf(roles.filter(({ isRefused }) => !isRefused)));
  const user = userOf(subject);
  const identity = user === null ? { user: "", groups: [subject.name] } : { user, groups: [...ledger.groups] };
  return [...ledger.entries.values()]
    .filter((entry) => isOnlyRefused(entry) && authorizer.allowedBy(identity, entry.right) !== null)
    .map(({ right }) => right);
}

function isOnlyRefused({ allowed, refused }: Entry): boolean {
  return refused !== null && allowed === null;
}
