import { field, list } from "../../lineage/json.ts";
import { isSystemNamespace, NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { dangerOfContainer } from "../workloads/pod-spec.ts";

export const portForward = incidents({
  id: "portforward",
  about: "somebody opened a way from their machine to a pod's port",
  severity: "low",
  needs: ["metadata"],
  advice: "Ask what for; who needs it often is better served by a Service.",
  references: ["T1090", "T1572", "Falco: port-forward"],
  wants: "resource:pods/portforward -actor:controller,apiserver,scheduler,node",
  usual: { user: "felix", verb: "get", resource: "pods/portforward", namespace: "shop", name: "web-1" },
  hits: [[{ verb: "create", code: 101 }], [{ namespace: "kube-system", name: "etcd-1", code: 101 }]],
  misses: [[{ resource: "pods" }], [{ resource: "pods/exec", code: 101 }]],
  judge: ({ facts }) => ({
    did: ["forwarded ports of", "forward ports of"],
    what: `pod ${facts.namespace}/${facts.name}`,
    ...(isSystemNamespace(facts.namespace)
      ? { severity: "medium" as const, why: "the pod is one of the cluster itself" }
      : {}),
  }),
});

export const ephemeralContainer = incidents({
  id: "ephemeral-container",
  about: "somebody put a container into a running pod",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; such a container stays until the pod goes, and sees what the pod sees.",
  references: ["T1609", "Falco: EphemeralContainers Created", "Elastic: ephemeral_container_added_to_pod"],
  wants: `verb:update,patch resource:pods/ephemeralcontainers ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "pierre", verb: "patch", resource: "pods/ephemeralcontainers", namespace: "shop", name: "web-1" },
  hits: [
    [{}],
    [{ request: { spec: { ephemeralContainers: [{ name: "d", securityContext: { privileged: true } }] } } }],
  ],
  misses: [[{ resource: "pods" }], [{ verb: "get" }]],
  judge: ({ facts, request }) => {
    const dangers = list(field(request, "spec"), "ephemeralContainers").flatMap(dangerOfContainer);
    const why = dangers[0] ?? (isSystemNamespace(facts.namespace) ? "the pod is one of the cluster itself" : undefined);
    return {
      did: ["put a container into", "put a container into"],
      what: `running pod ${facts.namespace}/${facts.name}`,
      ...(why === undefined ? {} : { severity: "high" as const, why }),
    };
  },
});

/** What monitoring reads through a proxy. */
const MONITORING = /\/proxy\/(?:metrics(?:\/(?:cadvisor|probes|resource))?|stats\/summary|healthz|configz)\/?$/;
const KUBELET = /\/proxy\/(?:run|exec|attach|portForward|containerLogs|runningpods|pods|logs|debug)\b/;

export const apiProxy = incidents({
  id: "api-proxy",
  about: "somebody reaches a kubelet, pod or service through the API server, past its own checks",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Ask what for: whoever may use nodes/proxy runs commands in any pod of the node, without a trace of them here.",
  references: ["T1610", "T1611", "Stratus: k8s.privilege-escalation.nodes-proxy", "Elastic: api_request_to_node_proxy"],
  wants: `resource:nodes/proxy,pods/proxy,services/proxy ${NOT_MACHINERY}`,
  usual: { user: "elena", verb: "get", resource: "nodes/proxy", name: "worker-2" },
  hits: [[{ ua: "curl/8" }], [{ resource: "services/proxy", namespace: "shop", name: "web", ua: "curl/8" }]],
  misses: [[{ resource: "nodes" }], [{ user: "system:apiserver" }]],
  judge: ({ facts }) => {
    const path = facts.uri.split("?", 1)[0] ?? "";
    if (MONITORING.test(path) && facts.actorClass === "serviceaccount") return null;
    const isNode = facts.resource === "nodes";
    const told = {
      did: ["reached", "reach"] as const,
      what: `${isNode ? `the kubelet of ${facts.name}` : `${facts.resource} ${facts.namespace}/${facts.name}`} through the API server`,
    };
    if (isNode && KUBELET.test(path))
      return { ...told, severity: "critical", why: "that path runs commands or tells what runs" };
    return isNode ? { ...told, severity: "high", why: "a kubelet obeys whoever gets through" } : told;
  },
});

export const attackTool = incidents({
  id: "attack-tool",
  about: "a program calls that is made for attacks or for looking for weak places",
  severity: "high",
  needs: ["metadata"],
  advice: "If it is not your own test, take its credential away; look at everything from the same address.",
  references: ["T1613", "Sigma: kubernetes_audit_unauthorized_unauthenticated_actions", "Defender: pentest tools"],
  wants:
    "ua:/kube-?hunter|peirates|access_matrix|rakkess|trufflehog|azurehound|kubeletctl|distrib#kali|nmap|masscan|zgrab|sqlmap|nuclei|nikto|kdigger|botb|deepce/i",
  usual: { user: "x", verb: "list", resource: "pods" },
  hits: [[{ ua: "kube-hunter/0.6" }], [{ verb: "get", resource: "/", ua: "Mozilla/5.0 zgrab/0.x" }]],
  misses: [[{ ua: "kubectl/v1.30" }], [{ ua: "hunter2-dashboard/1.0" }]],
  judge: ({ facts }) => ({ key: "tool", did: ["called", "call"], what: `with ${facts.useragent.slice(0, 80)}` }),
});
