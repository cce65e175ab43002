/** JSON shapes of `trail` in docs/interface.md (extra fields are additions). Times are RFC 3339 UTC. */

export type Evidence = "uid" | "name" | "actor";
export type Confidence = "certain" | "likely" | "guess";

export interface TrailNode {
  readonly id: string;
  readonly kind: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** 1-based life of this name. */
  readonly incarnation: number;
  readonly owner: { readonly id: string; readonly evidence: Evidence; readonly confidence: Confidence } | null;
  readonly created: string | null;
  readonly deleted: string | null;
  readonly createdBy: string | null;
  readonly deletedBy: string | null;
  /** Node a pod was bound to. */
  readonly node: string | null;
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
}

export interface TrailPhase {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly ms: number;
}

export interface TrailResult {
  readonly object: string;
  readonly nodes: readonly TrailNode[];
  readonly steps: readonly TrailStep[];
  readonly phases: readonly TrailPhase[];
  readonly evidence: { readonly level: string; readonly missing: readonly string[] };
  /** Other lives of the same name, newest first (ids usable as OBJECT: a uid or name#incarnation). */
  readonly otherLives: readonly {
    readonly id: string;
    readonly created: string | null;
    readonly deleted: string | null;
  }[];
}
