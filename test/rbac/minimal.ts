import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import type { SubjectRights } from "../../src/rbac/least.ts";
import type { PolicyRule, RbacObjects, Role } from "../../src/rbac/objects.ts";
import { type Right, rightKey } from "../../src/rbac/right.ts";
import { type Subject, userOf } from "../../src/rbac/subject.ts";

/** What a subject was allowed, and what that implies for certain, unless exactly that was refused. */
export function neededRights({ ledger, optional }: SubjectRights): readonly Right[] {
  const left = new Set(optional.map(({ right }) => rightKey(right)));
  return [...ledger.entries.values()]
    .filter(({ right, allowed, implied }) => allowed !== null || (implied.size > 0 && !left.has(rightKey(right))))
    .map(({ right }) => right);
}

type ListName = keyof PolicyRule;

/**
 * Parts of roles without which every needed right is still allowed: whole rules, and single verbs, groups, resources, names and
 * paths of them. Tried by taking each away.
 */
export function superfluousParts(objects: RbacObjects, subject: Subject, needed: readonly Right[]): readonly string[] {
  const identity = { user: userOf(subject) ?? "", groups: subject.kind === "Group" ? [subject.name] : [] };
  const faults: string[] = [];
  for (const role of objects.roles) {
    // What another role allows as well needs no look: it cannot be lost.
    const others = authorizerWith(objects, role, []);
    const own = needed.filter((right) => others.allowedBy(identity, right) === null);
    const isMissed = (rules: readonly PolicyRule[]): boolean => {
      const authorizer = authorizerWith(objects, role, rules);
      return own.some((right) => authorizer.allowedBy(identity, right) === null);
    };
    for (const [at, rule] of role.rules.entries()) {
      if (!isMissed(role.rules.toSpliced(at, 1))) faults.push(`${role.name}: rule ${JSON.stringify(rule)}`);
      for (const list of Object.keys(rule) as ListName[]) {
        for (const value of rule[list].length < 2 ? [] : rule[list]) {
          const less = { ...rule, [list]: rule[list].filter((each) => each !== value) };
          if (!isMissed(role.rules.with(at, less)))
            faults.push(`${role.name}: ${list} ${value} of ${JSON.stringify(rule)}`);
        }
      }
    }
  }
  return faults;
}

function authorizerWith({ roles, bindings }: RbacObjects, role: Role, rules: readonly PolicyRule[]): RbacAuthorizer {
  return new RbacAuthorizer({ roles: roles.map((each) => (each === role ? { ...role, rules } : each)), bindings });
}
