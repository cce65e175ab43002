import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { defaultObjects } from "../../src/rbac/defaults.ts";
import type { RbacObjects } from "../../src/rbac/objects.ts";
import { readObjects } from "../../src/rbac/read-objects.ts";
import { describeShared } from "../support/shared-data.ts";

/** The dump's documents are JSON. */
function recorded(path: string): readonly unknown[] {
  return readFileSync(path, "utf8")
    .split("---\n")
    .filter((text) => text.trim() !== "")
    .map((text) => JSON.parse(text) as unknown);
}

/** Per binding: whom it means, and the rules they get by it. */
function meaning({ roles, bindings }: RbacObjects): ReadonlyMap<string, unknown> {
  return new Map(
    bindings.map(({ namespace, subjects, roleKind, roleName }) => {
      const role = roles.find(({ kind, name, namespace: own }) => {
        return kind === roleKind && name === roleName && (kind === "ClusterRole" || own === namespace);
      });
      return [`${roleKind} ${namespace}/${roleName}`, { subjects, rules: role?.rules }];
    }),
  );
}

describe("Kubernetes' default roles", () => {
  it("let everybody discover, and nobody else more", () => {
    const authorizer = new RbacAuthorizer(defaultObjects());
    const ask = (user: string, groups: readonly string[], verb: string, path: string): boolean =>
      authorizer.allowedBy(
        { user, groups },
        { isResourceRequest: false, verb, apiGroup: "", resource: "", subresource: "", namespace: "", name: "", path },
      ) !== null;
    expect(ask("alice", ["system:authenticated"], "get", "/apis/apps/v1")).toBe(true);
    expect(ask("system:anonymous", ["system:unauthenticated"], "get", "/apis/apps/v1")).toBe(false);
    expect(ask("system:anonymous", ["system:unauthenticated"], "get", "/version")).toBe(true);
    expect(ask("alice", ["system:authenticated"], "post", "/version")).toBe(false);
    expect(ask("root", ["system:masters"], "delete", "/anything")).toBe(true);
  });
});

describeShared("Kubernetes' default roles", ["data/cluster/X1/rbac-before.yaml"], (dump) => {
  it("are those that a recorded API server has made", () => {
    const isDefault = (item: { metadata?: { labels?: Record<string, string>; name?: string } }): boolean =>
      item.metadata?.labels?.["kubernetes.io/bootstrapping"] === "rbac-defaults" &&
      // The recording was made with OpenShift's fork.
      !/openshift|service-ca-cert-publisher/.test(item.metadata.name ?? "");
    const documents = recorded(dump).map((document) => {
      const list = document as { readonly items: readonly object[] };
      return { ...list, items: list.items.filter(isDefault) };
    });
    const { roles, bindings, problems } = readObjects(documents);
    const bound = { roles, bindings: bindings.filter(({ subjects }) => subjects.length > 0) };
    expect(problems).toEqual([]);
    expect(bound.bindings.length).toBeGreaterThan(50);
    expect(meaning(defaultObjects())).toEqual(meaning(bound));
  });
});
