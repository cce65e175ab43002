import { describe, expect, it } from "vitest";
import { goDuration } from "../../src/events/latency-annotations.ts";
import { explainAuthorization } from "../../src/panes/request/authorization.ts";
import { requestPane } from "../../src/panes/request/index.ts";
import type { PaneView } from "../../src/panes/contract.ts";
import type { RequestDetail } from "../../src/engine/contract.ts";
import { answered, contextFor, detail, drawn, facts, type ContextOptions } from "./context.ts";

const scaled = detail(
  {},
  {
    kind: "Event",
    user: {
      username: "alice@example.com",
      extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=d167"] },
    },
    requestObject: { spec: { replicas: 2 } },
    responseObject: {
      kind: "Scale",
      metadata: { name: "nginx", managedFields: [{ manager: "kubectl" }] },
      spec: { replicas: 2 },
    },
  },
);

function viewOf(
  request: RequestDetail | null,
  options: ContextOptions & { params?: Record<string, string> } = {},
): PaneView {
  const frame = { pane: "request", params: { seq: "1", ...options.params }, ...options.frame };
  return requestPane.view(contextFor({ ...options, frame }), answered({ request }));
}

describe("request card", () => {
  it("lists what came around it, and opens it", () => {
    const around = {
      object: {
        others: 40,
        rows: [facts({ seq: 7, verb: "get", user: "bob", receivedUs: scaled.facts.receivedUs - 2e6 })],
      },
      client: { others: 0, rows: [] },
    };
    const request = { ...scaled, facts: { ...scaled.facts, seq: 9 } };
    const frame = { pane: "request", params: { seq: "9" }, cursorId: "around:same object:7", cursorIndex: 0, top: 0 };
    const context = contextFor({ width: 80, height: 60, frame });
    const view = requestPane.view(context, answered({ request, neighbours: around }));
    const text = drawn(view);
    expect(text).toContain("Around it");
    expect(text).toMatch(/same object {2}39 more, o: its trail/);
    expect(text).toMatch(/-2\.00 s {2}200 +get .*bob/);
    expect(text).toMatch(/same user ±1 s {2}nothing else/);
    expect(view.selection).toMatchObject({ seq: 7, enter: { frame: { pane: "request", params: { seq: "7" } } } });
  });

  it("takes the name of a create by generateName from the answer", () => {
    const request = detail(
      { verb: "create", resource: "pods", name: "", code: 201 },
      { responseObject: { kind: "Pod", metadata: { name: "web-x7k2p" } } },
    );
    expect(drawn(viewOf(request, { width: 100, height: 60 }))).toMatch(/name given +web-x7k2p {2}by the API server/);
  });

  it("answers the five questions, then shows the bodies", () => {
    expect(drawn(viewOf(scaled, { width: 80, height: 60 }))).toMatchInlineSnapshot(`
      "
      *What happened  200 OK  patch deploy/nginx/scale -n demo
      |  code               200 OK
      |  verb               patch
      |  resource           deployments.apps/scale
      |  namespace          demo
      |  name               nginx  enter: its trail
      |  URI                /apis/apps/v1/namespaces/demo/deployments/nginx/scale?field
      |                     Manager=kubectl
      |  logged at          ResponseComplete, level RequestResponse
      |
      |Who did it  human
      |  user               alice@example.com
      |  groups             platform-team, system:authenticated
      |  credential-id      X509SHA256=d167
      |
      |Why it was allowed
      |  RoleBinding        deployers  in namespace demo
      |  → Role             deployer
      |  → Group            platform-team
      |
      |When, and how long  14.3 ms
      |  received           2026-11-21 00:02:26.760 UTC
      |  answered           2026-11-21 00:02:26.774 UTC
      |  took               14.3 ms
      |
      |From where
      |  source IP          127.0.0.50
      |  user agent         kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12
      |                     chosen by the client
      |
      |Request body  secrets masked
      |  {
      |    "spec": {
      |      "replicas": 2
      |    }
      |  }
      |
      |Response body  secrets masked
      |  {
      |    "kind": "Scale",
      |    "metadata": {
      |      "name": "nginx",
      |      "managedFields": [ … 1 item ]
      |    },
      |    "spec": {
      |      "replicas": 2
      |    }
      |  }
      |
      |Where it is in the log
      |  file               audit.log  at byte 123,456, 2.0 KiB
      |  auditID            6b9e8b68-39e2-4833-ac46-6b0c55002d51
      "
    `);
  });

  it("says who really asked, why it was refused, and which address is certain", () => {
    const refused = detail(
      {
        user: "bob@example.com",
        asFrom: "alice@example.com",
        code: 403,
        reason: "Forbidden",
        decision: "forbid",
        authReason: "",
        level: "Metadata",
        verb: "list",
        resource: "secrets",
        subresource: "",
        name: "",
        sourceIPs: ["203.0.113.7", "127.0.0.80"],
        ip: "127.0.0.80",
        latencyMs: 1_506.9,
        annotations: {
          "apiserver.latency.k8s.io/etcd": "1.2s",
          "apiserver.latency.k8s.io/total": "1.506921507s",
          "apiserver.latency.k8s.io/authentication": "121.858µs",
          "k8s.io/deprecated": "true",
        },
      },
      { responseStatus: { message: 'secrets is forbidden: User "bob@example.com" cannot list resource "secrets"' } },
    );
    expect(drawn(viewOf(refused, { width: 80, height: 60 }))).toMatchInlineSnapshot(`
      "
      *What happened  403 Forbidden  list secrets -n demo
      |  code               403 Forbidden
      |  message            secrets is forbidden: User "bob@example.com" cannot list
      |                     resource "secrets"
      |  verb               list
      |  resource           secrets
      |  namespace          demo
      |  URI                /apis/apps/v1/namespaces/demo/deployments/nginx/scale?field
      |                     Manager=kubectl
      |  logged at          ResponseComplete, level Metadata
      |
      |Who did it  human
      |  user               bob@example.com  impersonated
      |  really             alice@example.com  asked to act as the user above
      |  groups             platform-team, system:authenticated
      |
      |Why it was refused  forbidden
      |  No binding allows it: every authorizer had no opinion.
      |
      |When, and how long  1.51 s
      |  received           2026-11-21 00:02:26.760 UTC
      |  answered           2026-11-21 00:02:26.774 UTC
      |  took               1.51 s
      |  etcd                           1.20 s  ███████████████▉    
      |  authentication                 122 µs  ▏                   
      |
      |From where
      |  source IP          127.0.0.80
      |  via                203.0.113.7 → 127.0.0.80
      |                     only the last is certain, the others can be forged
      |  user agent         kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12
      |                     chosen by the client
      |
      |Annotations
      |  k8s.io/deprecated  a deprecated API version was used
      |  true
      |
      |  No bodies: level Metadata does not log them.
      |
      |Where it is in the log
      |  file               audit.log  at byte 123,456, 2.0 KiB
      |  auditID            6b9e8b68-39e2-4833-ac46-6b0c55002d51
      "
    `);
  });

  it("starts at the authorization for A", () => {
    const view = viewOf(scaled, { height: 20, params: { part: "why" } });
    expect(drawn(view)).toContain("*Why it was allowed");
  });

  it("masks secrets unless asked, and hides managedFields until unfolded", () => {
    const secret = detail(
      { resource: "secrets" },
      { objectRef: { resource: "secrets" }, requestObject: { data: { password: "aHVudGVyMg==" } } },
    );
    expect(drawn(viewOf(secret, { height: 80 }))).not.toContain("aHVudGVyMg");
    expect(drawn(viewOf(secret, { height: 80, params: { part: "raw" } }))).not.toContain("aHVudGVyMg");
    expect(drawn(viewOf(secret, { height: 80, params: { unmask: "1" } }))).toContain("aHVudGVyMg");
    expect(drawn(viewOf(scaled, { height: 80 }))).not.toContain('"manager"');
    const unfolded = viewOf(scaled, { height: 80, params: { folds: '["responseObject/metadata/managedFields"]' } });
    expect(drawn(unfolded)).toContain('"manager": "kubectl"');
  });

  it("says why there is no event", () => {
    const gone: RequestDetail = {
      facts: facts(),
      raw: null,
      rawMissing: "audit.log was truncated",
      stagesSeen: [],
      log: null,
    };
    expect(drawn(viewOf(gone, { height: 80 }))).toContain("cannot be read any more: audit.log was truncated");
    expect(drawn(viewOf(gone, { params: { part: "raw" } }))).toContain("cannot be read any more");
    expect(drawn(viewOf(null))).toContain("not kept any more");
    const broken: RequestDetail = { ...gone, raw: '{"kind":"Event","auditID', rawMissing: null };
    expect(drawn(viewOf(broken, { params: { part: "raw" } }))).toContain("not valid JSON");
    expect(drawn(viewOf(broken, { params: { part: "raw" } }))).not.toContain("auditID");
    expect(drawn(viewOf(broken, { params: { part: "raw", unmask: "1" } }))).toContain('{"kind":"Event","auditID');
  });

  it("opens the requests behind a line, folds, and finds text", () => {
    const onUser = viewOf(scaled, { frame: { pane: "request", cursorId: "who:user:0" }, height: 60 });
    expect(onUser.selection.enter?.frame.pane).toBe("requests");
    expect(onUser.selection.user).toBe("alice@example.com");
    const onBinding = viewOf(scaled, { frame: { pane: "request", cursorId: "why:RoleBinding:0" }, height: 60 });
    expect(onBinding.selection.enter?.frame.params).toEqual({
      object: "rolebindings.rbac.authorization.k8s.io/deployers",
      namespace: "demo",
    });
    const onBody = viewOf(scaled, { frame: { pane: "request", cursorId: "responseObject:2" }, height: 60 });
    expect(onBody.selection.fold).toBe("responseObject/metadata");
    const searched = viewOf(scaled, { params: { search: "replicas", part: "raw" } });
    expect(searched.jumps?.["next-match"]?.id).toBe("raw:12");
    expect(searched.lines.flat().some((span) => span.tone === "match")).toBe(true);
  });

  it("shows the raw event on a small screen", () => {
    expect(drawn(viewOf(scaled, { width: 60, height: 12, params: { part: "raw" } }))).toMatchInlineSnapshot(`
      "
      |Raw event patch deployments.apps         masked, M shows all
      *{
      |  "kind": "Event",
      |  "user": {
      |    "username": "alice@example.com",
      |    "extra": {
      |      "authentication.kubernetes.io/credential-id": [
      |        "X509SHA256=d167"
      |      ]
      |    }
      |  },
      |  "requestObject": {
      "
    `);
  });
});

describe("authorization", () => {
  it("explains the rest", () => {
    const request = { code: 200, decision: "allow", authReason: "", user: "admin", groups: ["system:masters"] };
    expect(explainAuthorization(request).sentence).toContain("system:masters");
    expect(explainAuthorization({ ...request, groups: [] }).decision).toBe("allowed");
    expect(explainAuthorization({ ...request, user: "system:node:n1", groups: [] }).sentence).toContain(
      "Node authorizer",
    );
    const dangling = {
      ...request,
      decision: "forbid",
      authReason: 'RBAC: role.rbac.authorization.k8s.io "gone" not found',
    };
    expect(explainAuthorization(dangling).sentence).toContain("Role gone, which is not there");
    expect(explainAuthorization({ ...request, code: 401, decision: "" }).decision).toBe("unauthenticated");
    expect(explainAuthorization({ ...request, decision: "forbid" }).decision).toBe("forbidden");
    expect(explainAuthorization({ ...request, decision: "" }).decision).toBe("unknown");
  });

  it("reads Go durations", () => {
    const close = ["1.506921507s", "121.858µs", "415ns", "1m2.5s", "soon", ""].map((text) =>
      goDuration(text)?.toPrecision(6),
    );
    expect(close).toEqual(["1506.92", "0.121858", "0.000415000", "62500.0", undefined, undefined]);
  });
});
