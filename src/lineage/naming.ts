import type { ObjectRecord } from "./object-record.ts";

/** Kubernetes' alphabet for generated suffixes and hashes: no vowels, no 0, 1, 3. */
const SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const HASH = /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/;
/** generateName keeps this much of its base, so that the name fits in 63 characters. */
const MAX_BASE = 58;

/** How a controller names what it creates. */
export interface NamingRule {
  readonly child: string;
  readonly owner: string;
  readonly controller: string;
  /** Names the owner may have, likeliest first; [] when the child's name has another shape. */
  owners(child: string, known: Iterable<ObjectRecord>): readonly string[];
}

/** `<owner>-<5 random>`, the base cut at 58 characters. */
function generated(owner: string): NamingRule["owners"] {
  return (child, known) => {
    if (!SUFFIX.test(child.slice(-5))) return [];
    const base = child.slice(0, -5);
    const names = base.endsWith("-") ? [base.slice(0, -1)] : [];
    if (base.length < MAX_BASE) return names;
    for (const { resource, name } of known) {
      if (resource === owner && name.length >= MAX_BASE && name.slice(0, MAX_BASE) === base) names.push(name);
    }
    return names;
  };
}

function dashed(tail: RegExp): NamingRule["owners"] {
  return (child) => {
    const dash = child.lastIndexOf("-");
    return dash > 0 && tail.test(child.slice(dash + 1)) ? [child.slice(0, dash)] : [];
  };
}

/** `<job>-<5>` and, for indexed jobs, `<job>-<index>-<5>`. */
const jobPods: NamingRule["owners"] = (child, known) => {
  const [name, ...others] = generated("jobs.batch")(child, known);
  if (name === undefined) return [];
  const indexed = /^(.+)-\d+$/.exec(name);
  return indexed?.[1] === undefined ? [name, ...others] : [name, indexed[1], ...others];
};

/** `<template>-<statefulset>-<ordinal>`: every tail of the middle may be the StatefulSet. */
const claims: NamingRule["owners"] = (child) => {
  const parts = child.split("-");
  if (!/^\d+$/.test(parts.pop() ?? "")) return [];
  return parts.slice(1, 12).map((_, at) => parts.slice(at + 1).join("-"));
};

const rule = (child: string, owner: string, controller: string, owners: NamingRule["owners"]): NamingRule => ({
  child,
  owner,
  controller,
  owners,
});

export const NAMING_RULES: readonly NamingRule[] = [
  rule("replicasets.apps", "deployments.apps", "deployment-controller", dashed(HASH)),
  rule("pods", "replicasets.apps", "replicaset-controller", generated("replicasets.apps")),
  rule("pods", "statefulsets.apps", "statefulset-controller", dashed(/^\d+$/)),
  rule("pods", "daemonsets.apps", "daemon-set-controller", generated("daemonsets.apps")),
  rule("pods", "jobs.batch", "job-controller", jobPods),
  rule("pods", "replicationcontrollers", "replication-controller", generated("replicationcontrollers")),
  rule("jobs.batch", "cronjobs.batch", "cronjob-controller", dashed(/^\d{8,11}$/)),
  rule("controllerrevisions.apps", "statefulsets.apps", "statefulset-controller", dashed(HASH)),
  rule("controllerrevisions.apps", "daemonsets.apps", "daemon-set-controller", dashed(HASH)),
  rule("endpointslices.discovery.k8s.io", "services", "endpointslice-controller", generated("services")),
  rule("persistentvolumeclaims", "statefulsets.apps", "statefulset-controller", claims),
];

const byChild = new Map<string, NamingRule[]>();
for (const entry of NAMING_RULES) {
  const known = byChild.get(entry.child);
  if (known === undefined) byChild.set(entry.child, [entry]);
  else known.push(entry);
}

/** What the names of an object's children begin with, by their kinds; null: their beginning does not tell. */
export function childNames({ resource, name }: Pick<ObjectRecord, "resource" | "name">): {
  readonly resource: string;
  readonly prefix: string | null;
}[] {
  return NAMING_RULES.filter(({ owner }) => owner === resource).map((each) => ({
    resource: each.child,
    prefix: each.owners === claims ? null : `${name}-`.slice(0, MAX_BASE),
  }));
}

/** What is left of a long owner's name in that of a child, null in others. */
export function longBase(child: string): string | null {
  const base = child.slice(0, -5);
  return base.length >= MAX_BASE ? base : null;
}

export function namingRules(child: string): readonly NamingRule[] {
  return byChild.get(child) ?? [];
}
