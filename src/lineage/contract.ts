/** JSON shapes of `trail`, `why` and `object` in docs/interface.md (extra fields are additions). Times are RFC 3339 UTC. */

import type { JsonObject } from "./json.ts";
import type { ClockNote } from "./clocks.ts";
import type { StateChange } from "./state/difference.ts";

export type Evidence = "uid" | "name" | "actor";
export type Confidence = "certain" | "likely" | "guess";

export interface TrailNode {
  /** The uid where the log has it, else `namespace/resource/name#incarnation`. Either is accepted as OBJECT. */
  readonly id: string;
  readonly kind: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** 1-based life of this name. */
  readonly incarnation: number;
  /** Lives of this name in the log. */
  readonly lives?: number;
  readonly owner: { readonly id: string; readonly evidence: Evidence; readonly confidence: Confidence } | null;
  readonly created: string | null;
  /** When the removal was asked for (the request that decided it); `gone` is when the object was really removed. */
  readonly deleted: string | null;
  readonly createdBy: string | null;
  readonly deletedBy: string | null;
  /** Node a pod was bound to. */
  readonly node: string | null;
  /** plural.group, as the filter language spells it. */
  readonly resource?: string;
  readonly gone?: string | null;
  /** Has a deletionTimestamp and is still there. */
  readonly terminating?: boolean;
  /** An owner the object names but of which the log has no request. */
  readonly ownerUnseen?: {
    readonly kind: string;
    readonly apiVersion: string;
    readonly name: string;
    readonly uid: string;
  } | null;
  /** Pods only: when each milestone was first seen. */
  readonly milestones?: PodMilestones | null;
}

export interface PodMilestones {
  readonly created: string | null;
  readonly bound: string | null;
  /** First status patch of its kubelet. */
  readonly accepted: string | null;
  readonly pulled: string | null;
  readonly started: string | null;
  readonly ready: string | null;
}

export interface TrailStep {
  readonly t: string;
  /** ms since the first step */
  readonly atMs: number;
  readonly actor: string;
  readonly actorClass: string;
  readonly verb: string;
  /** Node id of the object touched. */
  readonly object: string;
  readonly subresource: string;
  readonly code: number | null;
  readonly latencyMs: number | null;
  /** The step in a few words: "created with 2 replicas", "bound to worker-1". */
  readonly what: string;
  readonly auditID: string;
  /** Row id, to open the request; null when the row was evicted. */
  readonly seq: number | null;
  /** `event`: a Kubernetes Event about the object; `failure`: answered with an error and changed nothing. */
  readonly sort?: "request" | "event" | "failure" | "dry-run";
  /** Controller that acted, where it can be told: "deployment-controller". */
  readonly controller?: string;
}

export interface TrailPhase {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly ms: number;
  /** Position in `rollouts` the phase belongs to; absent for a single pod. */
  readonly rollout?: number;
}

/** One roll-out of a Deployment, StatefulSet or DaemonSet: its creation or a change of its pod template. */
export interface TrailRollout {
  readonly revision: string | null;
  /** The step that caused it: "created with 2 replicas", "image nginx:1.25 → nginx:1.26". */
  readonly what: string;
  readonly by: string;
  readonly auditID: string;
  readonly from: string;
  /** When every replica was available; null when that never came (or the log does not say). */
  readonly to: string | null;
  readonly ms: number | null;
  /** Node ids of its ReplicaSet and pods. */
  readonly replicaSet: string | null;
  readonly pods: readonly string[];
  /** Pod that was Ready last. */
  readonly slowestPod: string | null;
}

/** A write that was stored. */
export interface ObjectChange {
  /** µs since the epoch by which it is stored: ask for the state at that time. */
  readonly atUs: number;
  readonly t: string;
  readonly what: string;
  readonly by: string;
  readonly auditID: string;
  readonly seq: number | null;
}

/** An object as it was at a time. */
export interface ObjectAt {
  /** `Deployment demo/nginx` */
  readonly object: string;
  /** Plural with group. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** RFC 3339: when it was so; null: as it was last. */
  readonly at: string | null;
  /** `metadata`: the log has no body of it. */
  readonly known: "whole" | "partial" | "metadata";
  /** Paths that are not known. */
  readonly unknown: readonly string[];
  /** Without managedFields; null: it was not there. */
  readonly state: JsonObject | null;
  /** The request that tells it. */
  readonly from: { readonly auditID: string; readonly t: string } | null;
  /** When its removal was asked for, by then. */
  readonly deleted: string | null;
  /** Owners it names that the log knows to be gone: what names them is collected. */
  readonly goneOwners: readonly string[];
  /** Where among the changes of its life it stands. */
  readonly changes: {
    /** The change it was made by: 1 … `of`; 0 before the first. */
    readonly number: number;
    readonly of: number;
    readonly last: ObjectChange | null;
    readonly previous: ObjectChange | null;
    readonly next: ObjectChange | null;
  };
  /** Another time, where one was asked for, and what changed from the earlier of both to the later. */
  readonly since?: {
    readonly at: string | null;
    readonly state: JsonObject | null;
    /** The other time is after the one shown. */
    readonly isLater: boolean;
    readonly changes: readonly StateChange[];
  };
}

/** Something the trail's objects refer to, or are selected, scaled, limited or admitted by, and the writes on it. */
export interface OutsideLane {
  /** Id of its last life; steps name theirs. */
  readonly id: string;
  readonly kind: string;
  /** plural.group */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** What refers to it: `mounted by container app`. */
  readonly how: string;
  /** `uid`: bodies say so. */
  readonly evidence: Evidence;
  readonly confidence: Confidence;
  /** When it was referred to first, and until when; null: it still is. */
  readonly from: string | null;
  readonly until: string | null;
  /** Writes only, from before it was referred to on. */
  readonly steps: readonly TrailStep[];
  readonly stepsDropped: number;
}

/** What a namespace's deletion took, or waits for. */
export interface DiedWith {
  readonly objects: number;
  /** `left`: still there, as far as the log tells. */
  readonly kinds: readonly {
    readonly kind: string;
    readonly resource: string;
    readonly count: number;
    readonly left: number;
  }[];
  /** Some of them: what is left first, then what had finalizers, then what nothing owned. */
  readonly named: readonly {
    readonly id: string;
    readonly object: string;
    readonly gone: string | null;
    /** From the request that deleted the namespace. */
    readonly ms: number | null;
    readonly isLeft: boolean;
    readonly isOwned: boolean;
    readonly finalizers: readonly string[];
  }[];
  /** Until the namespace was gone; null: it is there. */
  readonly ms: number | null;
}

/** What an object is deployed by. */
export interface TrailSource {
  /** `Helm release shop/web`, `Argo CD Application web`, `Flux Kustomization flux-system/apps` */
  readonly name: string;
  /** Of a Helm release, the last by the object's end. */
  readonly revision: number | null;
  /** The owner that is marked, when the object itself is not. */
  readonly by: string | null;
  /** `likely`: told by who wrote what when. */
  readonly confidence: Confidence;
}

export interface TrailResult {
  readonly object: string;
  /** Id of the life it is about, which is one of the nodes. */
  readonly id?: string;
  readonly source?: TrailSource | null;
  /** Of a namespace that was deleted. */
  readonly died?: DiedWith;
  readonly nodes: readonly TrailNode[];
  readonly steps: readonly TrailStep[];
  readonly phases: readonly TrailPhase[];
  readonly evidence: {
    readonly level: string;
    readonly missing: readonly string[];
    /** API servers whose clocks are off: all times of theirs are corrected here. */
    readonly clocks?: readonly ClockNote[];
  };
  /** Other lives of the same name, newest first (ids usable as OBJECT: a uid or name#incarnation). */
  readonly otherLives: readonly {
    readonly id: string;
    readonly created: string | null;
    readonly deleted: string | null;
  }[];
  readonly rollouts?: readonly TrailRollout[];
  /** What touched it from outside, by what was written last. */
  readonly outside?: readonly OutsideLane[];
  /** Steps that are not kept any more, by the bound per object. */
  readonly stepsDropped?: number;
}

export const WHY_VERDICTS = [
  "deleted",
  "deletecollection",
  "scaled-down",
  "rollout",
  "owner-deleted",
  "namespace-deleted",
  "evicted",
  "drained",
  "tainted",
  "preempted",
  "ttl",
  "history-limit",
  "rejected",
  "stuck",
  "alive",
  "unknown",
] as const;
export type WhyVerdict = (typeof WHY_VERDICTS)[number];

/** One link of the chain. The first is the removal itself, the last the first cause. */
export interface WhyLink {
  readonly t: string;
  /** What was touched, as OBJECT: `deploy/nginx -n demo`. */
  readonly object: string;
  /** Which life of the name, where there are several. */
  readonly life?: number;
  /** "deleted", "scaled 4 → 2" */
  readonly what: string;
  /** Full username. */
  readonly by: string;
  readonly actorClass: string;
  readonly auditID: string;
  /** Why this happened, leading to the next link; for the last link why the chain ends here. */
  readonly because: string;
  readonly seq?: number | null;
  /** Address and program it came from. */
  readonly ip?: string;
  readonly useragent?: string;
  /** Real user when it impersonated `by`. */
  readonly asFrom?: string;
  readonly code?: number | null;
}

/** A write on something an object refers to, before the object was in trouble. */
export interface WhyOutside {
  readonly t: string;
  readonly object: string;
  readonly what: string;
  readonly by: string;
  readonly actorClass: string;
  readonly auditID: string;
  readonly seq: number | null;
  /** `mounted by container app` */
  readonly how: string;
  readonly trouble: { readonly t: string; readonly object: string; readonly what: string };
  /** From the write to the trouble. */
  readonly ms: number;
  /** That the one led to the other. */
  readonly confidence: Confidence;
}

export interface WhyResult {
  readonly object: string;
  readonly verdict: WhyVerdict;
  readonly chain: readonly WhyLink[];
  readonly confidence: Confidence;
  /** What the log lacks to prove more: "needs Request level for replicasets". */
  readonly missing?: readonly string[];
  /** Id of the life the answer is about. */
  readonly id?: string;
  /** Finalizers left on an object that is stuck. */
  readonly finalizers?: readonly string[];
  readonly otherLives?: TrailResult["otherLives"];
  /** The nearest change from outside before containers failed or pods were refused. */
  readonly outside?: WhyOutside;
  /** Of a namespace that was deleted. */
  readonly died?: DiedWith;
  /** As in a trail's evidence. */
  readonly clocks?: readonly ClockNote[];
}
