import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowedBy, type Grant, parseGrant, parseReasons } from "../../src/rbac/reason.ts";
import { goQuoted } from "./go-quote.ts";

/** As the RBAC authorizer writes it. */
function grantText(grant: Grant): string {
  const binding = grant.bindingKind === "RoleBinding" ? `${grant.binding}/${grant.bindingNamespace}` : grant.binding;
  const subject = grant.subjectKind === "ServiceAccount" ? `${grant.subject}/${grant.subjectNamespace}` : grant.subject;
  return (
    `${grant.authorizer}: allowed by ${grant.bindingKind} ${goQuoted(binding)} of ${grant.roleKind} ` +
    `${goQuoted(grant.role)} to ${grant.subjectKind} ${goQuoted(subject)}`
  );
}

/** Go strings are UTF-8: no lone surrogates. */
const anyText = fc.string({ unit: "binary", maxLength: 60 });
const name = anyText.map((text) => text.replaceAll("/", "|"));
const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);

const grants: fc.Arbitrary<Grant> = fc
  .record({
    authorizer: fc.constantFrom("RBAC", "EKS Access Policy"),
    bindingKind: fc.constantFrom("ClusterRoleBinding", "RoleBinding"),
    binding: name,
    bindingNamespace: label,
    roleKind: fc.constantFrom("ClusterRole", "Role"),
    role: anyText,
    subjectKind: fc.constantFrom("User", "Group", "ServiceAccount", "Robot"),
    subject: name,
    subjectNamespace: label,
  })
  .map((grant) => ({
    ...grant,
    bindingNamespace: grant.bindingKind === "RoleBinding" ? grant.bindingNamespace : "",
    subjectNamespace: grant.subjectKind === "ServiceAccount" ? grant.subjectNamespace : "",
  }));

describe("reasons", () => {
  it("give back the binding, role and subject that were written, whatever their names", () => {
    fc.assert(
      fc.property(grants, (grant) => {
        expect(parseGrant(grantText(grant))).toEqual(grant);
      }),
    );
  });

  it("are read whatever they are, and nothing of them is lost", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const told = parseReasons(text).flatMap((reason) =>
          "text" in reason ? [reason.text] : reason.kind === "roleErrors" ? reason.errors : [],
        );
        for (const part of told) expect(text).toContain(part);
        expect(parseReasons(text).length === 0).toBe(text.replaceAll("\n", "") === "");
      }),
    );
  });

  it("take a long one in one pass", () => {
    expect(parseGrant(`RBAC: allowed by ClusterRoleBinding "${"\\\\".repeat(1_000_000)}`)).toBeNull();
    expect(parseReasons(`RBAC: [${'role.rbac.authorization.k8s.io "x" not found, '.repeat(10_000)}`)).toHaveLength(1);
  });

  it("know a RoleBinding's namespace though names hold colons", () => {
    const text =
      'RBAC: allowed by RoleBinding "system::extension-apiserver-authentication-reader/kube-system" of Role "extension-apiserver-authentication-reader" to User "system:kube-scheduler"';
    expect(parseGrant(text)).toMatchObject({
      binding: "system::extension-apiserver-authentication-reader",
      bindingNamespace: "kube-system",
    });
  });

  it("know the roles that bindings point at in vain", () => {
    expect(parseReasons('RBAC: clusterrole.rbac.authorization.k8s.io "x, \\"y\\"" not found')).toEqual([
      {
        kind: "roleErrors",
        errors: ['clusterrole.rbac.authorization.k8s.io "x, \\"y\\"" not found'],
        missingRoles: [{ kind: "ClusterRole", name: 'x, "y"' }],
      },
    ]);
    const several =
      'RBAC: [clusterrole.rbac.authorization.k8s.io "a" not found, role.rbac.authorization.k8s.io "b" not found, timeout]';
    expect(parseReasons(several)).toMatchObject([
      {
        errors: [
          'clusterrole.rbac.authorization.k8s.io "a" not found',
          'role.rbac.authorization.k8s.io "b" not found',
          "timeout",
        ],
        missingRoles: [
          { kind: "ClusterRole", name: "a" },
          { kind: "Role", name: "b" },
        ],
      },
    ]);
  });

  it("tell the authorizers apart that had no opinion", () => {
    const text = [
      "no relationship found between node 'worker-1' and this object",
      'RBAC: role.rbac.authorization.k8s.io "b" not found',
      "No policy matched.",
      "the webhook says no",
    ].join("\n");
    expect(parseReasons(text).map(({ kind }) => kind)).toEqual(["node", "roleErrors", "abac", "text"]);
    expect(parseReasons("Everything is forbidden.")).toEqual([
      { kind: "alwaysDeny", text: "Everything is forbidden." },
    ]);
    expect(parseReasons("internal error")).toEqual([{ kind: "authorizerError", text: "internal error" }]);
    expect(parseReasons("")).toEqual([]);
  });

  it("say who allowed", () => {
    const by = (authReason: string, user = "alice", groups: readonly string[] = []): string =>
      allowedBy({ authReason, user, groups });
    expect(by('RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to User "alice"')).toBe("rbac");
    expect(
      by(
        'EKS Access Policy: allowed by ClusterRoleBinding "arn:aws:iam::1:user/a+arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" of ClusterRole "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" to User "a"',
      ),
    ).toBe("eks");
    expect(by("access granted by IAM permissions.")).toBe("gke");
    expect(by("Access granted by Azure RBAC Role Assignment x")).toBe("azure");
    expect(by("", "admin", ["system:masters", "system:authenticated"])).toBe("superuser");
    expect(by("", "system:node:worker-1", ["system:nodes"])).toBe("node");
    expect(by("")).toBe("other");
    expect(by("because")).toBe("other");
  });
});
