import type { RequestAttributes } from "../events/request-attributes.ts";
import type { Access } from "./access.ts";
import { aggregatedParts } from "./aggregation.ts";
import type { RbacAuthorizer } from "./authorizer.ts";
import { byText } from "./compact.ts";
import { isDefault } from "./drift.ts";
import { added, NEVER, type Tally } from "./ledger.ts";
import type { Binding, RbacObjects, Role } from "./objects.ts";
import { outcomeOf } from "./outcome.ts";
import { allowedBy, type Authorizer, bindingName, parseGrant } from "./reason.ts";
import { rightText } from "./right.ts";
import { questionsOf } from "./implied.ts";

/** What a binding allowed in a log, by the reasons it was named in. */
export interface BindingRow extends Tally {
  /** "rbac", or whoever else allowed: then there is no binding. */
  readonly authorizer: Authorizer;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly role: string;
  readonly users: readonly string[];
  readonly verbs: readonly string[];
  /** The annotations that named it, as they stand. */
  readonly reasons: readonly string[];
  /** Requests it would have allowed, had it come first; and of those the ones nothing else allows. Null: no objects given. */
  readonly could: number | null;
  readonly only: number | null;
}

interface Counted {
  row: Omit<BindingRow, "users" | "verbs" | "reasons" | "requests" | "firstUs" | "lastUs">;
  tally: Tally | null;
  readonly users: Set<string>;
  readonly verbs: Set<string>;
  readonly reasons: Set<string>;
}

function counting(row: Counted["row"]): Counted {
  return { row, tally: null, users: new Set(), verbs: new Set(), reasons: new Set() };
}

/** Most used first; with objects also what no request needed. */
export function bindingRows(accesses: readonly Access[], given: GivenBindings | null): readonly BindingRow[] {
  const counted = new Map<string, Counted>();
  for (const access of accesses) {
    if (outcomeOf(access) !== "allowed") continue;
    const row = namedRow(access);
    const key = bindingKey(row);
    const known = counted.get(key) ?? counting(row);
    known.tally = added(known.tally, access);
    known.users.add(access.user);
    known.verbs.add(access.attributes.verb);
    known.reasons.add(access.authReason);
    counted.set(key, known);
  }
  for (const { binding, could, only } of given?.simulated(accesses) ?? []) {
    const { kind, namespace, name } = binding;
    const own = { authorizer: "rbac" as const, kind, namespace, name };
    const known = counted.get(bindingKey(own));
    const role = `${binding.roleKind} ${binding.roleName}`;
    // Kubernetes' own come back at every start of an API server.
    if (known === undefined && could === 0 && binding.subjects.every((each) => isDefault(binding, each))) continue;
    if (known === undefined) counted.set(bindingKey(own), counting({ ...own, role, could, only }));
    else known.row = { ...known.row, could, only };
  }

  return [...counted.values()]
    .map(({ row, tally, users, verbs, reasons }): BindingRow => ({
      ...row,
      ...(tally ?? NEVER),
      users: [...users].sort(byText),
      verbs: [...verbs].sort(byText),
      reasons: [...reasons],
    }))
    .sort((a, b) => b.requests - a.requests || byText(bindingKey(a), bindingKey(b)));
}

function namedRow(access: Access): Counted["row"] {
  const grant = parseGrant(access.authReason);
  const authorizer = allowedBy(access);
  if (grant === null) {
    return { authorizer, kind: "", namespace: "", name: "", role: "", could: null, only: null };
  }
  const { bindingKind: kind, binding: name, bindingNamespace: namespace, roleKind, role } = grant;
  return { authorizer, kind, namespace, name, role: `${roleKind} ${role}`, could: null, only: null };
}

function bindingKey(row: Pick<BindingRow, "authorizer" | "kind" | "namespace" | "name">): string {
  return JSON.stringify([row.authorizer, row.kind, row.namespace, row.name]);
}

export interface SimulatedBinding {
  readonly binding: Binding;
  readonly could: number;
  readonly only: number;
}

/** Bindings as a cluster has them, to be held against a log. */
export class GivenBindings {
  private readonly objects: RbacObjects;
  private readonly authorizer: RbacAuthorizer;

  constructor(objects: RbacObjects, authorizer: RbacAuthorizer) {
    this.objects = objects;
    this.authorizer = authorizer;
  }

  /** Which requests each binding would allow, and which only it. */
  simulated(accesses: readonly Access[]): readonly SimulatedBinding[] {
    const counts = new Map(this.objects.bindings.map((binding) => [binding, { could: 0, only: 0 }]));
    for (const access of accesses) {
      if (outcomeOf(access) !== "allowed") continue;
      const could = new Set<Binding>();
      const only = new Set<Binding>();
      for (const { identity, right } of questionsOf(access)) {
        const allowing = new Set(this.authorizer.allAllowing(identity, right).map(({ binding }) => binding));
        for (const binding of allowing) (allowing.size === 1 ? only : could).add(binding);
      }
      for (const [binding, count] of counts) {
        if (only.has(binding)) count.only += access.requests;
        if (only.has(binding) || could.has(binding)) count.could += access.requests;
      }
    }
    return [...counts].map(([binding, count]) => ({ binding, ...count }));
  }

  /** Roles of which no binding would have allowed anything; Kubernetes' own apart. */
  unusedRoles(simulated: readonly SimulatedBinding[]): readonly Role[] {
    const used = new Set(
      simulated
        .filter(({ could }) => could > 0)
        .map(({ binding }) => refKey(binding.roleKind, binding.namespace, binding.roleName)),
    );
    const parts = aggregatedParts(this.objects.roles);
    return this.objects.roles.filter(
      (role) =>
        !role.labels.has("kubernetes.io/bootstrapping") &&
        !parts.has(role) &&
        !used.has(refKey(role.kind, role.namespace, role.name)),
    );
  }
}

function refKey(kind: string, namespace: string, name: string): string {
  return JSON.stringify([kind, kind === "ClusterRole" ? "" : namespace, name]);
}

/** One thing that a binding allowed. */
export interface UseRow extends Tally {
  readonly binding: string;
  readonly role: string;
  readonly user: string;
  /** The real user, where it acted as another. */
  readonly asFrom: string;
  readonly as: string;
  readonly what: string;
  readonly namespace: string;
  /** What was asked, and the annotation, of one of these requests. */
  readonly attributes: RequestAttributes;
  readonly authReason: string;
}

/** Everything that bindings of this name (`NAME` or `NAMESPACE/NAME`, with its kind or without) allowed: by whom, how often, when last. */
export function usesOf(accesses: readonly Access[], wanted: string): readonly UseRow[] {
  const counted = new Map<string, UseRow>();
  for (const access of accesses) {
    const grant = outcomeOf(access) === "allowed" ? parseGrant(access.authReason) : null;
    if (grant === null) continue;
    const binding = bindingName(grant);
    if (![grant.binding, binding, binding.slice(binding.indexOf(" ") + 1)].includes(wanted)) continue;
    const { user, asFrom, attributes, authReason } = access;
    const { namespace } = attributes;
    const row = {
      binding,
      role: `${grant.roleKind} ${grant.role}`,
      user,
      asFrom,
      as: `${grant.subjectKind} ${grant.subjectNamespace === "" ? "" : `${grant.subjectNamespace}/`}${grant.subject}`,
      what: rightText({ ...attributes, namespace: "" }),
      namespace,
    };
    const key = JSON.stringify(row);
    counted.set(key, { ...row, attributes, authReason, ...added(counted.get(key) ?? null, access) });
  }
  return [...counted.values()].sort((a, b) => b.requests - a.requests || byText(JSON.stringify(a), JSON.stringify(b)));
}
