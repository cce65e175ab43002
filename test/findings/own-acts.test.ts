import { describe, expect, it } from "vitest";
import { EXPECTED } from "../../src/findings/expected.ts";
import type { Sample, SampleRequest } from "../../src/findings/contract.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { engineOfSample } from "../support/finding-sample.ts";

const LEVELS = ["Metadata", "Request", "RequestResponse"] as const;

interface Act {
  readonly what: string;
  readonly user: string;
  readonly ip: string;
  readonly id: string;
  readonly requests: readonly Omit<SampleRequest, "user" | "ip">[];
  /** From this level on the log proves it. */
  readonly from: (typeof LEVELS)[number];
  /** Of requests, those it is about; default: all. */
  readonly count?: number;
}

const KUBECTL = "kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0";

/** Each by somebody of their own, as kubectl and others really go about it. */
const ACTS: readonly Act[] = [
  {
    what: "a shell on a node",
    user: "oidc:wendy",
    ip: "10.9.0.1",
    id: "node-debug",
    from: "Metadata",
    requests: [
      { verb: "get", resource: "nodes", name: "worker-3", ua: KUBECTL },
      {
        verb: "create",
        resource: "pods",
        namespace: "default",
        name: "node-debugger-worker-3-x8k2p",
        code: 201,
        ua: KUBECTL,
        request: {
          metadata: { name: "node-debugger-worker-3-x8k2p" },
          spec: { nodeName: "worker-3", hostPID: true, containers: [{ name: "debugger", image: "busybox" }] },
        },
      },
    ],
  },
  {
    what: "a namespace taken out of Pod Security",
    user: "dev-17@corp.test",
    ip: "10.9.0.2",
    id: "psa-label-weakened",
    from: "Request",
    requests: [
      { verb: "get", resource: "namespaces", namespace: "billing", name: "billing", ua: KUBECTL },
      {
        verb: "patch",
        resource: "namespaces",
        namespace: "billing",
        name: "billing",
        ua: KUBECTL,
        request: { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
      },
    ],
  },
  {
    what: "a policy engine that blocks its own pods",
    user: "system:serviceaccount:kube-system:replicaset-controller",
    ip: "10.9.0.3",
    id: "webhook-self-lock",
    from: "Metadata",
    requests: [
      {
        verb: "create",
        resource: "pods",
        namespace: "gate",
        code: 500,
        reason: "InternalError",
        times: 12,
        every: 4,
        message:
          'Internal error occurred: failed calling webhook "validate.gate.test": failed to call webhook: Post "https://gate-svc.gate.svc:443/v1/admit?timeout=3s": dial tcp 10.96.7.7:443: connect: connection refused',
      },
    ],
  },
  {
    what: "finalizers taken off a claim",
    user: "ops/linda",
    ip: "10.9.0.4",
    id: "finalizer-stripped",
    from: "Request",
    requests: [
      { verb: "get", resource: "persistentvolumeclaims", namespace: "db", name: "data-0", ua: KUBECTL },
      {
        verb: "patch",
        resource: "persistentvolumeclaims",
        namespace: "db",
        name: "data-0",
        ua: KUBECTL,
        request: { metadata: { finalizers: null } },
      },
    ],
  },
  {
    what: "somebody let into an EKS cluster",
    user: "arn:aws:iam::111122223333:user/contractor",
    ip: "10.9.0.5",
    id: "aws-auth-changed",
    from: "Metadata",
    requests: [
      { verb: "get", resource: "configmaps", namespace: "kube-system", name: "aws-auth", ua: KUBECTL },
      {
        verb: "patch",
        resource: "configmaps",
        namespace: "kube-system",
        name: "aws-auth",
        ua: KUBECTL,
        request: { data: { mapUsers: "- userarn: arn:aws:iam::1:user/x\n  groups: [system:masters]\n" } },
      },
    ],
  },
  {
    what: "a kubelet's certificate in somebody's hands",
    user: "system:node:worker-9",
    ip: "10.9.0.6",
    id: "authz-node-identity-misuse",
    from: "Metadata",
    requests: [
      { verb: "list", resource: "pods", ua: "curl/8.4.0" },
      { verb: "get", resource: "secrets", namespace: "pay", name: "card-keys", ua: "curl/8.4.0" },
    ],
  },
  {
    what: "a quota that stops a rollout",
    user: "system:serviceaccount:kube-system:replicaset-controller",
    ip: "10.9.0.7",
    id: "quota-loop",
    from: "Metadata",
    requests: [
      {
        verb: "create",
        resource: "pods",
        namespace: "team-q",
        code: 403,
        reason: "Forbidden",
        times: 9,
        every: 6,
        message:
          'pods "api-6c9b48db48-x7k2p" is forbidden: exceeded quota: compute, requested: limits.cpu=2, used: limits.cpu=9, limited: limits.cpu=10',
      },
    ],
  },
  {
    what: "a controller whose leadership comes and goes",
    user: "system:serviceaccount:ops:op",
    ip: "10.9.0.8",
    id: "leader-flap",
    from: "Request",
    requests: Array.from({ length: 12 }, (_, at) => ({
      at: 20 + at * 20,
      verb: "update",
      resource: "leases.coordination.k8s.io",
      namespace: "ops",
      name: "op-lock",
      ua: "op/1.0",
      request: {
        spec: {
          holderIdentity: `op-${Math.floor(at / 3) % 2}`,
          leaseTransitions: Math.floor(at / 3),
          leaseDurationSeconds: 15,
        },
      },
    })),
  },
  {
    what: "two controllers over one field",
    user: "system:serviceaccount:gitops:sync",
    ip: "10.9.0.9",
    id: "write-fight",
    from: "Metadata",
    requests: Array.from({ length: 16 }, (_, turn) => ({
      at: 30 + turn * 6,
      ...(turn % 2 === 0 ? {} : { user: "system:serviceaccount:scale:keeper", ip: "10.9.0.19" }),
      verb: "patch",
      resource: "deployments.apps",
      namespace: "web",
      name: "front",
      ua: "agent/1",
      request: { spec: { replicas: turn % 2 === 0 ? 2 : 6 } },
    })),
  },
  {
    what: "one credential in two places",
    user: "pat",
    ip: "10.9.0.10",
    id: "auth-credential-shared",
    from: "Metadata",
    // Those of the place that came second.
    count: 6,
    requests: Array.from({ length: 12 }, (_, at) => ({
      at: 40 + at,
      ...(at % 2 === 0 ? { ua: KUBECTL } : { ua: "python-requests/2.32", ip: "10.77.0.10" }),
      verb: "list",
      resource: "pods",
      namespace: "web",
      extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=ab12"] },
    })),
  },
];

/** What goes on all the time. */
const USUAL: Sample = [
  { user: "system:kube-scheduler", verb: "watch", resource: "pods", latencyMs: 300_000 },
  {
    user: "system:node:worker-9",
    ua: "kubelet/v1.33.1",
    ip: "10.1.0.9",
    verb: "get",
    resource: "nodes",
    name: "worker-9",
    times: 30,
    every: 10,
  },
  {
    user: "system:serviceaccount:web:front",
    ua: "front/1",
    ip: "10.2.0.4",
    verb: "get",
    resource: "configmaps",
    namespace: "web",
    name: "front",
    times: 4,
    every: 70,
  },
];

function sampleAt(level: (typeof LEVELS)[number]): Sample {
  const all = ACTS.flatMap(({ requests, user, ip }, act) =>
    requests.map((request, at): SampleRequest => ({
      at: 60 + act * 20 + at * 0.4,
      user,
      ip,
      ...request,
      ...(level === "RequestResponse" && request.request !== undefined ? { response: request.request } : {}),
    })),
  );
  if (level !== "Metadata") return [...USUAL, ...all];
  return [...USUAL, ...all.map(withoutBodies)];
}

function withoutBodies(request: SampleRequest): SampleRequest {
  const kept = Object.entries(request).filter(([key]) => key !== "request" && key !== "response");
  return Object.fromEntries(kept) as unknown as SampleRequest;
}

describe.each(LEVELS)("what is done by others than the recorded ones, logged at %s", (level) => {
  it("is told with its subject, its requests and its time, wherever the level proves it", async () => {
    const engine = engineOfSample(sampleAt(level));
    try {
      await engine.loaded();
      const { findings } = await engine.ask("findings", { filter: MATCH_ALL, expectations: EXPECTED, auditIDs: 0 });
      const told = ACTS.map(({ what, id, user, ip, requests, count }) => {
        const finding = findings.find((one) => one.id === id);
        if (finding === undefined) return `${what}: not found`;
        const { subject } = finding;
        const isSubject =
          (subject.user ?? subject.object ?? subject.namespace ?? "") !== "" &&
          (subject.user === undefined || subject.user === user) &&
          (subject.ip === undefined ||
            subject.ip === ip ||
            requests.some((request) => "ip" in request && request.ip === subject.ip));
        const sent = requests.reduce((sum, { times = 1 }) => sum + times, 0);
        return `${what}: ${isSubject ? "found" : JSON.stringify(subject)}, ${finding.count} of ${count ?? sent}`;
      });
      const wanted = ACTS.map(({ what, from, requests, count }) => {
        const sent = count ?? requests.reduce((sum, { times = 1 }) => sum + times, 0);
        return LEVELS.indexOf(level) < LEVELS.indexOf(from)
          ? `${what}: not found`
          : `${what}: found, ${sent} of ${sent}`;
      });
      expect(told).toEqual(wanted);
    } finally {
      await engine.close();
    }
  });
});
