/** Looking at what is meant for the cluster itself, or at everybody's. */
import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { repeated } from "../repeated.ts";
import { list, personText, within } from "../words.ts";

export const debugEndpoints = incidents({
  id: "debug-endpoints",
  about: "somebody reads profiles, logs or settings of the API server itself",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for: profiles and flags tell about memory and keys; --profiling=false turns them off.",
  references: ["CIS 1.2.15", "T1613"],
  wants: `path:/debug/*,/logs,/logs/*,/configz,/flagz,/statusz ${NOT_MACHINERY}`,
  usual: { user: "eve", verb: "get" },
  hits: [
    [{ resource: "/debug/pprof/heap" }],
    [{ user: "system:anonymous", resource: "/logs/", code: 403, decision: "forbid" }],
  ],
  misses: [[{ resource: "/metrics" }], [{ user: "system:kube-scheduler", resource: "/configz" }]],
  judge: () => ({ key: "endpoints" }),
});

const LEAST_PODS = 20;
const LEAST_NAMESPACES = 3;

export const logsSweep = repeated({
  id: "pod-logs-sweep",
  about: "a person reads the logs of many pods in several namespaces",
  severity: "low",
  needs: ["metadata"],
  advice: "Ask what for: logs hold names, addresses and, too often, passwords.",
  references: ["T1613", "T1552"],
  terms: "resource:pods/log verb:get code:<400 actor:human",
  by: ["user", "ip"],
  least: LEAST_PODS,
  usual: { user: "ann", verb: "get", resource: "pods/log" },
  hits: [
    ["a", "b", "c"].flatMap((namespace) =>
      Array.from({ length: 8 }, (_, at) => ({ user: "eve", namespace, name: `p${at}` })),
    ),
    Array.from({ length: 30 }, (_, at) => ({ user: "eve", namespace: `n${at % 5}`, name: `p${at}` })),
  ],
  misses: [
    Array.from({ length: 30 }, (_, at) => ({ namespace: "shop", name: `p${at}` })),
    [{ namespace: "a", name: "p", times: 60 }],
  ],
  async tell({ key, row, own, store }) {
    const pods = await store.groups(own, ["object"]);
    const namespaces = (await store.groups(own, ["namespace"])).map((each) => each.key["namespace"] ?? "");
    if (pods.length < LEAST_PODS || namespaces.length < LEAST_NAMESPACES) return null;
    const who = personText(key["user"] ?? "");
    return {
      title: `${who} read the logs of ${pods.length} pods in ${list(namespaces, 3)}`,
      detail: `${who} read the logs of ${pods.length} pods in ${namespaces.length} namespaces with ${row.requests} requests ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});

export const shellInUri = incidents({
  id: "shell-in-uri",
  about: "somebody sends commands, paths upwards or expressions in URLs, as scanners do",
  severity: "medium",
  needs: ["metadata"],
  advice: "Find out what runs at the address; the API server does not execute such, but something behind a proxy may.",
  references: ["T1190", "T1046", "Sigma: kubernetes_audit_uri_probing"],
  wants: `uri:/(?:\\.\\.\\/|%2e%2e(?:%2f|\\/)|%00|\\$\\{jndi|%24%7bjndi|\\/etc\\/passwd|union(?:\\+|%20)select|<script|%3cscript)/i -sub:exec,attach ${NOT_MACHINERY}`,
  usual: { user: "ann", verb: "get" },
  hits: [
    [{ user: "system:anonymous", resource: "/static/../../etc/passwd", code: 403, decision: "forbid" }],
    [{ user: "", resource: "/api/v1/%24%7bjndi:ldap:x", code: 401 }],
  ],
  misses: [
    [{ resource: "/api/v1" }],
    [{ resource: "pods/exec", namespace: "a", name: "p", query: "command=cat&command=%2Fetc%2Fpasswd", code: 101 }],
  ],
  judge: ({ facts }) => ({ key: facts.ip, did: ["asked for", "ask for"] }),
});
