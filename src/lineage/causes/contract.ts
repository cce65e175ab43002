import type { Confidence, WhyLink, WhyVerdict } from "../contract.ts";
import type { Families } from "../family.ts";
import type { Life } from "../lives.ts";
import type { ObjectStore } from "../object-store.ts";
import type { Touch } from "../touch.ts";

/** A removal, and what the log has to explain it with. */
export interface RemovalContext {
  readonly life: Life;
  readonly removal: Touch;
  readonly families: Families;
  readonly store: ObjectStore;
  /** Explains why another object went away; null when that is being explained already. */
  explain(life: Life): Explanation | null;
  /** A link of the chain, in the words of the object's own steps. */
  link(life: Life, touch: Touch, because: string): WhyLink;
}

export interface Explanation {
  readonly verdict: WhyVerdict;
  readonly chain: readonly WhyLink[];
  readonly confidence: Confidence;
  readonly missing: readonly string[];
}

/** One way in which objects go away. `explain` answers null when the removal is not of its kind. */
export interface CauseKind {
  readonly name: string;
  explain(context: RemovalContext): Explanation | null;
}

const RANK: Readonly<Record<Confidence, number>> = { certain: 2, likely: 1, guess: 0 };

/** A chain is as sure as its weakest link. */
export function weakest(...all: readonly Confidence[]): Confidence {
  return all.reduce((least, next) => (RANK[next] < RANK[least] ? next : least), "certain");
}
