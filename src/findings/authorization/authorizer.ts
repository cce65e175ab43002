/** What the authorizer itself says: that it failed, that a role is not there, that it lets everybody do everything. */
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { anyOf } from "../filter-text.ts";
import { repeated } from "../repeated.ts";
import { joined } from "../terms.ts";
import { list, personText, plain, within } from "../words.ts";

export const authorizerFailed = repeated({
  id: "authz-error",
  about: "the authorizer could not decide: requests fail that would be allowed",
  severity: "high",
  needs: ["annotations"],
  advice: "Look at the authorization webhook: its address, its certificate, its load.",
  references: ["Kubernetes: webhook mode"],
  terms: 'code:500 authreason:"internal error"',
  by: [],
  least: 1,
  usual: { user: "a", verb: "list", resource: "pods" },
  hits: [
    [{ code: 500, decision: "", authReason: "internal error", times: 3 }],
    [{ user: "b", verb: "get", resource: "/metrics", code: 500, decision: "", authReason: "internal error" }],
  ],
  misses: [[{ code: 500 }], [{ authReason: "internal error" }]],
  async tell({ row, own, store }) {
    const users = (await store.groups(own, ["user"])).map(({ key }) => personText(key["user"] ?? ""));
    return {
      title: `the authorizer fails: ${row.requests} × 500`,
      detail: `${row.requests} requests of ${list(users)} failed ${within(row.firstSeen, row.lastSeen)} since the authorizer could not decide`,
      ...(row.requests > store.requests / 100 ? { severity: "critical", why: "more than 1 % of all requests" } : {}),
    };
  },
});

export const missingRole = repeated({
  id: "authz-missing-role",
  about: "a binding names a role that is not there, and who relies on it is refused",
  severity: "medium",
  needs: ["annotations"],
  advice: "Create the role that the reason names, or delete the binding.",
  references: ["Kubernetes: using RBAC authorization"],
  terms: "decision:forbid authreason:RBAC*not?found*",
  by: ["user"],
  least: 1,
  usual: { user: "ann", verb: "list", resource: "pods" },
  hits: [
    [{ code: 403, decision: "forbid", authReason: 'RBAC: clusterrole.rbac.authorization.k8s.io "viewer" not found' }],
    [
      {
        user: "system:serviceaccount:a:b",
        verb: "get",
        resource: "configmaps",
        namespace: "a",
        name: "x",
        code: 403,
        decision: "forbid",
        authReason: 'RBAC: role.rbac.authorization.k8s.io "b" not found',
        times: 5,
      },
    ],
  ],
  misses: [
    [{ code: 403, decision: "forbid", authReason: "" }],
    [{ authReason: 'RBAC: allowed by ClusterRoleBinding "x"' }],
  ],
  async tell({ key, row, own, store }) {
    const [first] = await store.groups(own, ["annotation:authorization.k8s.io/reason"]);
    const reason = first?.key["annotation:authorization.k8s.io/reason"] ?? "";
    const roles = [...reason.matchAll(/(\w+)\.rbac\.authorization\.k8s\.io "([^"]{1,253})" not found/g)].map(
      (found) => `${found[1] ?? ""} ${found[2] ?? ""}`,
    );
    const what = roles.length === 0 ? "a role" : list(new Set(roles));
    const who = personText(key["user"] ?? "");
    return {
      title: `${who} is refused since ${what} is not there: ${row.requests} × 403`,
      detail: `${who} was refused ${row.requests} times ${within(row.firstSeen, row.lastSeen)}: a binding for it names ${what}, which does not exist`,
    };
  },
});

const LEAST_ALLOWED = 100;

export const noAuthorization = repeated({
  id: "authz-none",
  about: "everybody may do everything: requests are allowed without a reason, and none by a role",
  severity: "critical",
  needs: ["annotations"],
  advice: "Look at --authorization-mode of the API server: it should be Node,RBAC.",
  references: ["CIS 1.2.6", "NSA: Kubernetes hardening guide"],
  terms: 'decision:allow authreason:"" -group:system:masters,system:nodes -user:system:apiserver',
  by: [],
  least: LEAST_ALLOWED,
  usual: { user: "alice", verb: "list", resource: "pods", authReason: "" },
  hits: [
    [{ times: 120 }],
    [
      { user: "system:serviceaccount:a:b", resource: "secrets", times: 60 },
      { user: "bob", verb: "delete", name: "p", namespace: "a", times: 60 },
    ],
  ],
  misses: [
    [{ times: 120 }, { user: "bob", authReason: 'RBAC: allowed by ClusterRoleBinding "x"' }],
    [{ user: "admin", groups: ["system:masters"], times: 120 }],
  ],
  async tell({ row, own, store }) {
    const [byRole] = await store.groups('decision:allow -authreason:""', []);
    if ((byRole?.requests ?? 0) > 0) return null;
    const users = await store.groups(own, ["user"]);
    return {
      title: `authorization seems to be off: ${row.requests} requests of ${users.length} users allowed without a reason`,
      detail: `${row.requests} requests of ${users.length} users were allowed ${within(row.firstSeen, row.lastSeen)} without any reason, and none by a role`,
    };
  },
});

const MANY_REVIEWS = 500;
const PER_SECOND = 50;

export const reviewStorm = repeated({
  id: "authz-review-storm",
  about: "a server asks the API server about every single request it gets",
  severity: "medium",
  needs: ["metadata"],
  advice: "Let it cache: authorization-webhook-cache-authorized-ttl and its like; or look at who scrapes it so often.",
  references: ["Kubernetes: delegated authentication and authorization"],
  terms:
    "verb:create resource:subjectaccessreviews.authorization.k8s.io,tokenreviews.authentication.k8s.io,localsubjectaccessreviews.authorization.k8s.io",
  by: ["user"],
  least: MANY_REVIEWS,
  usual: {
    user: "system:serviceaccount:m:adapter",
    verb: "create",
    resource: "tokenreviews.authentication.k8s.io",
    times: 600,
  },
  hits: [[{ resource: "subjectaccessreviews.authorization.k8s.io" }], [{ every: 0.5 }]],
  misses: [
    [{ times: 100, every: 1 }],
    [
      { times: 520, every: 1 },
      { user: "a", verb: "list", resource: "pods", times: 2_600, every: 0.2 },
    ],
  ],
  tell: ({ key, row, store, seconds }) => {
    const share = row.requests / Math.max(1, store.requests);
    const rate = row.requests / Math.max(1, seconds);
    if (share < 0.2 && rate < PER_SECOND) return null;
    const who = personText(key["user"] ?? "");
    return {
      title: `${who} asks for ${row.requests} reviews, ${Math.round(share * 100)} % of all requests`,
      detail: `${who} created ${row.requests} token and access reviews ${within(row.firstSeen, row.lastSeen)}, ${rate.toFixed(1)} a second`,
    };
  },
});

const LEAST_EACH = 5;

const REFUSED = 'code:403 decision:forbid -resource:""';
const TUPLE = ["user", "verb", "resource", "namespace"] as const;

export const refusedSince: AggregateDetector = {
  kind: "aggregate",
  id: "authz-403-onset",
  about: "somebody is refused what was allowed before",
  severity: "high",
  needs: ["annotations"],
  advice:
    "Look at what was done to roles and bindings right before: `resource:clusterrolebindings,rolebindings,clusterroles,roles verb:write`.",
  references: ["Kubernetes: using RBAC authorization"],
  usual: { user: "ann", verb: "list", resource: "pods", namespace: "a", times: 10, every: 5 },
  hits: [
    [
      { user: "system:serviceaccount:a:b" },
      { at: 60, user: "system:serviceaccount:a:b", code: 403, decision: "forbid", authReason: "" },
    ],
    [
      { verb: "get", resource: "secrets", name: "s", times: 5, every: 1 },
      {
        at: 60,
        verb: "get",
        resource: "secrets",
        name: "s",
        code: 403,
        decision: "forbid",
        authReason: "",
        times: 5,
        every: 1,
      },
    ],
  ],
  misses: [[{ code: 403, decision: "forbid", times: 30 }], [{ code: 403, decision: "forbid" }, { at: 60 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    const refused = (await store.groups(REFUSED, TUPLE)).filter(({ requests }) => requests >= LEAST_EACH);
    const users = new Set(refused.map(({ key }) => key["user"] ?? ""));
    if (users.size === 0) return drafts;
    const before = await store.groups(joined('decision:allow code:<400 -resource:""', anyOf("user", users)), TUPLE);
    const allowedOf = new Map(before.map((row) => [JSON.stringify(row.key), row]));
    for (const row of refused) {
      const { user = "", verb = "", resource = "", namespace = "" } = row.key;
      const allowed = allowedOf.get(JSON.stringify(row.key));
      if (allowed === undefined || allowed.requests < LEAST_EACH || !(allowed.lastSeen < row.firstSeen)) continue;
      const what = `${verb} ${plain(resource)}${namespace === "" ? "" : ` in ${namespace}`}`;
      const who = personText(user);
      drafts.push({
        severity: "high",
        title: `${who} may no longer ${what}: ${row.requests} × 403 since ${row.firstSeen.slice(11, 19)}`,
        detail: `${who} could ${what} ${allowed.requests} times until ${allowed.lastSeen}, and was refused ${row.requests} times since ${row.firstSeen}`,
        subject: { user, resource, ...(namespace === "" ? {} : { namespace }) },
        evidence: { terms: joined(REFUSED, ...termsForKey(row.key)), counted: row },
      });
    }
    return drafts;
  },
};
