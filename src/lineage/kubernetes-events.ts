import { resourceOfKind } from "../events/resource-names.ts";
import { controllerOf, nodeOf } from "./actors.ts";
import type { Bodies, LineageEvent } from "./event.ts";
import { asObject, field, number, text, type JsonValue } from "./json.ts";
import type { EventFacts } from "./touch.ts";

export interface InvolvedObject {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly facts: EventFacts;
}

export function isKubernetesEvent(resource: string): boolean {
  return resource === "events" || resource === "events.events.k8s.io";
}

const MAX_MESSAGE = 300;

/**
 * The object a Kubernetes Event is about: from its body, or at Metadata level from its own name, which is
 * `<object>.<16 hex digits>`, with the kind guessed from who reports it. null when neither tells.
 */
export function involvedObject(event: LineageEvent, bodies: Bodies): InvolvedObject | null {
  const body = eventBody(event, bodies);
  const involved = field(body, "involvedObject") ?? field(body, "regarding");
  if (asObject(involved) !== null) {
    const kind = text(involved, "kind");
    const related = field(body, "related");
    return {
      resource: resourceOfKind(kind, text(involved, "apiVersion") || apiVersionOf(kind)),
      namespace: kind === "Node" || kind === "Namespace" ? "" : text(involved, "namespace"),
      name: text(involved, "name"),
      uid: kind === "Node" ? "" : text(involved, "uid"),
      facts: {
        reason: text(body, "reason").slice(0, 64),
        message: (text(body, "message") || text(body, "note")).slice(0, MAX_MESSAGE),
        type: text(body, "type"),
        count: number(body, "count") ?? number(body, "series", "count") ?? 1,
        related: asObject(related) === null ? "" : `${text(related, "kind")}/${text(related, "name")}`,
      },
    };
  }
  const dot = event.name.lastIndexOf(".");
  if (dot <= 0 || !/^[0-9a-f]{14,16}$/.test(event.name.slice(dot + 1))) return null;
  const name = event.name.slice(0, dot);
  const resource = reportedResource(event, name);
  if (resource === "") return null;
  return {
    resource,
    namespace: resource === "nodes" ? "" : event.namespace,
    name,
    uid: "",
    facts: { reason: "", message: "", type: "", count: 1, related: "" },
  };
}

/** A create's request has it all; a patch that only counts up does not. */
function eventBody(event: LineageEvent, bodies: Bodies): JsonValue {
  if (event.verb === "create") {
    const request = bodies.requestBody();
    if (request !== null) return request;
  }
  const response = asObject(bodies.responseBody());
  return response !== null && text(response, "kind") !== "Status" ? response : bodies.requestBody();
}

function apiVersionOf(kind: string): string {
  return ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].includes(kind) ? "apps/v1" : "v1";
}

const REPORTED_BY: Readonly<Record<string, string>> = {
  "kube-scheduler": "pods",
  "deployment-controller": "deployments.apps",
  "replicaset-controller": "replicasets.apps",
  "statefulset-controller": "statefulsets.apps",
  "daemon-set-controller": "daemonsets.apps",
  "job-controller": "jobs.batch",
  "cronjob-controller": "cronjobs.batch",
  "horizontal-pod-autoscaler": "horizontalpodautoscalers.autoscaling",
};

function reportedResource(event: LineageEvent, name: string): string {
  const controller = controllerOf(event.user, event.useragent);
  if (controller === "kubelet") return name === nodeOf(event.user) ? "nodes" : "pods";
  return Object.hasOwn(REPORTED_BY, controller) ? (REPORTED_BY[controller] ?? "") : "";
}
