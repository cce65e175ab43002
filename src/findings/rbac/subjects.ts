/** To whom rights are given without its being seen: by a label, or to an account that everything uses. */
import { field, type JsonValue, list, text } from "../../lineage/json.ts";
import { incidents } from "../incidents.ts";
import { list as listText, plain } from "../words.ts";

const ROLES = "clusterroles.rbac.authorization.k8s.io";
const BINDINGS = "clusterrolebindings.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io";
const AGGREGATE = /^rbac\.authorization\.k8s\.io\/aggregate-to-(admin|edit|view)$/;

function isDangerous(rule: JsonValue): boolean {
  const has = (key: string, ...values: readonly string[]): boolean =>
    list(rule, key).some((value) => typeof value === "string" && (value === "*" || values.includes(value)));
  return (
    has("verbs", "escalate", "bind", "impersonate") ||
    has("resources", "secrets", "pods/exec", "nodes/proxy", "serviceaccounts/token")
  );
}

export const aggregationInjected = incidents({
  id: "rbac-aggregation-injected",
  about: "somebody made a role that adds dangerous rights to admin, edit or view by its label",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Take the label off: all who are bound to admin, edit or view have these rights too.",
  references: ["T1098.006", "Kubernetes: aggregated ClusterRoles"],
  wants: `verb:create,update,patch resource:${ROLES} sub:"" -actor:controller,apiserver`,
  reads: "bodies",
  usual: { user: "eve", verb: "create", resource: ROLES, name: "x" },
  hits: [
    [
      {
        request: {
          metadata: { labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
          rules: [{ verbs: ["get"], resources: ["secrets"] }],
        },
      },
    ],
    [
      {
        verb: "update",
        request: {
          metadata: { labels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } },
          rules: [{ verbs: ["*"], resources: ["*"] }],
        },
      },
    ],
  ],
  misses: [
    [
      {
        user: "ops",
        request: {
          metadata: { labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
          rules: [{ verbs: ["get"], resources: ["widgets"] }],
        },
      },
    ],
    [{ user: "ops", request: { rules: [{ verbs: ["get"], resources: ["secrets"] }] } }],
  ],
  judge: ({ facts, request }) => {
    const labels = field(field(request, "metadata"), "labels");
    const into = Object.keys(
      labels !== null && typeof labels === "object" && !Array.isArray(labels) ? labels : {},
    ).flatMap((label) => AGGREGATE.exec(label)?.[1] ?? []);
    if (into.length === 0 || !list(request, "rules").some(isDangerous)) return null;
    return {
      what: `role ${facts.name}, whose rights are added to ${listText(into)}`,
      ...(into.includes("view") ? { severity: "high", why: "view is what one gives to everybody" } : {}),
    };
  },
});

export const defaultAccountBound = incidents({
  id: "rbac-default-sa-bound",
  about: "rights were given to a default service account: every pod that names none has them",
  severity: "high",
  needs: ["request bodies"],
  advice: "Make an account for the workload that needs them, and bind that.",
  references: ["CIS 5.1.5", "T1098.006", "GuardDuty: AdminAccessToDefaultServiceAccount"],
  wants: `verb:create,update,patch resource:${BINDINGS} sub:"" -actor:controller,apiserver`,
  reads: "bodies",
  usual: { user: "eve", verb: "create", resource: "rolebindings.rbac.authorization.k8s.io", name: "x" },
  hits: [
    [
      {
        namespace: "shop",
        request: {
          roleRef: { kind: "Role", name: "r" },
          subjects: [{ kind: "ServiceAccount", name: "default", namespace: "shop" }],
        },
      },
    ],
    [
      {
        resource: "clusterrolebindings.rbac.authorization.k8s.io",
        request: {
          roleRef: { kind: "ClusterRole", name: "edit" },
          subjects: [
            { kind: "User", name: "ann" },
            { kind: "ServiceAccount", name: "default", namespace: "kube-system" },
          ],
        },
      },
    ],
  ],
  misses: [
    [
      {
        user: "ops",
        namespace: "shop",
        request: {
          roleRef: { kind: "Role", name: "r" },
          subjects: [{ kind: "ServiceAccount", name: "web", namespace: "shop" }],
        },
      },
    ],
    [
      {
        user: "ops",
        namespace: "shop",
        request: { roleRef: { kind: "Role", name: "r" }, subjects: [{ kind: "User", name: "default" }] },
      },
    ],
  ],
  judge: ({ request }) => {
    const accounts = list(request, "subjects").filter(
      (subject) => text(subject, "kind") === "ServiceAccount" && text(subject, "name") === "default",
    );
    if (accounts.length === 0) return null;
    const role = text(field(request, "roleRef"), "name");
    return {
      did: ["gave", "give"],
      what: `${plain(role)} to the default service account of ${listText(accounts.map((account) => text(account, "namespace") || "its namespace"))}`,
    };
  },
});
