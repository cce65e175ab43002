import type { TrailResult, WhyResult } from "../lineage/contract.ts";
import { controllerOf } from "../lineage/actors.ts";
import type { LineageFeed } from "./lineage-feed.ts";

/** Tells lives of objects, as `Lineage` does. */
export interface Teller {
  trail(object: string, namespace?: string): Promise<TrailResult | null>;
  why(object: string, namespace?: string): Promise<WhyResult | null>;
}

/** Where lives of objects are told from. */
export interface LineageSource {
  /** Who can tell of an object. */
  about(object: string, namespace: string | undefined, signal: AbortSignal): Promise<Teller>;
  /** Who can tell of what is in a namespace, by what is known by now; without a namespace of all of it. */
  current(namespace: string | undefined, signal: AbortSignal): Promise<Teller>;
}

/** Out of lineage that is fed from the ring. */
export class FedLineage implements LineageSource {
  private readonly feed: LineageFeed;

  constructor(feed: LineageFeed) {
    this.feed = feed;
  }

  async about(object: string, namespace: string | undefined, signal: AbortSignal): Promise<Teller> {
    const { feed } = this;
    const { lineage, isNarrow } = await feed.about(object, namespace, signal);
    return {
      trail: async (text, space) => lineage.trail(text, space),
      why: async (text, space) => {
        const answer = lineage.why(text, space);
        // What the scheduler removed made room for a pod that may be in any namespace.
        const reachesOut =
          answer?.chain.some(({ by, useragent }) => controllerOf(by, useragent ?? "") === "kube-scheduler") === true;
        if (!isNarrow || !reachesOut) return answer;
        return (await feed.reachingOut(namespace, signal)).why(text, space);
      },
    };
  }

  async current(namespace: string | undefined, signal: AbortSignal): Promise<Teller> {
    const lineage = await this.feed.current(namespace, signal);
    return {
      trail: async (text, space) => lineage.trail(text, space),
      why: async (text, space) => lineage.why(text, space),
    };
  }
}
