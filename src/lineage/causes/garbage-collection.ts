import { COLLECTOR } from "../actors.ts";
import { objectWords, ownerWords } from "../steps.ts";
import { weakest, type CauseKind } from "./contract.ts";

/** The garbage collector removes what has lost its owner. */
export const garbageCollection: CauseKind = {
  name: "owner-deleted",
  explain(context) {
    const { life, removal, families } = context;
    if (removal.actor.controller !== COLLECTOR) return null;
    const link = families.ownerOf(life);
    if (link === null) {
      const unseen = families.of(life.record.namespace).unseenOwnerOf(life);
      const owner = unseen === null ? "its owner" : `its owner ${ownerWords(unseen)}`;
      return {
        verdict: "owner-deleted",
        chain: [context.link(life, removal, `${owner} was gone`)],
        confidence: unseen === null ? "guess" : "likely",
        missing: [
          unseen === null
            ? `who owned it is not in this log: needs Request level for ${life.record.resource}`
            : `the delete of ${ownerWords(unseen)} is not in this log`,
        ],
      };
    }
    const { owner, confidence } = link;
    const how = owner.removal?.facts?.delete?.propagation ?? "";
    const because = `its owner ${objectWords(owner)} was deleted${how === "" ? "" : ` (${how.toLowerCase()})`}`;
    const here = context.link(life, removal, because);
    const cause = context.explain(owner);
    if (cause === null) {
      return {
        verdict: "owner-deleted",
        chain: [here],
        confidence: weakest(confidence, "likely"),
        missing: [`the delete of ${objectWords(owner)} is not in this log`],
      };
    }
    return {
      verdict: "owner-deleted",
      chain: [here, ...cause.chain],
      confidence: weakest(confidence, cause.confidence),
      missing: cause.missing,
    };
  },
};
