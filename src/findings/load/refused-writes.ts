/** Writes that can't succeed, made again and again. */
import { captured, repeated } from "../repeated.ts";
import { list, personText, plain, within } from "../words.ts";

export const tooLarge = repeated({
  id: "write-413",
  about: "somebody writes what is larger than the API server takes",
  severity: "medium",
  needs: ["metadata"],
  advice: "Make it smaller: 1.5 MiB is what etcd takes, 3 MiB a request; large data belongs into a volume.",
  references: ["Kubernetes: ConfigMaps and Secrets"],
  terms: "code:413 verb:create,update,patch",
  by: ["user", "resource", "namespace"],
  least: 1,
  usual: { user: "ci", verb: "create", resource: "configmaps", namespace: "a", name: "x", code: 413 },
  hits: [[{}], [{ verb: "update", resource: "secrets", times: 5 }]],
  misses: [[{ code: 422 }], [{ code: 201 }]],
  tell: ({ key, row }) => {
    const { user = "", resource = "", namespace = "" } = key;
    return {
      title: `${personText(user)} writes ${plain(resource)}${namespace === "" ? "" : ` in ${namespace}`} that are too large: ${row.requests} × 413`,
      detail: `${personText(user)} tried to write ${resource}${namespace === "" ? "" : ` in ${namespace}`} ${row.requests} times ${within(row.firstSeen, row.lastSeen)}, and it was too large`,
    };
  },
});

export const invalidLoop = repeated({
  id: "write-422-loop",
  about: "a client keeps writing what the API server finds invalid",
  severity: "medium",
  needs: ["messages"],
  advice: "Mend the field that the message names; one that can't be changed needs the object to be created anew.",
  references: ["Kubernetes API conventions: 422"],
  terms: `code:422 verb:create,update,patch -resource:""`,
  by: ["user", "verb", "resource", "namespace"],
  least: 5,
  usual: { user: "ci", verb: "patch", resource: "deployments.apps", namespace: "a", code: 422 },
  hits: [
    [
      {
        name: "x",
        message: 'Deployment.apps "x" is invalid: spec.selector: Invalid value: field is immutable',
        times: 6,
        every: 2,
      },
    ],
    [
      {
        verb: "create",
        resource: "services",
        message: 'Service "x" is invalid: spec.ports[0].nodePort: Invalid value: 80',
        times: 20,
        every: 1,
      },
    ],
  ],
  misses: [[{ name: "x", times: 2 }], [{ name: "x", code: 409, times: 9 }]],
  async tell({ key, row, own, store }) {
    const { user = "", verb = "", resource = "", namespace = "" } = key;
    const messages = await store.messages(own, 20);
    const fields = new Set(
      messages.flatMap((message) => /is invalid: (?:\[)?([\w.[\]"/-]{1,120}): /.exec(message)?.[1] ?? []),
    );
    const where = fields.size === 0 ? "" : `: ${list(fields)}`;
    return {
      title: `${personText(user)} writes invalid ${plain(resource)}${namespace === "" ? "" : ` in ${namespace}`}: ${row.requests} × 422${where}`,
      detail: `${row.requests} times ${within(row.firstSeen, row.lastSeen)} a ${verb} of ${resource} by ${personText(user)} was refused as invalid${where}`,
    };
  },
});

export const quotaLoop = repeated({
  id: "quota-loop",
  about: "something keeps creating what a quota or a limit does not let it",
  severity: "medium",
  needs: ["messages"],
  advice: "Raise the quota that the message names, or ask for less; whoever waits for it stands still.",
  references: ["Kubernetes: resource quotas", "Kubernetes: limit ranges"],
  terms: "code:403 decision:allow verb:create,update,patch",
  by: ["user", "resource", "namespace"],
  least: 5,
  usual: { user: "ci", verb: "create", resource: "pods", namespace: "a", code: 403, times: 12 },
  hits: [
    [
      {
        user: "system:serviceaccount:kube-system:replicaset-controller",
        message: 'pods "x" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=4, limited: cpu=4',
        every: 3,
      },
    ],
    [{ message: 'pods "x" is forbidden: failed quota: compute: must specify limits.cpu', times: 5 }],
  ],
  misses: [
    [{ message: 'pods "x" is forbidden: exceeded quota: compute', times: 2 }],
    [{ message: "pods is forbidden: unable to create new content in namespace a because it is being terminated" }],
  ],
  async tell(group) {
    const { user = "", resource = "", namespace = "" } = group.key;
    const quotas = await captured(group, /(?:exceeded|failed) quota: ([\w.-]{1,253})|maximum .{1,40} usage per/);
    if (quotas === null) return null;
    const what = list(quotas.map((name) => (name === "" ? "a limit" : `quota ${name}`)));
    return {
      title: `${what} refuses ${plain(resource)} in ${namespace}: ${group.row.requests} × 403`,
      detail: `${personText(user)} tried ${group.row.requests} times ${within(group.row.firstSeen, group.row.lastSeen)} to write ${resource} in ${namespace}, and ${what} refused it`,
    };
  },
});

export const createInTerminating = repeated({
  id: "create-in-terminating",
  about: "something keeps creating objects in a namespace that is going away",
  severity: "low",
  needs: ["messages"],
  advice: "Stop whatever deploys into it, or find out why the namespace does not go: see ns-stuck.",
  references: ["Kubernetes: namespaces"],
  terms: "code:403 decision:allow verb:create",
  by: ["user", "resource", "namespace"],
  least: 10,
  usual: { user: "ops", verb: "create", resource: "configmaps", namespace: "b", code: 403, times: 12 },
  hits: [
    [
      {
        user: "system:serviceaccount:ci:deployer",
        resource: "pods",
        namespace: "a",
        message: 'pods "x" is forbidden: unable to create new content in namespace a because it is being terminated',
        every: 2,
      },
    ],
    [
      {
        message:
          'configmaps "x" is forbidden: unable to create new content in namespace b because it is being terminated',
        times: 10,
      },
    ],
  ],
  misses: [
    [{ message: "unable to create new content in namespace b because it is being terminated", times: 3 }],
    [{ message: "exceeded quota: x" }],
  ],
  async tell(group) {
    const { user = "", resource = "", namespace = "" } = group.key;
    if ((await captured(group, /because it is being terminated/)) === null) return null;
    return {
      title: `${personText(user)} creates ${plain(resource)} in ${namespace}, which is going away: ${group.row.requests} × 403`,
      detail: `${personText(user)} tried ${group.row.requests} times ${within(group.row.firstSeen, group.row.lastSeen)} to create ${resource} in namespace ${namespace} while it was being deleted`,
    };
  },
});
