import { asObject, field, type JsonObject, type JsonValue, list, text } from "../../lineage/json.ts";
import type { Sighting } from "../contract.ts";

/** What has a pod's spec in it, written by whoever runs it. */
export const WORKLOADS =
  'resource:pods,deployments.apps,daemonsets.apps,statefulsets.apps,replicasets.apps,replicationcontrollers,jobs.batch,cronjobs.batch sub:""';

/** Of the object that was written: a pod's own, or that of its template. Of a patch what it says. Null where no body tells. */
export function podSpecOf({
  request,
  response,
  facts,
}: Pick<Sighting, "request" | "response" | "facts">): JsonObject | null {
  // A patch of something else leaves a spec as it was: whoever wrote that is told of it.
  const bodies = facts.verb === "create" ? [request, response] : [request];
  for (const body of bodies) {
    const spec = field(body, "spec");
    const found = [
      field(field(field(spec, "jobTemplate"), "spec"), "template", "spec"),
      field(spec, "template", "spec"),
      list(spec, "containers").length > 0 || list(spec, "volumes").length > 0 ? spec : undefined,
    ].find((value) => asObject(value) !== null);
    if (found !== undefined) return asObject(found);
  }
  return null;
}

export function allContainers(spec: JsonObject): readonly JsonValue[] {
  return [...list(spec, "containers"), ...list(spec, "initContainers"), ...list(spec, "ephemeralContainers")];
}

export function isTrue(value: JsonValue | undefined, key: string): boolean {
  return field(value, key) === true;
}

const CAPABILITIES = new Set([
  "ALL",
  "SYS_ADMIN",
  "SYS_MODULE",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "SYS_BOOT",
  "SYSLOG",
  "NET_ADMIN",
  "DAC_READ_SEARCH",
  "DAC_OVERRIDE",
  "BPF",
  "PERFMON",
]);

/** What lets a container out of itself: clauses. */
export function dangerOfContainer(container: JsonValue): readonly string[] {
  const security = field(container, "securityContext");
  const capabilities = list(field(security, "capabilities"), "add").flatMap((name) => {
    const plain = typeof name === "string" ? name.replace(/^CAP_/, "") : "";
    return CAPABILITIES.has(plain) ? [`it has capability ${plain}`] : [];
  });
  return [...(isTrue(security, "privileged") ? ["it is privileged"] : []), ...capabilities];
}

/** `command` and `args` of a container as one. */
export function commandOfContainer(container: JsonValue): readonly string[] {
  return [...list(container, "command"), ...list(container, "args")].filter((word) => typeof word === "string");
}

export function imagesOf(spec: JsonObject): readonly string[] {
  return allContainers(spec).map((container) => text(container, "image"));
}
