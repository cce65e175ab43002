import { repeated } from "../repeated.ts";
import { within } from "../words.ts";

export const superuserGroup = repeated({
  id: "auth-superuser-group",
  about: "somebody works as a member of system:masters, which no role can bound and nobody can take away",
  severity: "info",
  needs: ["metadata"],
  advice:
    "Give people accounts of their own with a binding to cluster-admin, and keep super-admin.conf for emergencies.",
  references: ["T1078", "Falco: Full K8s Administrative Access", "NSA: Kubernetes hardening guide"],
  terms: "group:system:masters actor:human",
  by: ["user"],
  least: 1,
  usual: { user: "admin", verb: "list", resource: "pods" },
  hits: [
    [{ user: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] }],
    [
      { groups: ["system:masters"], ip: "10.0.0.1" },
      { groups: ["system:masters"], ip: "10.0.0.2" },
    ],
  ],
  misses: [[{ user: "system:apiserver", groups: ["system:masters"] }], [{ user: "alice" }]],
  async tell({ key, row, own, store }) {
    const user = key["user"] ?? "";
    const places = await store.groups(own, ["ip"]);
    return {
      title: `${user} works as system:masters: ${row.requests} requests`,
      detail: `${user} made ${row.requests} requests ${within(row.firstSeen, row.lastSeen)} from ${places.length} ${places.length === 1 ? "address" : "addresses"} as a member of system:masters`,
      ...(places.length > 1 ? { severity: "low", why: "several addresses: a certificate that is shared" } : {}),
    };
  },
});
