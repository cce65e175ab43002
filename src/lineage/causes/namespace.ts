import { UNNAMED_CONTROLLER } from "../actors.ts";
import { weakest, type CauseKind } from "./contract.ts";

/** The namespace was deleted: its controller removes everything in it. */
export const namespaceDeletion: CauseKind = {
  name: "namespace-deleted",
  explain(context) {
    const { life, removal, families } = context;
    const { controller } = removal.actor;
    // No other of the manager's controllers removes whole collections.
    const isCollection = removal.verb === "deletecollection" && controller === UNNAMED_CONTROLLER;
    if (controller !== "namespace-controller" && !isCollection) return null;
    const { namespace } = life.record;
    const because = `namespace ${namespace} was deleted`;
    const space = families
      .livesOf("namespaces", "", namespace)
      .findLast((entry) => entry.removal !== null && entry.removal.timeUs <= removal.timeUs + 1_000_000);
    const cause = space === undefined ? null : context.explain(space);
    const here = context.link(life, removal, because);
    if (cause === null) {
      return {
        verdict: "namespace-deleted",
        chain: [here],
        confidence: "likely",
        missing: [`the delete of namespace ${namespace} is not in this log`],
      };
    }
    return {
      verdict: "namespace-deleted",
      chain: [here, ...cause.chain],
      confidence: weakest(cause.confidence, life.implied ? "likely" : "certain"),
      missing: cause.missing,
    };
  },
};
