import type { Level, Stage } from "../events/vocabulary.ts";
import type { Place } from "../yaml/located.ts";

/** A word of a policy and where it stands. */
export interface Word {
  readonly text: string;
  readonly place: Place;
}

/** One entry of a rule's `resources`. */
export interface GroupResources {
  readonly place: Place;
  /** "" is the core group, `*` any. */
  readonly group: string;
  /** Empty: every resource and subresource of the group. */
  readonly resources: readonly Word[];
  readonly resourceNames: readonly Word[];
}

/** A rule as the API server understands it. Empty lists don't limit it. */
export interface PolicyRule {
  readonly place: Place;
  readonly level: Level;
  readonly users: readonly Word[];
  readonly userGroups: readonly Word[];
  readonly verbs: readonly Word[];
  readonly resources: readonly GroupResources[];
  readonly namespaces: readonly Word[];
  readonly nonResourceURLs: readonly Word[];
  /** The rule's own; the policy's are omitted too. */
  readonly omitStages: readonly Stage[];
  /** Null: as the policy says. */
  readonly omitManagedFields: boolean | null;
}

export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly omitStages: readonly Stage[];
  readonly omitManagedFields: boolean;
}

/** What the API server says, or should say, when it loads the file. */
export interface LoadProblem {
  /** `refused`: it does not start with this file; `ignored`: it goes on without what is written there. */
  readonly kind: "refused" | "ignored";
  /** 0-based; null: of the file as a whole. */
  readonly rule: number | null;
  readonly place: Place | null;
  readonly message: string;
  /** What to write instead. */
  readonly instead: string;
}

/** A policy file, or a policy inside another one, as it was read. */
export interface PolicyText {
  /** Where it is in its file: `data.default.yaml`; "" when it is the file. */
  readonly key: string;
  readonly place: Place;
  /** Null when nothing can be evaluated; of a version that was removed (v1beta1, v1alpha1) as if it were v1. */
  readonly policy: Policy | null;
  readonly problems: readonly LoadProblem[];
  /** Control lines and placeholders of a template were left out. */
  readonly isTemplate: boolean;
}
