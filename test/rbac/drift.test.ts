import { describe, expect, it } from "vitest";
import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { bindingRows, GivenBindings, usesOf } from "../../src/rbac/bindings.ts";
import { driftOf } from "../../src/rbac/drift.ts";
import { Ledger } from "../../src/rbac/ledger.ts";
import { matrixOf } from "../../src/rbac/matrix.ts";
import { accessOf } from "./accesses.ts";
import { objectsIn } from "./manifests.ts";

const EXISTING = `
apiVersion: v1
kind: List
items:
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata: {name: edit}
  rules:
  - {apiGroups: ["", apps], resources: [configmaps, secrets], verbs: [get, list, delete]}
  - {apiGroups: [""], resources: [pods], resourceNames: [a, b], verbs: [get]}
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata: {name: cluster-admin}
  rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: Role
  metadata: {name: unbound, namespace: demo}
  rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata: {name: admins}
  roleRef: {kind: ClusterRole, name: cluster-admin}
  subjects: [{kind: Group, name: admins}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata: {name: cluster-admin}
  roleRef: {kind: ClusterRole, name: cluster-admin}
  subjects: [{kind: Group, name: "system:masters"}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleBinding
  metadata: {name: one, namespace: one}
  roleRef: {kind: ClusterRole, name: edit}
  subjects: [{kind: User, name: alice}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleBinding
  metadata: {name: two, namespace: two}
  roleRef: {kind: ClusterRole, name: edit}
  subjects: [{kind: User, name: alice}]
`;
const objects = objectsIn(EXISTING);
const authorizer = new RbacAuthorizer(objects);
const alice = { kind: "User", name: "alice" } as const;

const log = [
  accessOf({ verb: "get", resource: "configmaps", namespace: "one", name: "x", requests: 7 }),
  accessOf({ verb: "get", resource: "pods", namespace: "one", name: "a" }),
  accessOf({ verb: "delete", resource: "nodes", name: "n1", requests: 2 }),
  accessOf({ verb: "list", resource: "secrets", namespace: "three", decision: "forbid", code: 403 }),
  accessOf({ user: "root", groups: ["admins"], verb: "list", resource: "secrets", namespace: "one" }),
];

describe("drift", () => {
  it("tells a rule of very many combinations as it is, unless nothing of it was used", () => {
    const many = (name: string): string[] => Array.from({ length: 80 }, (_, at) => `${name}${String(at)}`);
    const big = (name: string, ...verbs: readonly string[]): string =>
      JSON.stringify({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name },
        rules: [{ apiGroups: ["", ...many("g")], resources: ["pods", ...many("r")], verbs: [...verbs, ...many("v")] }],
      });
    const bound = (name: string): string =>
      JSON.stringify({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { kind: "ClusterRole", name },
        subjects: [{ kind: "User", name: "alice" }],
      });
    const given = objectsIn([big("used", "get"), bound("used"), big("idle", "list"), bound("idle")].join("\n---\n"));
    const rows = driftOf(new Ledger(alice, log), new RbacAuthorizer(given)).filter(({ kind }) => kind !== "missing");
    expect(rows.map(({ kind, role, usedAs }) => [kind, role, usedAs])).toEqual([
      ["unused", "ClusterRole idle", ""],
      ["wide", "ClusterRole used", "used for get on pods only"],
    ]);
  });

  it("is what is granted and never used, by verb, group, resource and name, and what is used and not granted", () => {
    const rows = driftOf(new Ledger(alice, log), authorizer).map(({ kind, bindings, rule, requests }) => {
      const { verbs, apiGroups, resources, resourceNames } = rule;
      return [
        kind,
        bindings.join(" "),
        apiGroups.join(),
        resources.join(),
        verbs.join(),
        resourceNames.join(),
        requests,
      ];
    });
    expect(rows).toEqual([
      ["unused", "RoleBinding one/one", "", "secrets", "get,list,delete", "", 0],
      ["unused", "RoleBinding one/one", "apps", "configmaps,secrets", "get,list,delete", "", 0],
      ["unused", "RoleBinding one/one", "", "pods", "get", "b", 0],
      ["unused", "RoleBinding one/one", "", "configmaps", "list,delete", "", 0],
      ["unused", "RoleBinding two/two", ",apps", "configmaps,secrets", "get,list,delete", "", 0],
      ["unused", "RoleBinding two/two", "", "pods", "get", "a,b", 0],
      ["missing", "", "", "nodes", "delete", "n1", 2],
    ]);
  });

  it("tells of wildcards what they were used for, and leaves Kubernetes' own grants alone", () => {
    const root = { kind: "User", name: "root" } as const;
    expect(driftOf(new Ledger(root, log), authorizer)).toMatchObject([
      { kind: "wide", bindings: ["ClusterRoleBinding admins"], usedAs: "used for list on secrets only", requests: 1 },
    ]);
    const master = accessOf({ user: "m", groups: ["system:masters"], verb: "get", resource: "pods" });
    expect(driftOf(new Ledger({ kind: "User", name: "m" }, [master]), authorizer)).toEqual([]);
  });
});

describe("bindings", () => {
  const reason = 'RBAC: allowed by RoleBinding "one/one" of ClusterRole "edit" to User "alice"';
  const named = log.map((access) =>
    access.user === "alice" && access.attributes.namespace === "one" ? { ...access, authReason: reason } : access,
  );

  it("have what they allowed, by whom, and with objects what they would allow", () => {
    const rows = bindingRows(named, new GivenBindings(objects, authorizer)).map(
      ({ kind, namespace, name, requests, users, could, only }) => [
        kind,
        namespace,
        name,
        requests,
        users.join(),
        could,
        only,
      ],
    );
    expect(rows).toEqual([
      ["RoleBinding", "one", "one", 8, "alice", 8, 8],
      ["", "", "", 3, "alice,root", null, null],
      ["ClusterRoleBinding", "", "admins", 0, "", 1, 1],
      ["RoleBinding", "two", "two", 0, "", 0, 0],
    ]);
  });

  it("have uses, found by name and by namespace and name", () => {
    expect(usesOf(named, "one").map(({ what, requests }) => [what, requests])).toEqual([
      ['get configmaps "x"', 7],
      ['get pods "a"', 1],
    ]);
    expect(usesOf(named, "one/one")).toEqual(usesOf(named, "one"));
    expect(usesOf(named, "two/one")).toEqual([]);
  });

  it("tell roles that nobody used", () => {
    const given = new GivenBindings(objects, authorizer);
    expect(given.unusedRoles(given.simulated(named)).map(({ name }) => name)).toEqual(["unbound"]);
  });
});

describe("the matrix", () => {
  it("has what was done, refused and could be done, verb by resource", () => {
    const { verbs, rows } = matrixOf(new Ledger(alice, log), authorizer);
    expect(verbs).toEqual(["get", "list", "delete"]);
    const cells = rows.map(({ apiGroup, resource, cells: own }) => [
      `${resource}.${apiGroup}`,
      ...verbs.map((verb) => {
        const cell = own.get(verb);
        return cell === undefined ? "" : `${cell.done}/${cell.refused}/${String(cell.could)}`;
      }),
    ]);
    expect(cells).toEqual([
      ["configmaps.", "7/0/true", "0/0/true", "0/0/true"],
      ["nodes.", "", "", "2/0/false"],
      ["pods.", "1/0/true", "", ""],
      ["secrets.", "0/0/true", "0/1/true", "0/0/true"],
      ["configmaps.apps", "0/0/true", "0/0/true", "0/0/true"],
      ["secrets.apps", "0/0/true", "0/0/true", "0/0/true"],
    ]);
    expect(matrixOf(new Ledger(alice, log), null).rows.flatMap(({ cells: own }) => [...own.values()])).toContainEqual({
      done: 7,
      refused: 0,
      could: null,
    });
  });
});
