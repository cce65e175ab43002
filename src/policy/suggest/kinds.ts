import type { Kind, Traffic } from "./traffic.ts";

export const READS = ["get", "list", "watch"] as const;
export const CHANGES = ["create", "update", "patch"] as const;
export const WRITES = [...CHANGES, "delete", "deletecollection"] as const;

export function kindsWhere(traffic: Traffic, test: (kind: Kind) => boolean): readonly Kind[] {
  return [...traffic.kinds.values()].filter(test);
}

export function hasGroup({ user }: Kind, group: string): boolean {
  return user?.groups.includes(group) === true;
}

/** Names that rules may hold: what strangers put into URLs is not written into a policy. */
const RESOURCE = /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9.-]*)?(?:\/[a-z0-9]+)?$/;

export function canBeNamed(target: string): boolean {
  return RESOURCE.test(target);
}

/** `nodes`, `leases.coordination.k8s.io` as entries of a rule, by group. */
export function entriesOf(
  targets: Iterable<string>,
): readonly { readonly group: string; readonly resources: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const target of [...new Set(targets)].toSorted()) {
    if (!canBeNamed(target)) continue;
    const [resource = "", subresource] = target.split("/", 2);
    const dot = resource.indexOf(".");
    const group = dot < 0 ? "" : resource.slice(dot + 1);
    const plural = dot < 0 ? resource : resource.slice(0, dot);
    const named = groups.get(group) ?? [];
    named.push(subresource === undefined ? plural : `${plural}/${subresource}`);
    groups.set(group, named);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([group, resources]) => ({ group, resources }));
}
