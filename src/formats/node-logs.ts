import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const nodeLogs: Format = {
  id: "node-logs",
  title: "Lines of several nodes",
  docs: "The name of the node or pod before each line: oc adm node-logs, kubectl logs --prefix, pssh.",
  prefixes: [
    // A name alone. No time stamp, no bare number.
    { pattern: /^(?!\d{8}T)(?=[\d.-]*[A-Za-z])([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?):?\s+$/ },
    // `[pod/kube-apiserver-cp1/kube-apiserver] `
    { pattern: /^\[pod\/([^\s/\]]+)\/[^\s\]]+\] $/ },
  ],
  samples: () => [
    {
      name: "oc adm node-logs",
      text: `ci-x7-master-0 ${V1_LIST}\nci-x7-master-1 ${V1_CREATE}\n`,
      events: 2,
      apiservers: ["ci-x7-master-0", "ci-x7-master-1"],
    },
    {
      name: "kubectl logs --prefix",
      text: `[pod/kube-apiserver-cp1/kube-apiserver] ${V1_LIST}\n[pod/kube-apiserver-cp2/kube-apiserver] ${V1_CREATE}\n`,
      events: 2,
      apiservers: ["kube-apiserver-cp1", "kube-apiserver-cp2"],
    },
    { name: "a name and a colon", text: `cp1: ${V1_LIST}\n`, events: 1, apiservers: ["cp1"] },
  ],
};
