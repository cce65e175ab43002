import { splitResource } from "../../events/resource-names.ts";
import type { Part, Proposal } from "./contract.ts";
import { canBeNamed, CHANGES, entriesOf, hasGroup, kindsWhere, READS, WRITES } from "./kinds.ts";
import { GROUPS, type Kind, type Traffic } from "./traffic.ts";
import { QUIET_URLS } from "./urls.ts";

/** The control plane's own certificates: every cluster has them. */
const CONTROL_PLANE = ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"] as const;
const SECRET = ["secrets", "configmaps", "serviceaccounts/token", "tokenreviews.authentication.k8s.io"] as const;
const OPENSHIFT_SECRET = ["oauthaccesstokens.oauth.openshift.io", "oauthauthorizetokens.oauth.openshift.io"] as const;
/** Custom resources whose name says that they hold something secret. */
const SOUNDS_SECRET = /(?:secret|token|credential|password|apikey|vaultauth)s?$/;
/** Read all the time by whoever has to. */
const HEARTBEATS = [
  "leases.coordination.k8s.io",
  "nodes",
  "nodes/status",
  "endpoints",
  "endpointslices.discovery.k8s.io",
] as const;
/** Its own ReplicaSets tell a Deployment nothing that it does not report itself. */
const WORKLOAD_STATUS: readonly string[] = [
  "pods/status",
  "deployments.apps/status",

  "statefulsets.apps/status",
  "daemonsets.apps/status",
  "jobs.batch/status",
  "cronjobs.batch/status",
];
const EVENTS = ["events", "events.events.k8s.io"] as const;
const LEASES = ["leases.coordination.k8s.io"] as const;
const ENDPOINTS = ["endpoints", "endpointslices.discovery.k8s.io"] as const;

function isRead({ attributes }: Kind): boolean {
  return attributes.isResourceRequest && (READS as readonly string[]).includes(attributes.verb);
}

function isOf(kind: Kind, targets: readonly string[], verbs?: readonly string[]): boolean {
  return targets.includes(kind.target) && (verbs === undefined || verbs.includes(kind.attributes.verb));
}

function isByNodes(kind: Kind): boolean {
  return hasGroup(kind, GROUPS.nodes);
}

function isByControlPlane({ user }: Kind): boolean {
  return user !== null && user.name !== "";
}

function anyRefused(kinds: readonly Kind[]): boolean {
  return kinds.some(({ refused }) => refused > 0);
}

/** The control plane's certificates, and the controllers' accounts that the log has asking for such. */
function controlPlaneUsers(kinds: readonly Kind[]): readonly string[] {
  const seen = kinds.filter(isByControlPlane).map(({ user }) => user?.name ?? "");
  return [...new Set([...CONTROL_PLANE, ...seen.toSorted()])];
}

function secretTargets(traffic: Traffic): readonly string[] {
  const seen = kindsWhere(traffic, () => true);
  const answered = seen.filter(({ succeeded }) => succeeded > 0).map(({ target }) => target);
  const custom = answered.filter((target) => {
    const [plural, group] = splitResource(target.split("/", 1)[0] ?? "");
    return group.includes(".") && SOUNDS_SECRET.test(plural);
  });
  const isOpenShift = seen.some(({ attributes }) => attributes.apiGroup.endsWith(".openshift.io"));
  return [...SECRET, ...(isOpenShift ? OPENSHIFT_SECRET : []), ...custom];
}

export const secrets: Part = (traffic) => [
  {
    about: ["Secrets, ConfigMaps and tokens: who touched them, never what is in them."],
    givesUp: "diffs of ConfigMaps",
    rule: { level: "Metadata", resources: entriesOf(secretTargets(traffic)) },
  },
];

export const urls: Part = (traffic) => {
  const quiet = (paths: readonly string[], groups: readonly string[]): Proposal["rule"] | null => {
    const asked = kindsWhere(traffic, (kind) => !kind.attributes.isResourceRequest && kind.attributes.verb === "get");
    const isRefused = (path: string): boolean =>
      anyRefused(asked.filter((kind) => kind.user !== null && kind.attributes.path === path.replace(/\*$/, "")));
    const kept = paths.filter((path) => !isRefused(path));
    return kept.length === 0 ? null : { level: "None", userGroups: groups, verbs: ["get"], nonResourceURLs: kept };
  };
  const probes = quiet(QUIET_URLS.probes, [GROUPS.authenticated, GROUPS.unauthenticated]);
  const discovery = quiet(QUIET_URLS.discovery, [GROUPS.authenticated]);
  // Refused probes go on being written.
  const accepts = probes?.nonResourceURLs?.length === QUIET_URLS.probes.length ? [] : ["anonymous-probes"];
  const probing = {
    about: ["Probes of the API server's health."],
    givesUp: "who probes the API server, and how often",
    accepts,
  };
  const starting = {
    about: ["Discovery: every client asks at its start what there is."],
    givesUp: "who asks for discovery",
    accepts,
  };
  return [
    ...(probes === null ? [] : [{ ...probing, rule: probes }]),
    ...(discovery === null ? [] : [{ ...starting, rule: discovery }]),
  ];
};

export const nodeReads: Part = (traffic) => {
  const reads = kindsWhere(traffic, (kind) => isByNodes(kind) && isRead(kind));
  const hidden = new Set([
    ...secretTargets(traffic),
    ...reads.filter(({ refused }) => refused > 0).map(({ target }) => target),
  ]);
  const seen = reads.filter(({ succeeded }) => succeeded > 0).map(({ target }) => target);
  const quiet = [...HEARTBEATS, ...seen].filter((target) => !hidden.has(target));
  return [
    {
      about: [
        "What kubelets read all the time. What is not listed is still written, and so is what they were refused.",
      ],
      givesUp: "how often nodes read nodes, services and the like",
      rule: { level: "None", userGroups: [GROUPS.nodes], verbs: READS, resources: entriesOf(quiet) },
      accepts: HEARTBEATS.some((target) => hidden.has(target)) ? ["watch-noise"] : [],
    },
  ];
};

export const controlPlaneReads: Part = (traffic) => {
  const hidden = secretTargets(traffic);
  const reads = kindsWhere(traffic, (kind) => isByControlPlane(kind) && isRead(kind) && !hidden.includes(kind.target));
  const users = controlPlaneUsers(reads);
  const refused = reads.filter((kind) => kind.refused > 0);
  const targets = entriesOf(refused.map(({ target }) => target));
  if (!refused.every(({ target }) => canBeNamed(target))) {
    const about = ["What the control plane reads: it was refused something in this log whose name no rule can hold."];
    return [{ about, givesUp: "", rule: { level: "Metadata", users, verbs: READS }, accepts: ["watch-noise"] }];
  }
  return [
    ...(targets.length === 0
      ? []
      : [
          {
            about: ["What the control plane was refused in this log: the next refusal is written too."],
            givesUp: "",
            rule: { level: "Metadata", users, verbs: READS, resources: targets } as const,
            accepts: ["watch-noise"],
          },
        ]),
    {
      about: ["What controllers, the scheduler and the API server read and watch to do their work."],
      givesUp: "how much the control plane reads",
      rule: { level: "None", users, verbs: READS, resources: [{ group: "*" }] },
    },
  ];
};

export const leases: Part = (traffic) => {
  const verbs = [...CHANGES, "delete"] as const;
  const of = (test: (kind: Kind) => boolean): readonly Kind[] =>
    kindsWhere(traffic, (kind) => isOf(kind, LEASES, verbs) && test(kind));
  const resources = entriesOf(LEASES);
  const proposals: Proposal[] = [];
  if (!anyRefused(of(isByNodes))) {
    proposals.push({
      about: ["Heartbeats of the nodes, every ten seconds each."],
      givesUp: "when a node's heartbeats stopped",
      rule: { level: "None", userGroups: [GROUPS.nodes], verbs, resources },
    });
  }
  const elections = of(isByControlPlane);
  if (!anyRefused(elections)) {
    proposals.push({
      about: ["Leader election of the control plane, every two seconds each."],
      givesUp: "when another controller manager or scheduler took over",
      rule: { level: "None", users: controlPlaneUsers(elections), verbs, resources },
    });
  }
  return [
    ...proposals,
    {
      about: ["Leader election of everything else: that it goes on, not what is in it."],
      givesUp: "",
      rule: { level: "Metadata", resources },
    },
  ];
};

export const events: Part = (traffic) => {
  const repeats = (test: (kind: Kind) => boolean): readonly Kind[] =>
    kindsWhere(traffic, (kind) => isOf(kind, EVENTS, ["update", "patch"]) && test(kind));
  const resources = entriesOf(EVENTS);
  const verbs = ["update", "patch"] as const;
  const about = ["Repeats of Kubernetes Events, which only count up: the first of each is written below."];
  const givesUp = "how often a Kubernetes Event was repeated";
  const proposals: Proposal[] = [];
  const [byNodes, byControlPlane] = [repeats(isByNodes), repeats(isByControlPlane)];
  if (byNodes.length > 0 && !anyRefused(byNodes)) {
    proposals.push({ about, givesUp, rule: { level: "None", userGroups: [GROUPS.nodes], verbs, resources } });
  }
  if (byControlPlane.length > 0 && !anyRefused(byControlPlane)) {
    proposals.push({
      about: proposals.length > 0 ? ["The same by the control plane."] : about,
      givesUp,
      rule: { level: "None", users: controlPlaneUsers(byControlPlane), verbs, resources },
    });
  }
  const told = kindsWhere(traffic, (kind) => isOf(kind, EVENTS, CHANGES) && hasGroup(kind, GROUPS.kubeSystem));
  if (told.length > 0) {
    proposals.push({
      about: ["Kubernetes Events by controllers: they tell what the controllers write anyway."],
      givesUp: "the words of controllers' Kubernetes Events",
      rule: { level: "Metadata", userGroups: [GROUPS.kubeSystem], verbs: CHANGES, resources },
    });
  }
  return [
    ...proposals,
    {
      about: [
        "Kubernetes Events by kubelets, the scheduler and others with their reasons and messages; the answer would only repeat them.",
      ],
      givesUp: "",
      rule: { level: "Request", resources },
    },
  ];
};

export const statuses: Part = (traffic) => {
  const isStatus = ({ attributes }: Kind): boolean =>
    attributes.subresource === "status" && ["update", "patch"].includes(attributes.verb);
  const verbs = ["update", "patch"] as const;
  const resources = [{ group: "*", resources: ["*/status"] }] as const;
  const proposals: Proposal[] = [];
  if (kindsWhere(traffic, (kind) => isStatus(kind) && isByNodes(kind)).length > 0) {
    proposals.push({
      about: ["What kubelets report of pods and nodes: the report, not the whole object it changes."],
      givesUp: "pods and nodes as they were after each report of a kubelet",
      rule: { level: "Request", userGroups: [GROUPS.nodes], verbs, resources },
    });
  }
  const certified = CONTROL_PLANE.filter(
    (name) => kindsWhere(traffic, (kind) => isStatus(kind) && kind.user?.name === name).length > 0,
  );
  if (certified.length > 0) {
    proposals.push({
      about: ["The same by the control plane: why a pod can't be scheduled is in it."],
      givesUp: "",
      rule: { level: "Request", users: certified, verbs, resources },
    });
  }
  const reported = kindsWhere(traffic, (kind) => isStatus(kind) && hasGroup(kind, GROUPS.serviceAccounts));
  const workloads = reported.filter(({ target }) => WORKLOAD_STATUS.includes(target));
  if (workloads.length > 0) {
    proposals.push({
      about: ["What controllers report of pods and workloads: why a pod has to go, how far a rollout is."],
      givesUp: "",
      rule: {
        level: "Request",
        userGroups: [GROUPS.serviceAccounts],
        verbs,
        resources: entriesOf(workloads.map(({ target }) => target)),
      },
    });
  }
  if (reported.length > workloads.length) {
    proposals.push({
      about: ["What controllers and operators report of other objects, which follows from what they write."],
      givesUp: "status of ReplicaSets and custom resources as controllers report it",
      rule: { level: "Metadata", userGroups: [GROUPS.serviceAccounts], verbs, resources },
    });
  }
  return proposals;
};

export const endpoints: Part = (traffic) => {
  const written = kindsWhere(traffic, (kind) => isOf(kind, ENDPOINTS, WRITES) && hasGroup(kind, GROUPS.kubeSystem));
  if (written.length === 0) return [];
  return [
    {
      about: [
        "Endpoints as controllers keep them: they follow the pods. What anybody else changes in them is written whole.",
      ],
      givesUp: "which addresses a Service had at a time",
      rule: { level: "Metadata", userGroups: [GROUPS.kubeSystem], verbs: WRITES, resources: entriesOf(ENDPOINTS) },
    },
  ];
};

export const removals: Part = (traffic) => {
  const isRemoval = ({ attributes }: Kind): boolean => attributes.isResourceRequest && attributes.verb === "delete";
  const groups = [GROUPS.nodes, GROUPS.serviceAccounts].filter(
    (group) => kindsWhere(traffic, (kind) => isRemoval(kind) && hasGroup(kind, group)).length > 0,
  );
  const users = CONTROL_PLANE.filter(
    (name) => kindsWhere(traffic, (kind) => isRemoval(kind) && kind.user?.name === name).length > 0,
  );
  const about = ["Removals by machinery: how they were asked for, without the object that goes."];
  const givesUp = "what an object looked like when machinery removed it";
  return [
    ...(groups.length === 0
      ? []
      : [{ about, givesUp, rule: { level: "Request", userGroups: groups, verbs: ["delete"] } as const }]),
    ...(users.length === 0 ? [] : [{ about, givesUp, rule: { level: "Request", users, verbs: ["delete"] } as const }]),
  ];
};

export const bootstrap: Part = (traffic) => {
  const users = ["system:apiserver"] as const;
  const isOwn = ({ user, attributes }: Kind): boolean =>
    user?.name === users[0] && (CHANGES as readonly string[]).includes(attributes.verb);
  if (kindsWhere(traffic, isOwn).length === 0) return [];
  return [
    {
      about: ["What the API server itself writes at each start: the same roles, flow schemas and services."],
      givesUp: "",
      rule: { level: "Metadata", users, verbs: CHANGES },
    },
  ];
};

export const writes: Part = () => [
  {
    about: ["Who writes what, with the object before it is stored and after: people first."],
    givesUp: "",
    rule: { level: "RequestResponse", verbs: WRITES },
    accepts: ["pods-env-secret"],
  },
];

export const everythingElse: Part = () => [
  {
    about: [
      "Everything else: who asked for what, from where, and what the answer was. Failed logins (401) end here too.",
    ],
    givesUp: "",
    rule: { level: "Metadata" },
  },
];

/** In the order their rules stand. */
export const PARTS: readonly Part[] = [
  secrets,
  urls,
  nodeReads,
  controlPlaneReads,
  leases,
  events,
  statuses,
  endpoints,
  removals,

  bootstrap,
  writes,
  everythingElse,
];
