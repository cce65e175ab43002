import { collection } from "./collection.ts";
import type { CauseKind } from "./contract.ts";
import { direct } from "./direct.ts";
import { eviction } from "./eviction.ts";
import { follower } from "./followers.ts";
import { garbageCollection } from "./garbage-collection.ts";
import { kubeletRemoval } from "./kubelet.ts";
import { namespaceDeletion } from "./namespace.ts";
import { storedPolicy } from "./policies.ts";
import { preemption } from "./preemption.ts";
import { scaling } from "./scaling.ts";
import { taintEviction } from "./taint.ts";

/** Asked in this order; the first that knows the removal answers. `direct` knows every one. */
export const CAUSES: readonly CauseKind[] = [
  eviction,
  namespaceDeletion,
  collection,
  garbageCollection,
  preemption,
  taintEviction,
  storedPolicy,
  scaling,
  kubeletRemoval,
  follower,
  direct,
];
