import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Access } from "../../src/rbac/access.ts";
import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { leastRights, type LeastOptions } from "../../src/rbac/least.ts";
import { headerNotes } from "../../src/rbac/notes.ts";
import { outcomeOf } from "../../src/rbac/outcome.ts";
import { planRoles } from "../../src/rbac/plan.ts";
import { type Right, rightText } from "../../src/rbac/right.ts";
import { subjectOfUser, type Subject } from "../../src/rbac/subject.ts";
import { yamlOf } from "../../src/rbac/write-yaml.ts";
import { accessOf } from "./accesses.ts";
import { objectsIn } from "./manifests.ts";
import { neededRights, superfluousParts } from "./minimal.ts";
import { isInseparable, LEAST } from "./proof.ts";
import { runs } from "../support/runs.ts";

function yamlFor(
  subjects: readonly Subject[],
  accesses: readonly Access[],
  options: Partial<LeastOptions> = {},
): string {
  const rights = subjects.map((subject) => leastRights(subject, accesses, { ...LEAST, ...options }));
  const roles = planRoles(rights);
  return [...yamlOf(headerNotes(rights, roles), roles)].join("");
}

/** Few enough of everything that requests meet, and some that anything might choke on. */
const names = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("", "a", "b", "c", "web-7d4b9c5f6-x2x9z") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.toWellFormed()) },
);
const users = fc.oneof(
  { weight: 8, arbitrary: fc.constant("alice") },
  { weight: 1, arbitrary: fc.constantFrom("system:serviceaccount:demo:bot", "sneaky\n- kind: User", "system:node:n1") },
);

const accesses: fc.Arbitrary<Access> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record({
        user: users,
        verb: fc.constantFrom("get", "get", "list", "create", "update", "patch", "deletecollection"),
        apiGroup: fc.constantFrom("", "", "", "apps"),
        resource: fc.constantFrom("pods", "pods", "pods", "configmaps", "namespaces", "*"),
        subresource: fc.constantFrom("", "", "", "exec"),
        namespace: fc.constantFrom("", "one", "one", "two"),
        name: names,
        decision: fc.constantFrom("allow", "allow", "forbid", ""),
        code: fc.constantFrom(200, 200, 201, 403, 404, 429, null),
        starting: fc.constantFrom(false, false, true),
      })
      .map(accessOf),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        user: users,
        verb: fc.constantFrom("get", "post"),
        path: fc.constantFrom("/version", "/metrics", "/healthz/etcd", "/odd*"),
        decision: fc.constantFrom("allow", "forbid"),
      })
      .map(accessOf),
  },
);
const logs = fc.array(accesses, { minLength: 1, maxLength: 60, size: "max" });
const mostNames = fc.constantFrom(0, 1, 2, 5);

/** A rule cannot say these without saying more. */
function isWildcard({ isResourceRequest, resource, path }: Right): boolean {
  return isResourceRequest ? resource === "*" : path.endsWith("*");
}

/** Where the API server lets a Role be. */
function isNamespace(text: string): boolean {
  return /^[a-z0-9-]{1,63}$/.test(text) && !/^-|-$/.test(text);
}

describe("least rights", () => {
  it("allow what was allowed, keep refused what can be, and need every part of every rule", () => {
    fc.assert(
      fc.property(logs, mostNames, (log, most) => {
        const subject = subjectOfUser("alice");
        const own = log.filter(({ user }) => user === "alice");
        const allowed = own.filter((access) => outcomeOf(access) === "allowed").map(({ attributes }) => attributes);
        const refused = own.filter((access) => outcomeOf(access) === "refused").map(({ attributes }) => attributes);
        const rights = leastRights(subject, log, { ...LEAST, mostNames: most });
        const objects = objectsIn(yamlFor([subject], log, { mostNames: most }));
        const authorizer = new RbacAuthorizer(objects);
        const isGranted = (right: Right): boolean =>
          authorizer.allowedBy({ user: "alice", groups: [] }, right) !== null;
        const needed = neededRights(rights).filter((right) => !isWildcard(right));
        expect(allowed.filter((right) => !isWildcard(right) && !isGranted(right))).toEqual([]);
        const wrong = refused.filter((right) => isGranted(right) && !allowed.some((own) => isInseparable(own, right)));
        expect(wrong.map(rightText)).toEqual([]);
        expect(superfluousParts(objects, subject, needed)).toEqual([]);
        const places = [...objects.roles, ...objects.bindings].map(({ namespace }) => namespace);
        expect(places.filter((place) => place !== "" && !isNamespace(place))).toEqual([]);
      }),
      { numRuns: runs(150) },
    );
  });

  it("are the same for each of several subjects as for it alone", () => {
    fc.assert(
      fc.property(logs, (log) => {
        const subjects = [...new Set(log.map(({ user }) => user))].map(subjectOfUser);
        const together = new RbacAuthorizer(objectsIn(yamlFor(subjects, log)));
        for (const { user, attributes } of log) {
          const alone = new RbacAuthorizer(objectsIn(yamlFor([subjectOfUser(user)], log)));
          for (const { attributes: asked } of [{ attributes }, ...log]) {
            const identity = { user, groups: [] };
            expect(together.allowedBy(identity, asked) === null).toBe(alone.allowedBy(identity, asked) === null);
          }
        }
      }),
      { numRuns: runs(15) },
    );
  });

  it("grow only by flags, and never over what was refused", () => {
    fc.assert(
      fc.property(logs, fc.boolean(), fc.boolean(), (log, reads, expandNamespaces) => {
        const subject = subjectOfUser("alice");
        const more = { expand: reads ? (["reads", "writes"] as const) : [], expandNamespaces };
        const least = new RbacAuthorizer(objectsIn(yamlFor([subject], log)));
        const wide = new RbacAuthorizer(objectsIn(yamlFor([subject], log, more)));
        const identity = { user: "alice", groups: [] };
        for (const access of log) {
          const before = least.allowedBy(identity, access.attributes) !== null;
          const after = wide.allowedBy(identity, access.attributes) !== null;
          expect(before && !after).toBe(false);
          if (access.user === "alice" && outcomeOf(access) === "refused") expect(after).toBe(before);
        }
      }),
      { numRuns: runs(60) },
    );
  });
});
