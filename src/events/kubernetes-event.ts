import { type JsonObject, objectOf, textOf } from "./json-values.ts";
import { resourceOfKind } from "./resource-names.ts";

/** The one reader of core/v1 and events.k8s.io Events: what a body says, "" and 0 for what it does not. */
export interface KubernetesEventBody {
  /** The Event's own name. */
  readonly namespace: string;
  readonly name: string;
  /** RFC 3339. */
  readonly first: string;
  readonly last: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** null: a patch that only counts up has none. */
  readonly object: InvolvedObject | null;
  /** `Pod/nginx-1` */
  readonly related: string;
  readonly component: string;
  readonly host: string;
}

export interface InvolvedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** `pods`, `deployments.apps`; "" when the kind is not known. */
  readonly resource: string;
}

/** `resource`: as requests name it, `events.events.k8s.io`. */
export function isKubernetesEvent(resource: string): boolean {
  return resource === "events" || resource === "events.events.k8s.io";
}

export function readKubernetesEvent(body: JsonObject): KubernetesEventBody {
  const meta = objectOf(body["metadata"]);
  const series = objectOf(body["series"]);
  const source = objectOf(body["source"]);
  const involved = objectOf(body["involvedObject"] ?? body["regarding"]);
  const related = objectOf(body["related"]);
  const kind = textOf(involved["kind"]);
  const eventTime = textOf(body["eventTime"]);
  return {
    namespace: textOf(meta["namespace"]),
    name: textOf(meta["name"]),
    first: textOf(body["firstTimestamp"]) || textOf(body["deprecatedFirstTimestamp"]) || eventTime,
    last:
      textOf(series["lastObservedTime"]) ||
      textOf(body["lastTimestamp"]) ||
      textOf(body["deprecatedLastTimestamp"]) ||
      eventTime,
    type: textOf(body["type"]),
    reason: textOf(body["reason"]),
    message: textOf(body["message"]) || textOf(body["note"]),
    count: countOf(series["count"]) || countOf(body["count"]) || countOf(body["deprecatedCount"]),
    object:
      kind === ""
        ? null
        : {
            kind,
            namespace: textOf(involved["namespace"]),
            name: textOf(involved["name"]),
            uid: textOf(involved["uid"]),
            resource: resourceOfKind(kind, textOf(involved["apiVersion"]) || defaultApiVersion(kind)),
          },
    related: textOf(related["kind"]) === "" ? "" : `${textOf(related["kind"])}/${textOf(related["name"])}`,
    component: textOf(body["reportingController"]) || textOf(body["reportingComponent"]) || textOf(source["component"]),
    host:
      textOf(body["reportingInstance"]) || textOf(source["host"]) || textOf(objectOf(body["deprecatedSource"])["host"]),
  };
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

/** Some reporters leave the apiVersion away. */
function defaultApiVersion(kind: string): string {
  return ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].includes(kind) ? "apps/v1" : "v1";
}

const LONGEST_NAME = 512;

/** Events are named `<object>.<hex>`: all that the Metadata level keeps of the object. null: by another name. */
export function objectNamedBy(event: string): string | null {
  return /^(.+)\.[0-9a-f]{14,16}$/.exec(event.slice(0, LONGEST_NAME))?.[1] ?? null;
}
