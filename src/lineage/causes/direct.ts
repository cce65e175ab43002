import type { CauseKind } from "./contract.ts";

/** Somebody deleted it: the chain begins and ends here. */
export const direct: CauseKind = {
  name: "deleted",
  explain({ life, removal, link }) {
    const propagation = removal.facts?.delete?.propagation ?? "";
    const because =
      propagation === "Orphan" ? "deleted directly; what it owned was to stay (orphan)" : "deleted directly";
    return { verdict: "deleted", chain: [link(life, removal, because)], confidence: "certain", missing: [] };
  },
};
