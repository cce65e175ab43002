import type { WhyVerdict } from "../../../src/lineage/contract.ts";
import { field, list, text, type JsonObject } from "../../../src/lineage/json.ts";
import { controllerName, isNodeUser, removedUids, type Write, writesOf } from "./events.ts";
import { shrinksOf, type Shrink } from "./scaling.ts";

/** What became of one object, read from the bodies of a log by rules of Kubernetes alone. */
export interface TrueEnd {
  readonly uid: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** First request that shows it, and the last that is about it. */
  readonly firstUs: number;
  /** When its removal had been asked for; null: it is there until the end. */
  readonly removedUs: number | null;
  /** Answers that are right; null: these rules don't say. */
  readonly verdicts: readonly WhyVerdict[] | null;
  /** The request everything began with; null: these rules don't say. */
  readonly cause: string | null;
  readonly by: string | null;
}

interface Known {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly firstUs: number;
  owner: string;
  removals: Write[];
}

const TAINTS = new Set(["node-controller", "taint-eviction-controller", "node-lifecycle-controller"]);
/** Their verdict is theirs alone; who is behind it these rules don't say. */
const BY_CONTROLLER: Readonly<Record<string, readonly WhyVerdict[]>> = {
  "ttl-after-finished-controller": ["ttl"],
  "cronjob-controller": ["history-limit", "deleted"],
};

export function trueEnds(events: readonly JsonObject[]): Map<string, TrueEnd> {
  const writes = writesOf(events);
  const known = knownObjects(writes);
  const shrinks = shrinksOf(writes);
  const ends = new Map<string, TrueEnd>();
  const endOf = (uid: string, depth: number): TrueEnd | null => {
    const before = ends.get(uid);
    if (before !== undefined) return before;
    const object = known.get(uid);
    if (object === undefined || depth > 16) return null;
    const end = { uid, ...base(object), ...told(object, (other) => endOf(other, depth + 1), shrinks, known) };
    ends.set(uid, end);
    return end;
  };
  for (const uid of known.keys()) endOf(uid, 0);
  return ends;
}

function base({
  resource,
  namespace,
  name,
  firstUs,
}: Known): Pick<TrueEnd, "resource" | "namespace" | "name" | "firstUs"> {
  return { resource, namespace, name, firstUs };
}

function knownObjects(writes: readonly Write[]): Map<string, Known> {
  const known = new Map<string, Known>();
  const named = new Map<string, string>();
  for (const write of writes) {
    const uid = text(write.object, "metadata", "uid");
    const isObject = write.subresource === "" || write.subresource === "status";
    if (isObject && uid !== "" && write.verb !== "deletecollection" && !known.has(uid)) {
      const { resource, namespace, name, us } = write;
      known.set(uid, { resource, namespace, name, firstUs: us, owner: "", removals: [] });
      named.set(`${resource} ${namespace}/${name}`, uid);
    }
    const owners = list(write.object, "metadata", "ownerReferences");
    const owner = owners.find((entry) => field(entry, "controller") === true) ?? owners[0];
    const object = known.get(uid);
    if (object !== undefined && owner !== undefined && object.owner === "") object.owner = text(owner, "uid");
    if (write.subresource === "eviction") {
      const evicted = known.get(named.get(`pods ${write.namespace}/${write.name}`) ?? "");
      evicted?.removals.push(write);
    } else if (write.subresource === "" && write.verb.startsWith("delete")) {
      for (const { uid: gone } of removedUids(write)) known.get(gone)?.removals.push(write);
    }
  }
  return known;
}

type Told = Pick<TrueEnd, "removedUs" | "verdicts" | "cause" | "by">;

function told(
  object: Known,
  endOf: (uid: string) => TrueEnd | null,
  shrinks: ReadonlyMap<string, readonly Shrink[]>,
  known: ReadonlyMap<string, Known>,
): Told {
  const asked = object.removals.filter((write) => !(isNodeUser(write.user) && write.verb === "delete"));
  const first = asked[0] ?? object.removals[0];
  if (first === undefined) return { removedUs: null, verdicts: ["alive"], cause: null, by: null };
  const open = (verdicts: readonly WhyVerdict[] | null): Told => ({
    removedUs: first.answeredUs,
    verdicts,
    cause: null,
    by: null,
  });
  const ended = (verdicts: readonly WhyVerdict[], by: { user: string; auditID: string }): Told => ({
    removedUs: first.answeredUs,
    verdicts,
    cause: by.auditID,
    by: by.user,
  });
  if (asked.length === 0) return open(null);
  const controller = controllerName(first.user);
  if (first.subresource === "eviction") return { ...open(["evicted", "drained"]), by: first.user };
  if (controller === "namespace-controller") {
    const space = [...known].find(([, entry]) => entry.resource === "namespaces" && entry.name === object.namespace);
    return behind(open(["namespace-deleted"]), space === undefined ? null : endOf(space[0]));
  }
  if (first.verb === "deletecollection") return ended(["deletecollection"], first);
  if (controller === "generic-garbage-collector")
    return behind(open(["owner-deleted"]), object.owner === "" ? null : endOf(object.owner));
  if (first.user === "system:kube-scheduler") return open(["preempted"]);
  if (asked.some((write) => TAINTS.has(controllerName(write.user)) && write.us - first.us < 1_000_000))
    return open(["tainted"]);
  if (controller === "deployment-controller" && object.resource === "replicasets.apps") return open(["history-limit"]);
  if (controller === "replicaset-controller") return scaled(first, shrinks.get(object.owner) ?? [], open);
  if (BY_CONTROLLER[controller] !== undefined) return open(BY_CONTROLLER[controller]);
  if (controller !== "" || isNodeUser(first.user) || first.user === "system:apiserver") return open(null);
  return ended(["deleted"], first);
}

function behind(own: Told, owner: TrueEnd | null): Told {
  return owner === null || owner.removedUs === null ? own : { ...own, cause: owner.cause, by: owner.by };
}

/** Reactions to several shrinks at once can't be told apart: then only what they have in common is. */
const AT_ONCE_US = 1_500_000;

function scaled(
  removal: Write,
  shrinks: readonly Shrink[],
  open: (verdicts: readonly WhyVerdict[] | null) => Told,
): Told {
  const before = shrinks.filter((shrink) => shrink.us <= removal.us);
  const last = before.at(-1);
  if (last === undefined) return open(null);
  const near = before.filter((shrink) => last.us - shrink.us <= AT_ONCE_US || removal.us - shrink.us <= AT_ONCE_US);
  const kinds = new Set(near.map(({ kind }) => kind));
  if (kinds.size > 1 || last.kind === null) return open(null);
  const causes = new Set(near.map(({ cause }) => cause?.auditID ?? null));
  const cause = causes.size === 1 ? last.cause : null;
  return { ...open([last.kind]), cause: cause?.auditID ?? null, by: cause?.user ?? null };
}
