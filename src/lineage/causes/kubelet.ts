import { KUBELET } from "../actors.ts";
import { succeeded } from "../touch.ts";
import { isFinalRemoval, isOwnCreate } from "../lives.ts";
import type { CauseKind } from "./contract.ts";

/** The kubelet's delete is the cause only for its own mirror pods and for pods it evicted; else the first one is missing. */
export const kubeletRemoval: CauseKind = {
  name: "kubelet",
  explain({ life, removal, link }) {
    if (!isFinalRemoval(removal)) return null;
    const mirror = life.touches.some(({ facts }) => facts?.mirror === true) || isOwnCreate(life, removal);
    if (mirror) {
      return {
        verdict: "deleted",
        chain: [link(life, removal, "a mirror pod goes when its static manifest changes or leaves the node")],
        confidence: "certain",
        missing: ["what happened to the static pod's manifest is not in an API server's log"],
      };
    }
    const evicted = life.touches.find(
      (touch) => succeeded(touch) && touch.actor.controller === KUBELET && touch.facts?.pod?.reason === "Evicted",
    );
    if (evicted !== undefined) {
      return {
        verdict: "evicted",
        chain: [
          link(life, removal, "its kubelet had evicted it"),
          link(life, evicted, evicted.facts?.pod?.message ?? "the node ran short of a resource"),
        ],
        confidence: "certain",
        missing: [],
      };
    }
    return {
      verdict: "unknown",
      chain: [link(life, removal, "only the final removal by its kubelet is in the log: who asked for it is not")],
      confidence: "guess",
      missing: ["the delete, eviction or deletecollection that began this is not in this log (another API server's?)"],
    };
  },
};
