/** Kubelets, and who calls with their credentials. */
import { BY_HAND } from "../actors.ts";
import { captured, repeated } from "../repeated.ts";
import { list, plain, within } from "../words.ts";

const NODE = "system:node:worker-1";

export const nodeIdentity = repeated({
  id: "authz-node-identity-misuse",
  about: "somebody calls by hand with a node's credential",
  severity: "high",
  needs: ["metadata"],
  advice: "Somebody has the node's kubelet.conf: look at who was on the node, and renew its certificate.",
  references: ["T1078", "T1552.007", "Elastic: secret_read_by_node"],
  terms: `user:system:node:* as:"" ${BY_HAND}`,
  by: ["user", "useragent"],
  least: 1,
  usual: { user: NODE, verb: "list", resource: "pods", ua: "kubectl/v1.36.2" },
  hits: [
    [{}],
    [{ verb: "get", resource: "secrets", namespace: "a", name: "s", ua: "curl/8.1", code: 403, decision: "forbid" }],
  ],
  misses: [
    [{ verb: "get", resource: "secrets", namespace: "a", name: "s", ua: "kubelet/v1.36.2" }],
    [{ user: "alice" }],
  ],
  async tell({ key, row, own, store }) {
    const { user = "", useragent = "" } = key;
    const kinds = (await store.groups(own, ["resource"])).map((each) => plain(each.key["resource"] ?? "") || "paths");
    return {
      title: `${user} calls with ${useragent.split(/[\s/]/, 1)[0] ?? ""}: ${row.requests} requests for ${list(kinds)}`,
      detail: `${row.requests} requests for ${list(kinds)} were made ${within(row.firstSeen, row.lastSeen)} as ${user} with ${useragent}, which is no kubelet`,
    };
  },
});

export const nodeForeign = repeated({
  id: "authz-node-foreign",
  about: "a node asks for Secrets, ConfigMaps or volumes of pods that it does not run",
  severity: "low",
  needs: ["annotations"],
  advice: "Some such right after a pod was deleted are ordinary; else look at what runs on the node.",
  references: ["T1552.007", "Kubernetes: node authorization"],
  terms:
    "user:system:node:* decision:forbid authreason:*no?relationship?found* resource:secrets,configmaps,persistentvolumeclaims,persistentvolumes",
  by: ["user"],
  least: 20,
  usual: { user: NODE, verb: "get", resource: "secrets", namespace: "a", name: "s" },
  hits: [
    [
      {
        code: 403,
        decision: "forbid",
        authReason: "no relationship found between node 'worker-1' and this object",
        times: 25,
      },
    ],
    [
      {
        resource: "configmaps",
        code: 403,
        decision: "forbid",
        authReason: "no relationship found between node 'worker-1' and this object",
        times: 30,
      },
    ],
  ],
  misses: [
    [
      {
        code: 403,
        decision: "forbid",
        authReason: "no relationship found between node 'worker-1' and this object",
        times: 5,
      },
    ],
    [{ times: 50 }],
  ],
  async tell({ key, row, own, store }) {
    const user = key["user"] ?? "";
    const secrets = await store.groups(`${own} resource:secrets`, ["object"]);
    const objects = await store.groups(own, ["object"]);
    return {
      title: `${user} asks for what is none of its pods': ${row.requests} × 403 on ${objects.length} objects`,
      detail: `${user} was refused ${row.requests} times ${within(row.firstSeen, row.lastSeen)} on ${objects.length} objects, ${secrets.length} of them Secrets, that no pod of it uses`,
      ...(secrets.length >= 10 ? { severity: "high", why: "many Secrets" } : {}),
    };
  },
});

export const nodeRestriction = repeated({
  id: "authz-node-restriction",
  about: "a node tried to change what NodeRestriction keeps from it",
  severity: "medium",
  needs: ["messages"],
  advice: "A kubelet does not do that by itself: look at its --node-labels, and at who has its credential.",
  references: ["T1078", "CIS 1.2.16", "Kubernetes: NodeRestriction"],
  terms: "user:system:node:* code:403 decision:allow verb:create,update,patch,delete",
  by: ["user", "resource"],
  least: 1,
  usual: { user: NODE, verb: "patch" },
  hits: [
    [
      {
        resource: "nodes",
        name: "worker-2",
        code: 403,
        message: 'nodes "worker-2" is forbidden: node "worker-1" is not allowed to modify node "worker-2"',
      },
    ],
    [
      {
        verb: "create",
        resource: "pods",
        namespace: "a",
        code: 403,
        message: 'pods "x" is forbidden: node "worker-1" can only create pods with spec.nodeName set to itself',
      },
    ],
  ],
  misses: [
    [
      {
        verb: "create",
        resource: "events",
        namespace: "a",
        code: 403,
        message: 'events "x" is forbidden: unable to create new content in namespace a because it is being terminated',
      },
    ],
    [{ resource: "nodes/status", name: "worker-1" }],
  ],
  async tell(group) {
    const { user = "", resource = "" } = group.key;
    const whys = await captured(group, /(?:node "[^"]*" )((?:is not allowed to|can only|cannot) .{1,160})/);
    if (whys === null) return null;
    return {
      title: `${user} may not write ${plain(resource)}: ${list(whys, 2)}`,
      detail: `${user} tried to write ${resource} ${group.row.requests} times ${within(group.row.firstSeen, group.row.lastSeen)} and was refused: ${list(whys, 2)}`,
      ...(/label|taint|token/.test(whys.join(" "))
        ? { severity: "high", why: "labels, taints and tokens are how a node would get at other pods" }
        : {}),
      attempt: true,
    };
  },
});
