import { ObjectShape, type Shape } from "./shape.ts";

/** What lineage reads of bodies, kind by kind. Keys after `last` come behind all of it in the API server's order. */

const annotations = new ObjectShape({
  "kubernetes.io/config.mirror": true,
  "deployment.kubernetes.io/revision": true,
  "deployment.kubernetes.io/desired-replicas": true,
  "argocd.argoproj.io/tracking-id": true,
  "meta.helm.sh/release-name": true,
  "meta.helm.sh/release-namespace": true,
});

const labels = new ObjectShape({
  "argocd.argoproj.io/instance": true,
  "kustomize.toolkit.fluxcd.io/name": true,
  "kustomize.toolkit.fluxcd.io/namespace": true,
  "helm.toolkit.fluxcd.io/name": true,
  "helm.toolkit.fluxcd.io/namespace": true,
});

const owners = {
  each: new ObjectShape({ apiVersion: true, kind: true, name: true, uid: true, controller: true, $patch: true }),
};

const METADATA: Readonly<Record<string, Shape>> = {
  name: true,
  generateName: true,
  uid: true,
  resourceVersion: true,
  generation: true,
  creationTimestamp: true,
  deletionTimestamp: true,
  deletionGracePeriodSeconds: true,
  labels,
  annotations,
  ownerReferences: owners,
  finalizers: true,
};

/** managedFields are long: the next field is found by searching for it. */
const metadataBefore = (next: string): ObjectShape =>
  new ObjectShape(METADATA, { last: "managedFields", resume: `},"${next}":{` });

const named = new ObjectShape({ name: true });
const names = { each: named };

const specContainers = {
  each: new ObjectShape({
    name: true,
    image: true,
    envFrom: { each: new ObjectShape({ configMapRef: named, secretRef: named }) },
    env: { each: new ObjectShape({ valueFrom: new ObjectShape({ configMapKeyRef: named, secretKeyRef: named }) }) },
    volumeMounts: names,
  }),
};

const secretVolume = new ObjectShape({ secretName: true });

/** What runs, and what it refers to. */
const POD_SPEC: Readonly<Record<string, Shape>> = {
  volumes: {
    each: new ObjectShape({
      name: true,
      configMap: named,
      secret: secretVolume,
      persistentVolumeClaim: new ObjectShape({ claimName: true }),
      projected: new ObjectShape({ sources: { each: new ObjectShape({ configMap: named, secret: named }) } }),
    }),
  },
  initContainers: specContainers,
  containers: specContainers,
  serviceAccountName: true,
  imagePullSecrets: names,
};

const template = new ObjectShape(
  { metadata: new ObjectShape({ labels: true }), spec: new ObjectShape(POD_SPEC) },
  { hashed: true },
);

export const WORKLOAD_STATUS = new ObjectShape(
  {
    replicas: true,
    readyReplicas: true,
    updatedReplicas: true,
    availableReplicas: true,
    observedGeneration: true,
    desiredNumberScheduled: true,
    numberReady: true,
    updatedNumberScheduled: true,
    numberAvailable: true,
  },
  { last: "conditions" },
);

const condition = { each: new ObjectShape({ type: true, status: true, reason: true, message: true }) };

const ended = new ObjectShape({ exitCode: true, signal: true, reason: true });

const containers = {
  each: new ObjectShape({
    name: true,
    state: new ObjectShape({
      running: new ObjectShape({}),
      waiting: new ObjectShape({ reason: true, message: true }),
      terminated: ended,
    }),
    lastState: new ObjectShape({ terminated: ended }),
    restartCount: true,
  }),
};

export const POD_STATUS = new ObjectShape(
  {
    phase: true,
    reason: true,
    message: true,
    nominatedNodeName: true,
    conditions: condition,
    initContainerStatuses: containers,
    containerStatuses: containers,
  },
  { last: "qosClass" },
);

/** `kind` comes before the metadata, and nothing else is wanted. */
export const OBJECT = new ObjectShape(
  { kind: true, metadata: new ObjectShape(METADATA, { last: "managedFields" }) },
  { final: "metadata" },
);

/** Custom resources are written with their keys in order: managedFields come before the name. */
export const CUSTOM = new ObjectShape({ kind: true, metadata: new ObjectShape(METADATA) }, { final: "metadata" });

/** What tools that deploy do, and whose wish it was. */
export const DEPLOYER = new ObjectShape({
  kind: true,
  metadata: new ObjectShape({ ...METADATA, annotations: true }),
  operation: true,
  spec: true,
  status: new ObjectShape({
    operationState: new ObjectShape({
      operation: new ObjectShape({
        initiatedBy: true,
        sync: new ObjectShape({ revision: true }),
      }),
    }),
  }),
});

/** A kubelet's patch begins with the uid of the pod it means. */
export const UID_HEAD = new ObjectShape({ metadata: new ObjectShape({ uid: true }) }, { final: "metadata" });

export const WORKLOAD = new ObjectShape({
  kind: true,
  metadata: metadataBefore("spec"),
  spec: new ObjectShape({
    replicas: true,
    template,
    volumeClaimTemplates: { each: new ObjectShape({ metadata: named }) },
  }),
  status: WORKLOAD_STATUS,
});

export const POD = new ObjectShape({
  kind: true,
  metadata: new ObjectShape({ ...METADATA, labels: true }, { last: "managedFields", resume: '},"spec":{' }),
  spec: new ObjectShape({ ...POD_SPEC, nodeName: true }),
  status: POD_STATUS,
});

export const SCALE = new ObjectShape(
  {
    kind: true,
    metadata: metadataBefore("spec"),
    spec: new ObjectShape({ replicas: true }),
  },
  { last: "status" },
);

export const NODE = new ObjectShape(
  {
    kind: true,
    metadata: metadataBefore("spec"),
    spec: new ObjectShape({ unschedulable: true, taints: true }),
  },
  { last: "status" },
);

export const NODE_STATUS = new ObjectShape({
  kind: true,
  metadata: metadataBefore("spec"),
  spec: new ObjectShape({ unschedulable: true, taints: true }),
  status: new ObjectShape({ conditions: condition }, { last: "addresses" }),
});

export const CLAIM = new ObjectShape({
  kind: true,
  metadata: metadataBefore("spec"),
  spec: new ObjectShape({ volumeName: true }),
  status: new ObjectShape({ phase: true }),
});

export const ENDPOINT_SLICE = new ObjectShape(
  {
    kind: true,
    metadata: new ObjectShape(METADATA),
    endpoints: {
      each: new ObjectShape({ conditions: true, targetRef: new ObjectShape({ name: true }) }),
    },
  },
  { final: "endpoints" },
);

export const JOB = new ObjectShape({
  kind: true,
  metadata: metadataBefore("spec"),
  spec: new ObjectShape({ suspend: true }),
  status: new ObjectShape({ conditions: condition, active: true, succeeded: true, failed: true }),
});

export const AUTOSCALER = new ObjectShape({
  kind: true,
  metadata: metadataBefore("spec"),
  spec: new ObjectShape({ scaleTargetRef: true }),
  status: new ObjectShape({ desiredReplicas: true, currentMetrics: true, conditions: condition }),
});

/** Services and budgets: which pods they mean. */
export const SELECTOR = new ObjectShape(
  { kind: true, metadata: metadataBefore("spec"), spec: new ObjectShape({ selector: true }) },
  { last: "status" },
);

export const WEBHOOKS = new ObjectShape(
  { kind: true, metadata: new ObjectShape(METADATA), webhooks: names },
  { final: "webhooks" },
);

export const DELETE_OPTIONS = new ObjectShape({
  propagationPolicy: true,
  gracePeriodSeconds: true,
  orphanDependents: true,
  preconditions: new ObjectShape({ uid: true }),
  deleteOptions: new ObjectShape({
    propagationPolicy: true,
    gracePeriodSeconds: true,
    preconditions: new ObjectShape({ uid: true }),
  }),
});

export const BINDING = new ObjectShape({
  metadata: new ObjectShape({ uid: true }),
  target: new ObjectShape({ name: true }),
});

export const TOKEN_REQUEST = new ObjectShape({ spec: new ObjectShape({ boundObjectRef: true }) }, { last: "status" });

const involved = new ObjectShape({ kind: true, namespace: true, name: true, uid: true, apiVersion: true });

const REPORT: Readonly<Record<string, Shape>> = {
  kind: true,
  related: new ObjectShape({ kind: true, name: true }),
  reason: true,
  message: true,
  note: true,
  count: true,
  deprecatedCount: true,
  series: new ObjectShape({ count: true }),
  type: true,
};

export const CORE_EVENT = new ObjectShape({
  ...REPORT,
  metadata: new ObjectShape({}, { last: "managedFields", resume: '},"involvedObject":{' }),
  involvedObject: involved,
});

/** events.k8s.io: what it is about comes late, behind other fields. */
export const REGARDING_EVENT = new ObjectShape({ ...REPORT, regarding: involved });

export const COLLECTION = new ObjectShape({
  kind: true,
  items: { each: new ObjectShape({ metadata: new ObjectShape({ name: true, uid: true }) }) },
});

export const REFERENCE = new ObjectShape({ resourceVersion: true });

export const RESPONSE_STATUS = new ObjectShape({ message: true, details: new ObjectShape({ uid: true }) });
