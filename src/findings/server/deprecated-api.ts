import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft, Severity } from "../contract.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { joined } from "../terms.ts";
import { list, personText } from "../words.ts";
import { replacementOf } from "./deprecated-apis.ts";

const MARKED = `annotation:k8s.io/deprecated=true ${NOT_MACHINERY}`;
const RELEASE = "annotation:k8s.io/removed-release";

export const deprecatedApi: AggregateDetector = {
  kind: "aggregate",
  id: "api-deprecated",
  about: "a client uses an API that is deprecated, and may be gone after an upgrade",
  severity: "low",
  needs: ["annotations"],
  advice: "Move the client to the API that takes its place before the release that removes it.",
  references: ["Kubernetes: deprecated API migration guide"],
  usual: { user: "old", verb: "list", resource: "endpoints" },
  hits: [
    [
      {
        ua: "old-dashboard/1.2",
        resource: "ipaddresses.networking.k8s.io",
        version: "v1beta1",
        annotations: { "k8s.io/deprecated": "true", "k8s.io/removed-release": "1.37" },
        times: 3,
      },
    ],
    [{ namespace: "shop", annotations: { "k8s.io/deprecated": "true" } }],
  ],
  misses: [
    [
      {
        user: "system:serviceaccount:kube-system:generic-garbage-collector",
        annotations: { "k8s.io/deprecated": "true" },
      },
    ],
    [{ resource: "endpointslices.discovery.k8s.io", namespace: "shop" }],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    const cluster = await clusterMinor(store);
    for (const row of await store.groups(MARKED, ["user", "useragent"])) {
      const { user = "", useragent = "" } = row.key;
      const own = joined(MARKED, ...termsForKey(row.key));
      const uses = await store.groups(own, ["resource", RELEASE]);
      const releases = uses.map(({ key }) => key[RELEASE] ?? "").filter((release) => release !== "");
      const first = Math.min(...releases.map(minorOf));
      const what = uses.map(({ key }) => {
        const release = key[RELEASE] ?? "";
        const instead = replacementOf(key["resource"] ?? "");
        return `${key["resource"]}${release === "" ? "" : ` (gone in ${release})`}${instead === "" ? "" : ` → ${instead}`}`;
      });
      drafts.push({
        severity: severityOf(first, cluster),
        title: `${personText(user)} uses deprecated APIs: ${list(uses.map(({ key }) => key["resource"] ?? ""))}${Number.isFinite(first) ? `, the first gone in 1.${first}` : ""}: ${row.requests} requests`,
        detail: `${personText(user)} with ${useragent} made ${row.requests} requests to deprecated APIs: ${list(what, 8)}`,
        ...(Number.isFinite(first) && first === cluster + 1
          ? { why: "the next release of Kubernetes removes it" }
          : {}),
        subject: { user, useragent, ...(uses.length === 1 ? { resource: uses[0]?.key["resource"] ?? "" } : {}) },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};

function minorOf(release: string): number {
  return Number(/^1\.(\d{1,4})$/.exec(release)?.[1] ?? Number.NaN);
}

/** Absent removal: nobody plans it. `NaN` and `Infinity` compare false. */
function severityOf(removed: number, cluster: number): Severity {
  if (!Number.isFinite(removed)) return "info";
  if (removed <= cluster) return "high";
  return removed === cluster + 1 ? "medium" : "low";
}

/** Of the API server's own client, else the newest of the control plane; NaN when the log does not tell. */
async function clusterMinor(store: Parameters<AggregateDetector["detect"]>[0]): Promise<number> {
  const agents = await store.groups("ua:kube-apiserver/*,kube-controller-manager/*,kube-scheduler/*", ["useragent"]);
  const minors = agents.map(({ key }) => Number(/\/v1\.(\d{1,4})\./.exec(key["useragent"] ?? "")?.[1] ?? Number.NaN));
  return Math.max(...minors.filter((minor) => !Number.isNaN(minor)));
}
