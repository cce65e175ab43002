import type { Level } from "../events/vocabulary.ts";
import type { WholeBody } from "./event.ts";
import type { Actor } from "./actors.ts";
import type { DeployFacts } from "./deployers.ts";
import type { PodNeeds } from "./outside/needs.ts";
import type { Selector } from "./outside/selectors.ts";
import type { WebhookCall } from "./outside/webhooks.ts";

export interface OwnerReference {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

export interface DeleteFacts {
  /** `Orphan`, `Background`, `Foreground`, "" = not asked for. */
  readonly propagation: string;
  readonly graceSeconds: number | null;
  readonly preconditionUid: string;
  /** A deletecollection of only what a label or field selector matches. */
  readonly selective: boolean;
}

export interface PodStatusFacts {
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  /** null: the body does not say. */
  readonly ready: boolean | null;
  /** Containers with a `running` state, and all. */
  readonly running: number;
  readonly containers: number;
  /** `ContainerCreating`, `ImagePullBackOff`… of the first waiting container. */
  readonly waiting: string;
  /** What its containers are in trouble with: `waiting: CrashLoopBackOff, restarted ×3 after it ended: OOMKilled, exit code 137`. */
  readonly containersSay: string;
  readonly nominatedNode: string;
  /** reason and message of the DisruptionTarget condition. */
  readonly disruption: string;
  readonly unschedulable: string;
}

export interface WorkloadStatusFacts {
  readonly replicas: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  /** Generation of the spec the controller had seen. */
  readonly observed: number;
}

/** What the bodies of one request say about the object. Absent = the bodies do not say. */
export interface Facts {
  uid?: string;
  createdUs?: number;
  owners?: readonly OwnerReference[];
  /** Owners (uid) whose reference a refused patch was to take off. */
  releases?: readonly string[];
  generateName?: string;
  /** deletionTimestamp is set. */
  deleting?: boolean;
  deletionGrace?: number;
  /** When the removal was first asked for, whole seconds in µs: deletionTimestamp without the grace. */
  askedUs?: number;
  finalizers?: readonly string[];
  /** A patch that takes off all finalizers. */
  released?: boolean;
  mirror?: boolean;
  resourceVersion?: number;
  generation?: number;
  replicas?: number;
  /** Fingerprint of spec.template. */
  template?: string;
  /** `container=image` joined by ",". */
  images?: string;
  revision?: string;
  /** Deployment tool's object it belongs to: `Argo CD Application web`. */
  source?: string;
  /** Of such an object: what it is to deploy, and who asks for it. */
  deploys?: DeployFacts;
  /** Replicas the Deployment wanted when its controller last scaled this ReplicaSet. */
  desired?: number;
  node?: string;
  unschedulable?: boolean;
  /** `key=value:Effect` of a node's taints. */
  taints?: readonly string[];
  suspend?: boolean;
  scaleTarget?: string;
  /** apiVersion of the scale target. */
  scaleApi?: string;
  /** What its pods refer to and are labelled with. */
  needs?: PodNeeds;
  /** Names of a StatefulSet's claim templates. */
  claims?: readonly string[];
  /** Pods a Service or a budget means. */
  selects?: Selector;
  /** Webhooks of a webhook configuration. */
  webhooks?: readonly string[];
  /** The whole object was in the body: what is absent here, the object does not have. */
  full?: boolean;
  /** A patch without the object it led to: facts cover only what the patch mentions. */
  partial?: boolean;
  /** Which parts of the spec the patch mentions, when `partial`. */
  templatePatched?: boolean;
  delete?: DeleteFacts;
  pod?: PodStatusFacts;
  workload?: WorkloadStatusFacts;
  /** How the object is, in words, where its kind has no facts of its own for that. */
  standing?: string;
  /** The answered object, while it is kept. */
  body?: WholeBody;
  /** What a patch asked for, in words. */
  asked?: string;
  /** What the request changed besides, in words, told with its steps: `label team: a → b`. */
  change?: string;
  /** Job: why it is over, `Complete` or the reason of its failure: `DeadlineExceeded`. */
  over?: string;
}

/** A Kubernetes Event about an object. */
export interface KubernetesEventFacts {
  /** Empty strings at Metadata level. */
  readonly reason: string;
  readonly message: string;
  readonly type: string;
  readonly count: number;
  readonly related: string;
}

/** One request that concerns an object. */
export interface Touch {
  /** Received and answered; corrected where the API server's clock is known to be off. */
  timeUs: number;
  stageUs: number;
  readonly apiserver: string;
  readonly seq: number;
  readonly auditID: string;
  readonly verb: string;
  readonly subresource: string;
  readonly code: number | null;
  /** "" when the event does not tell. */
  readonly level: Level | "";
  readonly actor: Actor;
  readonly dryRun: boolean;
  /** A delete only starts its removal (pods, namespaces): something else ends it. */
  readonly lingers: boolean;
  /** Uid of the object, "" when the request does not tell. */
  readonly uid: string;
  /** resourceVersion the object had afterwards; NaN when the answer does not tell. */
  readonly version: number;
  /** resourceVersion the request was made from; NaN when it named none. */
  readonly base: number;
  /** `fieldManager` of the URI: `kubectl-annotate`, `kubectl-set`; tells what a patch was for even without its body. */
  readonly fieldManager: string;
  /** Reason and message of a failure, "" otherwise. */
  readonly failure: string;
  readonly facts: Facts | null;
  readonly event: KubernetesEventFacts | null;
  /** Webhooks that had a say in it; null where none is named. */
  readonly webhooks: readonly WebhookCall[] | null;
}

/**
 * Whether a pod template differs from the one known before. Fingerprints of bytes (`b…`) and of parsed JSON (`j…`) of
 * the same template are not comparable.
 */
export function templateChanged(facts: Facts | null, known: string | null): boolean {
  if (facts?.templatePatched === true) return true;
  const now = facts?.template;
  return now !== undefined && known !== null && now !== known && now[0] === known[0];
}

/** Answered 2xx/101 for real: only these change an object. */
export function succeeded(touch: Touch): boolean {
  return touch.code !== null && touch.code < 400 && !touch.dryRun;
}

/** Refused in a way that shows the object was there: a create of its name, or a change that only something there can refuse. */
export function isSighting({ verb, subresource, code, failure, event, dryRun }: Touch): boolean {
  if (event !== null || dryRun) return false;
  if (verb === "create") return subresource === "" && code === 409 && /already ?exists/i.test(failure);
  return code === 422 && (verb === "patch" || verb === "update");
}

/** Given up on, or its answer is not in the log: it may have been carried out all the same. */
export function isOpen({ code, dryRun }: Touch): boolean {
  return !dryRun && (code === null || code === 500 || code === 503 || code === 504);
}

/** When others could see what it did: the answer's time. */
export function answeredUs(touch: Touch): number {
  return Number.isFinite(touch.stageUs) ? touch.stageUs : touch.timeUs;
}

/** Versions of one store grow with every write: they put right what clocks that differ this much say. */
const VERSION_WINDOW_US = 2_000_000;

/** Came before: by the store's own count of writes where both tell it, else by the API servers' clocks. */
export function precedes(left: Touch, right: Touch): boolean {
  const byVersion = left.version < right.version || left.version > right.version;
  if (byVersion && Math.abs(left.timeUs - right.timeUs) <= VERSION_WINDOW_US) return left.version < right.version;
  return left.timeUs <= right.timeUs;
}

/** Sorts in place by time, then puts neighbours in the order in which they were stored. */
export function sortTouches(touches: Touch[]): void {
  touches.sort(byTime);
  for (let at = 1; at < touches.length; at += 1) {
    const touch = touches[at];
    if (touch === undefined || Number.isNaN(touch.version)) continue;
    let to = at;
    for (let back = at - 1; back >= 0; back -= 1) {
      const other = touches[back];
      if (other === undefined || touch.timeUs - other.timeUs > VERSION_WINDOW_US) break;
      if (other.version > touch.version) to = back;
    }
    if (to < at) {
      touches.splice(at, 1);
      touches.splice(to, 0, touch);
    }
  }
}

/** Time order that does not depend on the order of arrival. */
export function byTime(left: Touch, right: Touch): number {
  return (
    left.timeUs - right.timeUs ||
    left.stageUs - right.stageUs ||
    (left.auditID < right.auditID ? -1 : left.auditID > right.auditID ? 1 : 0)
  );
}
