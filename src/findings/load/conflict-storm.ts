import { percent } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { personText, plain, within } from "../words.ts";

const LEAST = 20;
const LEAST_SHARE = 0.2;
const WRITES = "verb:create,update,patch,delete";

export const conflictStorm: AggregateDetector = {
  kind: "aggregate",
  id: "load-409-storm",
  about: "a client keeps writing what somebody else has changed meanwhile, and is told so",
  severity: "medium",
  wholeRun: true,
  needs: ["metadata"],
  advice:
    "Read the object again before writing it, or patch or apply it instead; two replicas without leader election do this too.",
  references: ["Kubernetes API conventions: concurrency control"],
  usual: { user: "ops", verb: "update", resource: "configmaps", namespace: "a", name: "x", times: 25 },
  hits: [
    [
      {
        user: "system:serviceaccount:shop:cart",
        namespace: "shop",
        code: 409,
        reason: "Conflict",
        times: 30,
        every: 1,
      },
    ],
    [
      { verb: "patch", resource: "deployments.apps", times: 20 },
      { verb: "patch", resource: "deployments.apps", code: 409, reason: "Conflict" },
    ],
  ],
  misses: [[{ code: 409, times: 19 }], [{ times: 200 }, { code: 409 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(`code:409 ${WRITES}`, ["user", "resource"])) {
      if (row.requests < LEAST) continue;
      const { user = "", resource = "" } = row.key;
      const own = joined(...termsForKey(row.key));
      const [all] = await store.groups(joined(WRITES, own), []);
      const writes = all?.requests ?? row.requests;
      if (row.requests < writes * LEAST_SHARE) continue;
      const [place, elsewhere] = await store.groups(joined(`code:409 ${WRITES}`, own), ["namespace"]);
      const namespace = elsewhere === undefined ? (place?.key["namespace"] ?? "") : "";
      const [object, other] = await store.groups(joined(`code:409 ${WRITES}`, own), ["object"]);
      const what =
        other === undefined && object?.key["object"] !== "" ? (object?.key["object"] ?? "") : plain(resource);
      drafts.push({
        severity: "medium",
        title: `${personText(user)} and its ${plain(resource)}${namespace === "" ? "" : ` in ${namespace}`}: ${row.requests} of ${writes} writes conflict (409)`,
        detail: `${row.requests} of ${writes} writes of ${personText(user)} to ${what} (${percent(row.requests / writes)}) were refused with 409 ${within(row.firstSeen, row.lastSeen)}`,
        subject: {
          user,
          resource,
          ...(namespace === "" ? {} : { namespace }),
          ...(other === undefined && object?.key["object"] ? { object: object.key["object"] } : {}),
        },
        evidence: { terms: joined(`code:409 ${WRITES}`, own), counted: row },
      });
    }
    return drafts;
  },
};
