import { afterAll, expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { type LeastOptions, leastRights, type SubjectRights } from "../../src/rbac/least.ts";
import { headerNotes } from "../../src/rbac/notes.ts";
import { planRoles } from "../../src/rbac/plan.ts";
import { rightText } from "../../src/rbac/right.ts";
import { type Subject, subjectOfUser } from "../../src/rbac/subject.ts";
import { yamlOf } from "../../src/rbac/write-yaml.ts";
import { logsIn } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";
import { neededRights, superfluousParts } from "./minimal.ts";
import { objectsIn } from "./manifests.ts";
import {
  type AuditEvent,
  attributesOf,
  decisionOf,
  effectiveUser,
  isAllowed,
  isStarting,
  requestsIn,
} from "./raw-requests.ts";

export const LEAST: LeastOptions = {
  implied: false,
  withoutDefaults: false,
  mostNames: 5,
  expand: [],
  expandNamespaces: false,
  refused: false,
};

/** A request for the same by the same user, whenever it came. */
function tupleOf(event: AuditEvent): string {
  return `${effectiveUser(event)} ${rightText(attributesOf(event))}`;
}

/** One of those that the authorizer cannot tell apart. */
function distinct(events: readonly AuditEvent[]): readonly AuditEvent[] {
  const keyOf = (event: AuditEvent): string =>
    JSON.stringify([tupleOf(event), event.user, event.impersonatedUser, decisionOf(event), isStarting(event)]);
  return [...new Map(events.map((event) => [keyOf(event), event])).values()];
}

/**
 * What nobody can keep refused: somebody was refused a thing in one namespace, then became allowed to do it in all. RBAC has no
 * rule for all namespaces but one.
 */
const UNAVOIDABLE: readonly string[] = ["mallory@example.com list secrets in demo"];

describeShared(
  "least rights of everybody in a recorded cluster",
  ["data/cluster/R", "data/cluster/V/audit.log.gz", "data/cluster/X1/X1.log.gz"],
  (r, v, x1) => {
    const logs = { R: logsIn(r), V: [v], X1: [x1] } as const;
    let engine: Engine;
    afterAll(() => engine.close());

    it.each(Object.entries(logs))(
      "allow what was allowed in %s, nothing refused, and nothing for nothing",
      async (_, files) => {
        engine = createEngine({ inputs: files });
        await engine.loaded();
        const requests = distinct(requestsIn(files).filter((event) => decisionOf(event) !== ""));
        const allowed = requests.filter((event) => decisionOf(event) === "allow");
        const allowedTuples = new Set(allowed.map(tupleOf));
        const refused = requests.filter(
          (event) => decisionOf(event) === "forbid" && !isStarting(event) && !allowedTuples.has(tupleOf(event)),
        );
        const users = new Set(requests.flatMap((event) => [effectiveUser(event), event.user.username ?? ""]));
        const faults: string[] = [];
        for (const user of users) {
          const { rights, yaml } = await leastOf(engine, subjectOfUser(user));
          const objects = objectsIn(yaml);
          const authorizer = new RbacAuthorizer(objects);
          const own = (event: AuditEvent): boolean => effectiveUser(event) === user;
          const asItself = (event: AuditEvent): AuditEvent => ({
            ...event,
            user: event.impersonatedUser ?? event.user,
          });
          for (const event of allowed.filter(own)) {
            const { impersonatedUser: _none, ...plain } = asItself(event);
            if (!isAllowed(authorizer, plain)) faults.push(`lost ${tupleOf(event)}`);
          }
          for (const event of refused.filter(own)) {
            const { impersonatedUser: _none, ...plain } = asItself(event);
            if (isAllowed(authorizer, plain) && !UNAVOIDABLE.includes(tupleOf(event)))
              faults.push(`now ${tupleOf(event)}`);
          }
          faults.push(...superfluousParts(objects, subjectOfUser(user), neededRights(rights)));
        }
        await engine.close();
        expect(users.size).toBeGreaterThan(20);
        expect(faults).toEqual([]);
      },
    );

    it("stay exact when everybody is asked for at once", async () => {
      engine = createEngine({ inputs: logs.R });
      await engine.loaded();
      const requests = requestsIn(logs.R).filter((event) => decisionOf(event) !== "");
      const subjects = [...new Set(requests.flatMap((event) => [effectiveUser(event), event.user.username ?? ""]))].map(
        subjectOfUser,
      );
      const { accesses } = await engine.ask("accesses", { filter: MATCH_ALL, subjects, names: true, evidence: true });
      const roles = planRoles(subjects.map((subject) => leastRights(subject, accesses, LEAST)));
      const authorizer = new RbacAuthorizer(objectsIn([...yamlOf([], roles)].join("")));
      const lost = requests.filter((event) => decisionOf(event) === "allow" && !isAllowed(authorizer, event));
      expect(lost.map(tupleOf)).toEqual([]);
    });
  },
);

async function leastOf(
  engine: Engine,
  subject: Subject,
): Promise<{ readonly rights: SubjectRights; readonly yaml: string }> {
  const ask = { filter: MATCH_ALL, subjects: [subject], names: true, evidence: true };
  const { accesses, unread } = await engine.ask("accesses", ask);
  expect(unread).toBe(0);
  const rights = leastRights(subject, accesses, LEAST);
  const roles = planRoles([rights]);
  return { rights, yaml: [...yamlOf(headerNotes([rights], roles), roles)].join("") };
}
