import { objectNamedBy, readKubernetesEvent } from "../events/kubernetes-event.ts";
import { controllerOf, nodeOf } from "./actors.ts";
import type { Bodies, LineageEvent } from "./event.ts";
import { asObject, type JsonObject, text } from "./json.ts";
import type { KubernetesEventFacts } from "./touch.ts";

/** What an Event is about, as lineage names it. */
export interface InvolvedObject {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly facts: KubernetesEventFacts;
}

const MAX_MESSAGE = 300;
const MAX_REASON = 64;

/**
 * The object a Kubernetes Event is about: from its body, or at Metadata level from its own name, with the kind guessed from who
 * reports it. null when neither tells.
 */
export function involvedObject(event: LineageEvent, bodies: Bodies): InvolvedObject | null {
  const { object, reason, message, type, count, related } = readKubernetesEvent(eventBody(event, bodies));
  if (object !== null) {
    const { kind, resource, name } = object;
    return {
      resource,
      namespace: kind === "Node" || kind === "Namespace" ? "" : object.namespace,
      name,
      // The kubelet writes its node's name there.
      uid: kind === "Node" ? "" : object.uid,
      facts: {
        reason: reason.slice(0, MAX_REASON),
        message: message.slice(0, MAX_MESSAGE),
        type,
        count: Math.max(1, count),
        related,
      },
    };
  }
  const name = objectNamedBy(event.name);
  if (name === null) return null;
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
function eventBody(event: LineageEvent, bodies: Bodies): JsonObject {
  const request = event.verb === "create" ? asObject(bodies.requestBody()) : null;
  if (request !== null) return request;
  const response = asObject(bodies.responseBody());
  return (response !== null && text(response, "kind") !== "Status" ? response : asObject(bodies.requestBody())) ?? {};
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
