import type { AggregateDetector, Draft } from "../contract.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { joined } from "../terms.ts";
import { actorText, plain } from "../words.ts";
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
  hits: [
    [
      { user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
      { at: 19.5, user: "import", verb: "create", resource: "configmaps", namespace: "s", code: null, times: 6 },
      {
        at: 30,
        user: "system:apiserver",
        verb: "get",
        resource: "clusterroles.rbac.authorization.k8s.io",
        name: "system:discovery",
        annotations: { "apiserver.k8s.io/startup": "early=true self=false loopback=true" },
        times: 5,
      },
      { at: 31, user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
    ],
    [
      { user: "a", verb: "get", resource: "pods", namespace: "a", name: "x", times: 40, every: 1 },
      { at: 39.5, user: "b", verb: "patch", resource: "pods", namespace: "s", name: "x", code: null },
      {
        at: 60,
        user: "system:apiserver",
        verb: "get",
        resource: "priorityclasses.scheduling.k8s.io",
        name: "system-node-critical",
        annotations: { "apiserver.k8s.io/startup": "early=true self=false loopback=true" },
        times: 5,
      },
      { at: 61, user: "a", verb: "get", resource: "pods", namespace: "a", name: "x", times: 40, every: 1 },
    ],
  ],
  misses: [
    [
      { user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
      { user: "b", verb: "create", resource: "pods", namespace: "s", code: null },
    ],
    [
      { user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
      {
        at: 30,
        user: "system:apiserver",
        verb: "get",
        resource: "clusterroles.rbac.authorization.k8s.io",
        name: "system:discovery",
        annotations: { "apiserver.k8s.io/startup": "early=true self=false loopback=true" },
        times: 5,
      },
      { at: 31, user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
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
