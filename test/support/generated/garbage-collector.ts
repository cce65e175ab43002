import { auditLog, type EventFacts, noise } from "../audit-event.ts";

const HOUR = 3_600_000;
const DAYS = 61;
const NAMESPACE = "shop";
const REPLICA_SET = { name: "web-6d4cf56db6", uid: "5c9b0e0e-1111-4a4a-9b9b-0123456789ab" };
const PODS = [
  { name: "web-6d4cf56db6-7x5j6", uid: "6e1d1f2a-2222-4b4b-8c8c-0123456789ab" },
  { name: "web-6d4cf56db6-qxvd2", uid: "6e1d1f2a-3333-4b4b-8c8c-0123456789ab" },
];
const COLLECTOR = {
  user: "system:serviceaccount:kube-system:generic-garbage-collector",
  groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system"],
  agent:
    "kube-controller-manager/v1.36.2 (linux/amd64) kubernetes/8e16b12/system:serviceaccount:kube-system:generic-garbage-collector",
  ip: "10.0.0.1",
};

/**
 * A ReplicaSet is deleted with its Pods orphaned: the garbage collector must take the ownerReference out of each Pod, and a
 * mutating webhook puts an immutable field into every such patch. Answered 422 every hour for two months.
 */
export function garbageCollector422(): string {
  const events: EventFacts[] = [
    {
      at: 0,
      verb: "delete",
      resource: "replicasets",
      apiGroup: "apps",
      namespace: NAMESPACE,
      name: REPLICA_SET.name,
      user: "alice@example.com",
      groups: ["platform-team"],
      agent: "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12",
      ip: "127.0.0.50",
      request: { kind: "DeleteOptions", apiVersion: "meta.k8s.io/__internal", propagationPolicy: "Orphan" },
      response: {
        kind: "ReplicaSet",
        apiVersion: "apps/v1",
        metadata: {
          ...REPLICA_SET,
          namespace: NAMESPACE,
          deletionTimestamp: "2026-11-21T00:00:00Z",
          deletionGracePeriodSeconds: 0,
          finalizers: ["orphan"],
        },
      },
    },
  ];
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    PODS.forEach((pod, at) => events.push(refusedPatch(pod, hour * HOUR + 1_000 + at * 40)));
    events.push(lease(hour * HOUR + 30_000));
  }
  return auditLog(events);
}

function refusedPatch(pod: { readonly name: string; readonly uid: string }, at: number): EventFacts {
  const message = `Pod "${pod.name}" is invalid: spec: Forbidden: pod updates may not change fields other than \`spec.containers[*].image\`, \`spec.initContainers[*].image\`, \`spec.activeDeadlineSeconds\`, \`spec.tolerations\` (only additions to existing tolerations), \`spec.terminationGracePeriodSeconds\` (allow it to be set to 1 if it was previously negative)`;
  return {
    ...COLLECTOR,
    at: Math.round(at + noise(at) * 500),
    latencyMs: 9,
    verb: "patch",
    resource: "pods",
    namespace: NAMESPACE,
    name: pod.name,
    code: 422,
    reason: "Invalid",
    message,
    request: { metadata: { ownerReferences: [{ $patch: "delete", uid: REPLICA_SET.uid }], uid: pod.uid } },
    response: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason: "Invalid",
      code: 422,
    },
    annotations: {
      "authorization.k8s.io/reason":
        'RBAC: allowed by ClusterRoleBinding "system:controller:generic-garbage-collector" of ClusterRole "system:controller:generic-garbage-collector" to ServiceAccount "generic-garbage-collector/kube-system"',
      "mutation.webhook.admission.k8s.io/round_0_index_0":
        '{"configuration":"sidecar-injector","webhook":"inject.sidecar.example.com","mutated":true}',
      "patch.webhook.admission.k8s.io/round_0_index_0":
        '{"configuration":"sidecar-injector","webhook":"inject.sidecar.example.com","patch":[{"op":"add","path":"/spec/containers/1","value":{"name":"proxy","image":"registry.example/proxy:2"}}],"patchType":"JSONPatch"}',
    },
  };
}

function lease(at: number): EventFacts {
  return {
    at,
    verb: "update",
    resource: "leases",
    apiGroup: "coordination.k8s.io",
    namespace: "kube-system",
    name: "kube-scheduler",
    user: "system:kube-scheduler",
    agent: "kube-scheduler/v1.36.2",
    ip: "10.0.0.1",
  };
}
