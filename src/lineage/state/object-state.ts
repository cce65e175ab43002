import type { JsonObject } from "../json.ts";
import { fullBody, type StateRequest, stateAfter, UNKNOWN } from "./history.ts";
import { withoutManagedFields } from "./difference.ts";
import { draftOf, isList, isObject } from "./json-tree.ts";

/** An object as the last of some requests left it. */
export interface LastKnown {
  /** As it was last, also when it is gone by then; null: no body tells. Without managedFields. */
  readonly object: JsonObject | null;
  /** Position of the request that tells it. */
  readonly from: number;
  /** Fields (by path) that later requests changed without telling, or that a client leaves to the API server. */
  readonly unknown: readonly string[];
  /** Worked out from what was sent, not read from an answer. */
  readonly isGuessed: boolean;
  /** The last of the requests removed it. */
  readonly isGone: boolean;
}

/** `requests`: those on one life, in time order, from the last one on that has the whole object. */
export function lastKnown(requests: readonly StateRequest[]): LastKnown {
  let state = UNKNOWN;
  let from = -1;
  let object: JsonObject | null = null;
  let isGuessed = false;
  let isGone = false;
  const unknown = new Set<string>();
  const told = (body: JsonObject, at: number, guessed: boolean): void => {
    object = body;
    from = at;
    isGuessed = guessed;
    if (!guessed) unknown.clear();
  };
  for (const [at, request] of requests.entries()) {
    if (request.code === null || request.code >= 400 || request.dryRun || request.verb === "get") continue;
    const after = stateAfter(state, request);
    isGone = after.known && after.object === null;
    if (isGone) {
      const last = fullBody(request);
      if (last !== null) told(last, at, false);
      state = after;
    } else if (after.object !== null) {
      if (after.object !== state.object) told(after.object, at, after.guessed);
      state = after;
    } else {
      for (const path of untold(request, object)) unknown.add(path);
    }
  }
  if (isGuessed && object !== null) for (const path of byServer(object)) unknown.add(path);
  return {
    object: object === null ? null : (withoutManagedFields(object) as JsonObject),
    from,
    unknown: [...unknown].sort(),
    isGuessed,
    isGone,
  };
}

/** What a request may have changed that has no body. */
function untold({ subresource }: StateRequest, object: JsonObject | null): readonly string[] {
  if (subresource === "status") return ["status"];
  if (subresource === "scale") return ["spec.replicas"];
  if (subresource === "binding") return ["spec.nodeName"];
  return Object.keys(object ?? { metadata: {}, spec: {}, status: {} }).filter(
    (key) => key !== "apiVersion" && key !== "kind",
  );
}

/** What the API server writes by itself. */
function byServer(object: JsonObject): readonly string[] {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const own = ["creationTimestamp", "uid"].filter((key) => !metadata[key]).map((key) => `metadata.${key}`);
  return ["metadata.resourceVersion", ...own, ...(isObject(object["spec"]) && !object["status"] ? ["status"] : [])];
}

/** What belongs to one life of an object in one cluster, not to the object. */
const OF_A_LIFE = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
  "managedFields",
];

/** What a delete puts there until dependents are seen to. */
const OF_A_DELETE = new Set(["foregroundDeletion", "orphan"]);

/** As `kubectl apply` takes it, to have the object back. */
export function manifestOf(object: JsonObject): JsonObject {
  const draft = draftOf(object);
  delete draft["status"];
  if (isObject(draft["metadata"])) {
    const metadata = draftOf(draft["metadata"]);
    for (const key of OF_A_LIFE) delete metadata[key];
    const finalizers = metadata["finalizers"];
    const lasting = isList(finalizers) ? finalizers.filter((name) => !OF_A_DELETE.has(String(name))) : [];
    if (lasting.length > 0) metadata["finalizers"] = lasting;
    else delete metadata["finalizers"];
    draft["metadata"] = metadata;
  }
  return draft;
}
