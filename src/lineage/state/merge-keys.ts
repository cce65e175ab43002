/**
 * How strategic merge patch joins lists of built-in kinds, by the name of the list. The same name may mean different
 * lists (a Service's ports, a container's): the first key that an element has is taken.
 */
const MERGE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["containers", ["name"]],
  ["initContainers", ["name"]],
  ["ephemeralContainers", ["name"]],
  ["volumes", ["name"]],
  ["volumeMounts", ["mountPath"]],
  ["volumeDevices", ["devicePath"]],
  ["env", ["name"]],
  ["ports", ["containerPort", "port"]],
  ["imagePullSecrets", ["name"]],
  ["secrets", ["name"]],
  ["hostAliases", ["ip"]],
  ["topologySpreadConstraints", ["topologyKey"]],
  ["resourceClaims", ["name"]],
  ["schedulingGates", ["name"]],
  ["conditions", ["type"]],
  ["addresses", ["type"]],
  ["ownerReferences", ["uid"]],
  ["podIPs", ["ip"]],
  ["hostIPs", ["ip"]],
  ["resourceClaimStatuses", ["name"]],
  ["webhooks", ["name"]],
  ["subjects", []],
]);

/** Lists of plain values that are joined as sets. */
const SETS: ReadonlySet<string> = new Set(["finalizers"]);

/** Key by which the elements of a list are joined; null when the list is replaced as a whole. */
export function mergeKeyOf(listName: string, element: object): string | null {
  for (const key of MERGE_KEYS.get(listName) ?? []) {
    if (Object.hasOwn(element, key)) return key;
  }
  return null;
}

export function isSet(listName: string): boolean {
  return SETS.has(listName);
}

/** API groups whose patches may be strategic: custom resources have no merge keys. */
export function isBuiltIn(resource: string): boolean {
  const dot = resource.indexOf(".");
  if (dot < 0) return true;
  const group = resource.slice(dot + 1);
  return !group.includes(".") || group.endsWith(".k8s.io");
}
