import type { AggregateDetector, Draft } from "../contract.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { joined } from "../terms.ts";
import { actorText, plain } from "../words.ts";
import { startAt, trafficFrom } from "./restart-samples.ts";
import { serverText } from "./server-text.ts";

/** Watches and streams are cut by every restart; their clients open them anew. */
const SHORT_LIVED = "long:false";

export const inFlightLost: AggregateDetector = {
  kind: "aggregate",
  id: "in-flight-lost",
  about: "requests that an API server had received were never answered: it was gone",
  severity: "low",
  needs: ["metadata"],
  advice: "Whether they were carried out is not in the log: look at their objects, and repeat what is safe to repeat.",
  references: ["docs/restarts.md"],
  usual: { user: "b", verb: "create", resource: "pods" },
  hits: [
    [
      trafficFrom(0, "configmaps", 20),
      { at: 19.5, user: "import", resource: "configmaps", namespace: "s", code: null, times: 6 },
      startAt(30, "clusterroles.rbac.authorization.k8s.io", "system:discovery"),
      trafficFrom(31, "configmaps", 20),
    ],
    [
      trafficFrom(0, "pods", 40),
      { at: 39.5, verb: "patch", namespace: "s", name: "x", code: null },
      startAt(60, "priorityclasses.scheduling.k8s.io", "system-node-critical"),
      trafficFrom(61, "pods", 40),
    ],
  ],
  misses: [
    [trafficFrom(0, "configmaps", 20), { namespace: "s", code: null }],
    [
      trafficFrom(0, "configmaps", 20),
      startAt(30, "clusterroles.rbac.authorization.k8s.io", "system:discovery"),
      trafficFrom(31, "configmaps", 20),
    ],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const { apiserver, from, evidence } of (await store.continuity()).restarts) {
      const cut = evidence.find(({ kind }) => kind === "cut-off");
      if (typeof cut?.query !== "string" || from === null) continue;
      const terms = joined(cut.query, SHORT_LIVED);
      for (const row of await store.groups(terms, ["user", "useragent", "verb", "resource"])) {
        const { user = "", useragent = "", verb = "", resource = "" } = row.key;
        const who = actorText({ user, asFrom: "", ip: "" });
        drafts.push({
          severity: verb === "get" || verb === "list" ? "info" : "low",
          title: `${row.requests} × ${verb} ${plain(resource)} by ${who} never answered: ${serverText(apiserver)} was gone`,
          detail: `${row.requests} requests of ${who} with ${useragent} to ${verb} ${resource} were received before ${serverText(apiserver)} went away at ${from}, and never answered`,
          subject: { user, useragent, resource, ...(apiserver === "" ? {} : { apiserver }) },
          evidence: { terms: joined(terms, ...termsForKey(row.key)), counted: row },
        });
      }
    }
    return drafts;
  },
};
