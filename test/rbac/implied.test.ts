import { describe, expect, it } from "vitest";
import type { Evidence } from "../../src/rbac/evidence.ts";
import { evidenceOf } from "../../src/rbac/evidence.ts";
import { impersonationRights } from "../../src/rbac/impersonation.ts";
import { impliedBy } from "../../src/rbac/implied.ts";
import { leastRights } from "../../src/rbac/least.ts";
import { outcomeOf, refusedImpersonation } from "../../src/rbac/outcome.ts";
import { refusedRight, rightText } from "../../src/rbac/right.ts";
import { accessOf } from "./accesses.ts";
import { LEAST } from "./proof.ts";

const NOTHING: Evidence = evidenceOf({});

function told(evidence: Partial<Evidence>): { readonly evidence: readonly Evidence[] } {
  return { evidence: [{ ...NOTHING, ...evidence }] };
}

function impliedTexts(access: Parameters<typeof impliedBy>[0]): readonly string[] {
  return impliedBy(access).map(({ right, optional, failed }) => {
    const marks = `${optional ? " optional" : ""}${failed ? " failed" : ""}`;
    return `${right === null ? "?" : rightText(right)}${marks}`;
  });
}

describe("what requests need that nobody asks for", () => {
  it("is create, where a patch or an update made the object", () => {
    const apply = { verb: "patch", resource: "configmaps", namespace: "demo", name: "app", code: 201 };
    expect(impliedTexts(accessOf(apply))).toEqual(['create configmaps "app" in demo']);
    expect(impliedTexts(accessOf({ ...apply, code: 200 }))).toEqual([]);
    expect(impliedTexts(accessOf({ ...apply, verb: "create" }))).toEqual([]);
  });

  it("is create, where a stream came over a websocket", () => {
    const exec = { verb: "get", resource: "pods", subresource: "exec", namespace: "demo", name: "web", code: 101 };
    expect(impliedTexts(accessOf(exec))).toEqual(['create pods/exec "web" in demo']);
    expect(impliedTexts(accessOf({ ...exec, subresource: "log" }))).toEqual([]);
  });

  it("is approve and sign on the signer of a certificate signing request", () => {
    const csr = { apiGroup: "certificates.k8s.io", resource: "certificatesigningrequests", name: "csr-1" };
    const approval = { ...csr, verb: "update", subresource: "approval" };
    const signer = "kubernetes.io/kube-apiserver-client";
    expect(impliedTexts(accessOf({ ...approval, ...told({ signer }) }))).toEqual([
      `approve signers.certificates.k8s.io "${signer}"`,
    ]);
    expect(impliedTexts(accessOf(approval))).toEqual(["? optional"]);
    const status = { ...csr, verb: "update", subresource: "status" };
    expect(impliedTexts(accessOf({ ...status, ...told({ signer, hasCertificate: true }) }))).toEqual([
      `sign signers.certificates.k8s.io "${signer}"`,
    ]);
    expect(impliedTexts(accessOf({ ...status, ...told({ signer }) }))).toEqual([]);
  });

  it("is bind or escalate, or every right that is granted: never certain", () => {
    const group = { apiGroup: "rbac.authorization.k8s.io" };
    const binding = { ...group, verb: "create", resource: "rolebindings", namespace: "demo" };
    const role = { kind: "ClusterRole", name: "edit" };
    expect(impliedTexts(accessOf({ ...binding, ...told({ role }) }))).toEqual([
      'bind clusterroles.rbac.authorization.k8s.io "edit" in demo optional',
    ]);
    expect(impliedTexts(accessOf({ ...group, verb: "update", resource: "clusterroles", name: "x" }))).toEqual([
      'escalate clusterroles.rbac.authorization.k8s.io "x" optional',
    ]);
    const message = 'user "eve" is attempting to grant RBAC permissions not currently held:';
    expect(impliedTexts(accessOf({ ...binding, code: 403, ...told({ role, message }) }))).toEqual([
      'bind clusterroles.rbac.authorization.k8s.io "edit" in demo optional failed',
    ]);
    expect(impliedTexts(accessOf({ ...binding, code: 409, ...told({ role }) }))).toEqual([]);
  });

  it("is use of the policy that admitted a pod", () => {
    const pod = {
      verb: "create",
      resource: "pods",
      namespace: "demo",
      usedPolicy: "podsecuritypolicies.policy/strict",
    };
    expect(impliedTexts(accessOf(pod))).toEqual(['use podsecuritypolicies.policy "strict" in demo optional']);
  });

  it("is a comment where exactly that was refused", () => {
    const exec = { verb: "get", resource: "pods", subresource: "exec", namespace: "demo", name: "web", code: 101 };
    const refused = accessOf({ ...exec, verb: "create", decision: "forbid", code: 403 });
    const subject = { kind: "User", name: "alice" } as const;
    const rights = leastRights(subject, [accessOf(exec), refused], { ...LEAST, implied: true });
    expect(rights.atoms.map(({ verb }) => verb)).toEqual(["get"]);
    expect(rights.optional.map(({ right }) => rightText(right))).toEqual(['create pods/exec "web" in demo']);
  });
});

describe("impersonation", () => {
  const request = accessOf({ verb: "list", resource: "pods", namespace: "demo" }).attributes;
  const who = {
    groups: ["system:authenticated"],
    uid: "",
    extra: new Map<string, readonly string[]>(),
    constraint: "",
  };
  const texts = (more: Partial<Parameters<typeof impersonationRights>[0]>): readonly string[] =>
    impersonationRights({ ...who, user: "bob", ...more }, request).map(rightText);

  it("asks for the user, its groups, its uid and its extras", () => {
    expect(texts({ groups: ["devs", "system:authenticated"], uid: "u1", extra: new Map([["a.b/c", ["v"]]]) })).toEqual([
      'impersonate users "bob"',
      'impersonate uids.authentication.k8s.io "u1"',
      'impersonate groups "devs"',
      'impersonate userextras.authentication.k8s.io/a.b/c "v"',
    ]);
  });

  it("of a service account asks for it in its namespace, and not for the groups it has anyway", () => {
    const groups = ["system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"];
    expect(texts({ user: "system:serviceaccount:ci:bot", groups })).toEqual([
      'impersonate serviceaccounts "bot" in ci',
    ]);
  });

  it("under a constraint asks for the mode, on the identity and on what is done", () => {
    expect(texts({ constraint: "impersonate:user-info" })).toEqual([
      "impersonate-on:user-info:list pods in demo",
      'impersonate:user-info users.authentication.k8s.io "bob"',
    ]);
    expect(texts({ user: "system:node:n1", constraint: "impersonate:associated-node" })).toEqual([
      "impersonate-on:associated-node:list pods in demo",
      'impersonate:associated-node nodes.authentication.k8s.io "*"',
    ]);
  });
});

describe("messages of the authorizer", () => {
  const asked = (message: string): string | null => {
    const right = refusedRight(message);
    return right === null ? null : rightText(right);
  };

  it("name what was missing", () => {
    expect(
      asked(
        'pods "web" is forbidden: User "eve &gt; \\"q\\"" cannot create resource "pods/exec" in API group "" in the namespace "demo": no',
      ),
    ).toBe('create pods/exec "web" in demo');
    expect(
      asked(
        'deployments.apps is forbidden: User "u" cannot list resource "deployments" in API group "apps" at the cluster scope',
      ),
    ).toBe("list deployments.apps");
    expect(asked('forbidden: User "u" cannot get path "/metrics"')).toBe("get /metrics");
    expect(asked('pods "x" is forbidden: exceeded quota: q')).toBeNull();
    expect(asked('admission webhook "w" denied the request: forbidden: User "u" can')).toBeNull();
    expect(asked(`forbidden: User "${"\\".repeat(100_001)}`)).toBeNull();
  });
});

describe("what came of asking", () => {
  it("is told by the decision, and by the answer where the log has none", () => {
    const outcome = (decision: string, code: number | null, more: object = {}): string =>
      outcomeOf(accessOf({ verb: "get", resource: "pods", decision, code, ...more }));
    expect(outcome("allow", 403)).toBe("allowed");
    expect(outcome("allow", 429)).toBe("allowed");
    expect(outcome("forbid", 403)).toBe("refused");
    expect(outcome("forbid", 403, { starting: true })).toBe("starting");
    expect([200, 201, 404, 409, 422].map((code) => outcome("", code))).toEqual(Array(5).fill("allowed"));
    expect([401, 429, 400, 500, null].map((code) => outcome("", code))).toEqual(Array(5).fill("unasked"));
    expect(outcome("", 403)).toBe("refused");
    expect(outcome("", 403, told({ message: "exceeded quota" }))).toBe("unasked");
  });

  it("of a refused impersonation is about that, not about the request", () => {
    const message =
      'pods is forbidden: User "bob" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "demo"';
    const access = accessOf({ verb: "list", resource: "pods", decision: "", code: 403, ...told({ message }) });
    const right = refusedImpersonation(access);
    expect(right && rightText(right)).toBe("impersonate-on:user-info:list pods in demo");
    expect(refusedImpersonation({ ...access, decision: "forbid" })).toBeNull();
  });
});
