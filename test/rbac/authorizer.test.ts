import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { describeShared } from "../support/shared-data.ts";
import { objectsIn } from "./manifests.ts";
import { type AuditEvent, isAllowed } from "./raw-requests.ts";

interface Truth {
  readonly auditID: string;
  readonly allowed: boolean;
}

describeShared(
  "the API server's own authorizer",
  ["data/oracles/edge-rbac", "data/oracles/edge/events.jsonl"],
  (folder, log) => {
    const events = lines<AuditEvent>(readFileSync(log, "utf8"));
    const byId = new Map(events.map((event) => [event.auditID, event]));
    const manifests = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

    it.each(manifests)("is agreed with on every request under %s", (manifest) => {
      const authorizer = new RbacAuthorizer(objectsIn(readFileSync(`${folder}/${manifest}`, "utf8")));
      const truth = `${folder}/truth/${manifest.replace(".yaml", "")}.requests.jsonl.gz`;
      const verdicts = lines<Truth>(gunzipSync(readFileSync(truth)).toString("utf8"));
      const wrong = verdicts.filter(({ auditID, allowed }) => {
        const event = byId.get(auditID);
        return event === undefined || isAllowed(authorizer, event) !== allowed;
      });
      expect(verdicts.length).toBeGreaterThan(1_000);
      expect(wrong).toEqual([]);
    });
  },
);

function lines<T>(text: string): readonly T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

const PEOPLE = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all, labels: {to: all}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: all}}, {matchExpressions: [{key: also, operator: Exists}]}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {to: all}}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: other, labels: {also: "yes"}}
rules: [{apiGroups: [""], resources: ["*/log"], verbs: ["*"]}, {nonResourceURLs: ["/a**"], verbs: [get]}]
---
apiVersion: v1
kind: List
items:
- apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleBinding
  metadata: {name: here, namespace: demo}
  roleRef: {kind: ClusterRole, name: all}
  subjects: [{kind: ServiceAccount, name: bot}, {kind: Group, name: devs}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata: {name: gone}
  roleRef: {kind: ClusterRole, name: nowhere}
  subjects: [{kind: User, name: alice}]
`;

describe("the RBAC authorizer", () => {
  const objects = objectsIn(PEOPLE);
  const authorizer = new RbacAuthorizer(objects);
  const get = { isResourceRequest: true, verb: "get", apiGroup: "", resource: "secrets", subresource: "", path: "" };

  it("reads lists and takes aggregated roles together, itself among them", () => {
    expect(objects.roles.map(({ name }) => name)).toEqual(["all", "part", "other"]);
    expect(authorizer.dangling.map(({ name }) => name)).toEqual(["gone"]);
    const bot = { user: "system:serviceaccount:demo:bot", groups: [] };
    expect(authorizer.grantsTo(bot).map(({ rule }) => rule.resources)).toEqual([["secrets"], ["*/log"], []]);
  });

  it("counts a RoleBinding in its namespace only, and its paths nowhere", () => {
    const dev = { user: "dora", groups: ["devs"] };
    expect(authorizer.allowedBy(dev, { ...get, namespace: "demo", name: "x" })?.binding.name).toBe("here");
    expect(authorizer.allowedBy(dev, { ...get, namespace: "other", name: "x" })).toBeNull();
    expect(authorizer.allowedBy(dev, { ...get, namespace: "", name: "" })).toBeNull();
    const path = { ...get, isResourceRequest: false, resource: "", namespace: "", name: "", path: "/abc" };
    expect(authorizer.allowedBy(dev, path)).toBeNull();
    const log = { ...get, resource: "pods", subresource: "log", verb: "watch", namespace: "demo", name: "p" };
    expect(authorizer.allowedBy(dev, log)?.rule.resources).toEqual(["*/log"]);
  });
});
