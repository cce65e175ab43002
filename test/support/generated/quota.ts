import { auditLog, type EventFacts } from "../audit-event.ts";

const NAMESPACE = "shop";
const DEPLOYMENT = { name: "web", namespace: NAMESPACE, uid: "0d6a3c2e-1111-4c4c-8d8d-0123456789ab" };
const REPLICA_SET = { name: "web-5f7c8d9b6f", namespace: NAMESPACE, uid: "0d6a3c2e-2222-4c4c-8d8d-0123456789ab" };
const CONTROLLER = { groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system"], ip: "10.0.0.1" };
const TRIES = 12;

function controller(name: string): Pick<EventFacts, "user" | "groups" | "ip" | "agent"> {
  return {
    ...CONTROLLER,
    user: `system:serviceaccount:kube-system:${name}`,
    agent: `kube-controller-manager/v1.36.2 (linux/amd64) kubernetes/8e16b12/system:serviceaccount:kube-system:${name}`,
  };
}

function owner(kind: string, of: { readonly name: string; readonly uid: string }): readonly unknown[] {
  return [{ apiVersion: "apps/v1", kind, name: of.name, uid: of.uid, controller: true, blockOwnerDeletion: true }];
}

/** alice creates a Deployment; its ReplicaSet is made, but every Pod is refused by a ResourceQuota, again and again. */
export function quotaRefusesPods(): string {
  const template = { spec: { containers: [{ name: "web", image: "registry.example/web:2" }] } };
  const replicaSet = {
    kind: "ReplicaSet",
    apiVersion: "apps/v1",
    metadata: { ...REPLICA_SET, ownerReferences: owner("Deployment", DEPLOYMENT) },
  };
  const events: EventFacts[] = [
    {
      at: 1_000,
      verb: "create",
      resource: "deployments",
      apiGroup: "apps",
      namespace: NAMESPACE,
      name: DEPLOYMENT.name,
      user: "alice@example.com",
      groups: ["platform-team"],
      agent: "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12",
      ip: "127.0.0.50",
      code: 201,
      request: {
        kind: "Deployment",
        apiVersion: "apps/v1",
        metadata: { name: "web" },
        spec: { replicas: 3, template },
      },
      response: { kind: "Deployment", apiVersion: "apps/v1", metadata: DEPLOYMENT, spec: { replicas: 3, template } },
    },
    {
      ...controller("deployment-controller"),
      at: 1_060,
      verb: "create",
      resource: "replicasets",
      apiGroup: "apps",
      namespace: NAMESPACE,
      name: REPLICA_SET.name,
      code: 201,
      request: { ...replicaSet, spec: { replicas: 3, template } },
      response: { ...replicaSet, spec: { replicas: 3, template } },
    },
  ];
  for (let attempt = 0, at = 1_120; attempt < TRIES; attempt += 1, at += 40 * 2 ** attempt) events.push(refusedPod(at));
  for (let at = 0; at < 200_000; at += 2_000)
    events.push({
      at,
      verb: "update",
      resource: "leases",
      apiGroup: "coordination.k8s.io",
      namespace: "kube-system",
      name: "kube-scheduler",
      user: "system:kube-scheduler",
      agent: "kube-scheduler/v1.36.2",
    });
  return auditLog(events);
}

function refusedPod(at: number): EventFacts {
  const message = `pods "${REPLICA_SET.name}-" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10`;
  const metadata = {
    generateName: `${REPLICA_SET.name}-`,
    namespace: NAMESPACE,
    ownerReferences: owner("ReplicaSet", REPLICA_SET),
  };
  return {
    ...controller("replicaset-controller"),
    at,
    verb: "create",
    resource: "pods",
    namespace: NAMESPACE,
    code: 403,
    reason: "Forbidden",
    message,
    request: { kind: "Pod", apiVersion: "v1", metadata },
    response: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason: "Forbidden",
      code: 403,
    },
  };
}
