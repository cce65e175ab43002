import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import type { Access } from "../../src/rbac/access.ts";
import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { type LeastOptions, leastRights, type SubjectRights } from "../../src/rbac/least.ts";
import { headerNotes } from "../../src/rbac/notes.ts";
import { planRoles } from "../../src/rbac/plan.ts";
import { type Right, rightKey, rightText } from "../../src/rbac/right.ts";
import { type Subject, subjectOfUser } from "../../src/rbac/subject.ts";
import { yamlOf } from "../../src/rbac/write-yaml.ts";
import { objectsIn } from "./manifests.ts";
import { neededRights, superfluousParts } from "./minimal.ts";
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

/** What the rules for one user do to the requests of a log. */
export interface Proof {
  readonly user: string;
  readonly yaml: string;
  readonly rules: number;
  /** Allowed in the log, not by the rules. */
  readonly lost: readonly string[];
  /** Only ever refused in the log, allowed by the rules, though RBAC could tell it apart; and where it could not. */
  readonly gained: readonly string[];
  readonly inseparable: readonly string[];
  /** Parts of rules that nothing needs. */
  readonly superfluous: readonly string[];
}

/** Proofs for everybody in a log: requests are read with JSON.parse, rules from the YAML, and decided by our authorizer. */
export async function* proofsOf(files: readonly string[]): AsyncGenerator<Proof, void, void> {
  const requests = distinct(requestsIn(files).filter((event) => decisionOf(event) !== ""));
  const engine = createEngine({ inputs: files });
  await engine.loaded();
  try {
    const users = [...usersOf(requests)];
    // Of everybody at once where that can be read at once: the log is then read once.
    const accesses = await accessesOf(engine, users.map(subjectOfUser));
    for (const user of users) {
      const own = accesses ?? (await accessesOf(engine, [subjectOfUser(user)]));
      if (own === null) throw new Error(`not all events of ${user} were read`);
      yield proofFor(own, user, requests);
    }
  } finally {
    await engine.close();
  }
}

export function usersOf(requests: readonly AuditEvent[]): ReadonlySet<string> {
  return new Set(requests.flatMap((event) => [effectiveUser(event), event.user.username ?? ""]));
}

/** A request for the same by the same user, whenever it came. */
export function tupleOf(event: AuditEvent): string {
  return `${effectiveUser(event)} ${rightText(attributesOf(event))}`;
}

/** One of those that the authorizer cannot tell apart. */
function distinct(events: readonly AuditEvent[]): readonly AuditEvent[] {
  const keyOf = (event: AuditEvent): string =>
    JSON.stringify([tupleOf(event), event.user, event.impersonatedUser, decisionOf(event), isStarting(event)]);
  return [...new Map(events.map((event) => [keyOf(event), event])).values()];
}

/** The YAML for these subjects, as the program writes it. */
export async function yamlFor(engine: Engine, subjects: readonly Subject[]): Promise<string> {
  const accesses = await accessesOf(engine, subjects);
  if (accesses === null) throw new Error("not all events were read");
  return leastFor(accesses, subjects).yaml;
}

/** Null when not all of it was read. */
async function accessesOf(engine: Engine, subjects: readonly Subject[]): Promise<readonly Access[] | null> {
  const ask = { filter: MATCH_ALL, subjects, names: true, evidence: true };
  const { accesses, unread, unknown } = await engine.ask("accesses", ask);
  return unread + unknown > 0 ? null : accesses;
}

function leastFor(
  accesses: readonly Access[],
  subjects: readonly Subject[],
): { readonly rights: readonly SubjectRights[]; readonly yaml: string } {
  const rights = subjects.map((subject) => leastRights(subject, accesses, LEAST));
  const roles = planRoles(rights);
  return { rights, yaml: [...yamlOf(headerNotes(rights, roles), roles)].join("") };
}

function proofFor(accesses: readonly Access[], user: string, requests: readonly AuditEvent[]): Proof {
  const subject = subjectOfUser(user);
  const { rights, yaml } = leastFor(accesses, [subject]);
  const objects = objectsIn(yaml);
  const authorizer = new RbacAuthorizer(objects);
  const own = requests.filter((event) => effectiveUser(event) === user);
  const allowed = own.filter((event) => decisionOf(event) === "allow");
  const tuples = new Set(allowed.map(tupleOf));
  const refused = own.filter(
    (event) => decisionOf(event) === "forbid" && !isStarting(event) && !tuples.has(tupleOf(event)),
  );
  const isGranted = (event: AuditEvent): boolean => isAllowed(authorizer, asItself(event));
  const gained = refused.filter(isGranted);
  const rightsAllowed = allowed.map(attributesOf);
  const isTold = (event: AuditEvent): boolean =>
    !rightsAllowed.some((right) => isInseparable(right, attributesOf(event)));
  return {
    user,
    yaml,
    rules: objects.roles.reduce((sum, { rules }) => sum + rules.length, 0),
    lost: allowed.filter((event) => !isGranted(event)).map(tupleOf),
    gained: gained.filter(isTold).map(tupleOf),
    inseparable: gained.filter((event) => !isTold(event)).map(tupleOf),
    superfluous: superfluousParts(objects, subject, rights.flatMap(neededRights)),
  };
}

/** The request as if the effective user had sent it: that it could act as that user is another's right. */
function asItself({ impersonatedUser, ...event }: AuditEvent): AuditEvent {
  return { ...event, user: impersonatedUser ?? event.user };
}

/** No rule allows the first and refuses the second: the one counts wherever the other does, and names nothing else. */
export function isInseparable(allowed: Right, refused: Right): boolean {
  const place = { namespace: "", name: "" };
  return (
    rightKey({ ...allowed, ...place }) === rightKey({ ...refused, ...place }) &&
    (allowed.namespace === "" || allowed.namespace === refused.namespace) &&
    (allowed.name === "" || allowed.name === refused.name)
  );
}
