import { number, text } from "../../../src/lineage/json.ts";
import { controllerName, type Write } from "./events.ts";

/** A ReplicaSet was asked for fewer pods. */
export interface Shrink {
  readonly us: number;
  readonly auditID: string;
  /** null: somebody else than the Deployment's controller did it, or nothing tells. */
  readonly kind: "scaled-down" | "rollout" | null;
  /** Request on the Deployment that it follows from; null where that can't be told apart from others. */
  readonly cause: Write | null;
}

const DESIRED = "deployment.kubernetes.io/desired-replicas";
const REVISION = "deployment.kubernetes.io/revision";

/**
 * By the ReplicaSet's own annotations: the Deployment's controller writes the replicas the Deployment wants into every
 * ReplicaSet it scales. In a shrinking update they changed: the Deployment was scaled; they did not: it rolls out.
 */
export function shrinksOf(writes: readonly Write[]): Map<string, Shrink[]> {
  const deployments = new Map<string, Change[]>();
  for (const change of deploymentChanges(writes)) {
    const known = deployments.get(change.uid);
    if (known === undefined) deployments.set(change.uid, [change]);
    else known.push(change);
  }
  const revisions = revisionsOf(writes);
  const found = new Map<string, Shrink[]>();
  const state = new Map<string, { replicas: number; desired: string }>();
  for (const write of writes) {
    if (write.resource !== "replicasets.apps" || write.verb === "delete" || write.object === null) continue;
    const uid = text(write.object, "metadata", "uid");
    const replicas = number(write.object, "spec", "replicas");
    if (uid === "" || replicas === undefined) continue;
    const desired = annotation(write, DESIRED);
    const before = state.get(uid);
    state.set(uid, { replicas, desired });
    if (before === undefined || replicas >= before.replicas) continue;
    const shrinks = found.get(uid) ?? [];
    found.set(uid, shrinks);
    const owner = ownerUid(write);
    const isOwn = controllerName(write.user) === "deployment-controller" && desired !== "" && before.desired !== "";
    const kind = !isOwn ? null : desired === before.desired ? "rollout" : "scaled-down";
    const changes = (deployments.get(owner) ?? []).filter((change) => change.write.us <= write.us);
    const cause =
      kind === "scaled-down"
        ? changes.findLast((change) => change.replicas === Number(desired) && change.scaled)
        : kind === "rollout"
          ? templateBehind(changes, revisions.get(owner) ?? [], write.us)
          : undefined;
    shrinks.push({ us: write.us, auditID: write.auditID, kind, cause: cause?.write ?? null });
  }
  return found;
}

/** The change of the template that led to the newest revision there was by then. */
function templateBehind(changes: readonly Change[], revisions: readonly Revision[], us: number): Change | undefined {
  const newest = revisions.findLast((revision) => revision.us <= us);
  return newest === undefined ? undefined : changeBehind(changes, newest);
}

/** The last change to just its template. */
function changeBehind(changes: readonly Change[], { us, template }: Revision): Change | undefined {
  return changes.findLast((change) => change.rolled && change.write.us <= us && change.template === template);
}

interface Change {
  readonly uid: string;
  readonly write: Write;
  readonly replicas: number;
  readonly template: string;
  readonly scaled: boolean;
  readonly rolled: boolean;
}

function deploymentChanges(writes: readonly Write[]): Change[] {
  const state = new Map<string, { replicas: number; template: string }>();
  const byName = new Map<string, string>();
  const found: Change[] = [];
  for (const write of writes) {
    if (write.resource !== "deployments.apps" || write.verb.startsWith("delete") || write.object === null) continue;
    if (write.subresource === "status") continue;
    const key = `${write.namespace}/${write.name}`;
    if (write.subresource === "scale") {
      const uid = byName.get(key) ?? "";
      const before = state.get(uid);
      const replicas = number(write.object, "spec", "replicas") ?? 0;
      if (before === undefined) continue;
      found.push({ uid, write, ...before, replicas, scaled: replicas !== before.replicas, rolled: false });
      state.set(uid, { ...before, replicas });
      continue;
    }
    const uid = text(write.object, "metadata", "uid");
    byName.set(key, uid);
    const replicas = number(write.object, "spec", "replicas") ?? 0;
    const template = templateOf(write);
    const before = state.get(uid);
    state.set(uid, { replicas, template });
    const isNew = write.verb === "create";
    found.push({
      uid,
      write,
      replicas,
      template,
      scaled: isNew || (before !== undefined && before.replicas !== replicas),
      rolled: isNew || (before !== undefined && before.template !== template),
    });
  }
  return found;
}

/** A ReplicaSet became a Deployment's newest. */
export interface Revision {
  readonly us: number;
  readonly number: number;
  readonly replicaSet: string;
  readonly name: string;
  readonly template: string;
}

/** By Deployment (uid), in order: the revision its controller writes into the ReplicaSet whose template is the wanted one. */
export function revisionsOf(writes: readonly Write[]): Map<string, Revision[]> {
  const found = new Map<string, Revision[]>();
  for (const write of writes) {
    if (write.resource !== "replicasets.apps" || write.verb === "delete") continue;
    const revision = Number(annotation(write, REVISION));
    const owner = ownerUid(write);
    if (!(revision > 0) || owner === "") continue;
    const known = found.get(owner) ?? [];
    found.set(owner, known);
    if (known.some((entry) => entry.number >= revision)) continue;
    const replicaSet = text(write.object, "metadata", "uid");
    known.push({ us: write.us, number: revision, replicaSet, name: write.name, template: templateOf(write) });
  }
  return found;
}

/** Every roll-out of every Deployment, with the request that caused it. */
export interface TrueRollouts {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly rollouts: readonly {
    readonly replicaSet: string;
    readonly cause: string | null;
    readonly by: string | null;
  }[];
}

export function trueRollouts(writes: readonly Write[]): TrueRollouts[] {
  const changes = deploymentChanges(writes);
  const revisions = revisionsOf(writes);
  const seen = new Map<string, Write>();
  for (const { uid, write } of changes) if (write.verb === "create") seen.set(uid, write);
  return [...seen].map(([uid, write]) => ({
    uid,
    namespace: write.namespace,
    name: write.name,
    rollouts: (revisions.get(uid) ?? []).map((revision) => {
      const cause = changeBehind(
        changes.filter((change) => change.uid === uid),
        revision,
      );
      return {
        replicaSet: revision.name,
        cause: cause?.write.auditID ?? null,
        by: cause?.write.user ?? null,
      };
    }),
  }));
}

function annotation(write: Write, key: string): string {
  const { metadata } = (write.object ?? {}) as {
    readonly metadata?: { readonly annotations?: Record<string, string> };
  };
  return metadata?.annotations?.[key] ?? "";
}

function ownerUid(write: Write): string {
  const { metadata } = (write.object ?? {}) as { readonly metadata?: { readonly ownerReferences?: { uid: string }[] } };
  return metadata?.ownerReferences?.[0]?.uid ?? "";
}

/** Without the hash the Deployment's controller adds. */
function templateOf(write: Write): string {
  const { spec } = (write.object ?? {}) as {
    readonly spec?: { readonly template?: { readonly metadata?: { readonly labels?: Record<string, string> } } };
  };
  const { "pod-template-hash": _hash, ...labels } = spec?.template?.metadata?.labels ?? {};
  return JSON.stringify({ ...spec?.template, metadata: { ...spec?.template?.metadata, labels } });
}
