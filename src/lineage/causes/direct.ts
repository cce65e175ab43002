import { UNNAMED_CONTROLLER } from "../actors.ts";
import type { CauseKind } from "./contract.ts";

/** Somebody deleted it: the chain begins and ends here. A controller has its reasons, which are its own kind's to tell. */
export const direct: CauseKind = {
  name: "deleted",
  explain({ life, removal, link }) {
    if (removal.actor.controller === UNNAMED_CONTROLLER)
      return {
        verdict: "deleted",
        chain: [link(life, removal, "by a controller")],
        confidence: "likely",
        missing: ["which controller it was, and so why, its user agent does not tell"],
      };
    const propagation = removal.facts?.delete?.propagation ?? "";
    const because =
      propagation === "Orphan" ? "deleted directly; what it owned was to stay (orphan)" : "deleted directly";
    return { verdict: "deleted", chain: [link(life, removal, because)], confidence: "certain", missing: [] };
  },
};
