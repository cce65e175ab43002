import type { CauseKind } from "./contract.ts";

/** Somebody deleted a whole collection. */
export const collection: CauseKind = {
  name: "deletecollection",
  explain({ life, removal, link }) {
    if (removal.verb !== "deletecollection") return null;
    const { resource, namespace } = life.record;
    const which = removal.facts?.delete?.selective === true ? "matching" : "all";
    const where = namespace === "" ? "" : ` in ${namespace}`;
    return {
      verdict: "deletecollection",
      chain: [link(life, removal, `one request deleted ${which} ${resource}${where}`)],
      confidence: life.implied ? "likely" : "certain",
      missing: life.implied ? [`which objects it covered needs RequestResponse level for ${resource}`] : [],
    };
  },
};
