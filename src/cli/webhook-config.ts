import type { ListenSettings } from "../listen/contract.ts";

/** What an API server needs to send its audit events to a listener: a kubeconfig, and where it goes. YAML with comments. */
export function webhookConfig({ address, tls, clientCa, tokenFile }: ListenSettings): string {
  const isAny = ["", "0.0.0.0", "::"].includes(address.host);
  const host = isAny ? "KTRAIL-HOST" : address.host.includes(":") ? `[${address.host}]` : address.host;
  const server = `${tls === null ? "http" : "https"}://${host}:${address.port}/audit/NAME`;
  const user = [
    ...(tokenFile === null ? [] : ["    token: TOKEN                  # a line of the --token-file"]),
    ...(clientCa === null
      ? []
      : [
          "    client-certificate: /etc/kubernetes/ktrail/client.crt   # of the --client-ca",
          "    client-key: /etc/kubernetes/ktrail/client.key",
        ]),
  ];
  const lines = [
    "# The kubeconfig of the audit webhook: /etc/kubernetes/ktrail/webhook.yaml on each control plane node.",
    "# NAME tells API servers apart: it becomes their apiserver. A query in the URL would be thrown away by the API server.",
    ...(isAny ? ["# KTRAIL-HOST: the name or address under which the API servers reach this machine."] : []),
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    "- name: ktrail",
    "  cluster:",
    `    server: ${server}`,
    ...(tls === null ? [] : ["    certificate-authority: /etc/kubernetes/ktrail/ca.crt     # that signed --tls-cert"]),
    "users:",
    "- name: apiserver",
    ...(user.length === 0 ? ["  user: {}"] : ["  user:", ...user]),
    "contexts:",
    "- name: ktrail",
    "  context:",
    "    cluster: ktrail",
    "    user: apiserver",
    "current-context: ktrail",
  ];
  return `${lines.join("\n")}\n${FLAGS}`;
}

const FLAGS = `#
# Flags of kube-apiserver. A policy is needed; blocking mode would make requests wait for this program.
#   --audit-policy-file=/etc/kubernetes/ktrail/policy.yaml
#   --audit-webhook-config-file=/etc/kubernetes/ktrail/webhook.yaml
#   --audit-webhook-mode=batch
#   --audit-webhook-batch-max-wait=5s
#
# kubeadm: in the ClusterConfiguration (kubeadm init phase control-plane apiserver), or by hand in
# /etc/kubernetes/manifests/kube-apiserver.yaml with a hostPath volume:
#   apiServer:
#     extraArgs:
#     - {name: audit-policy-file, value: /etc/kubernetes/ktrail/policy.yaml}
#     - {name: audit-webhook-config-file, value: /etc/kubernetes/ktrail/webhook.yaml}
#     extraVolumes:
#     - {name: ktrail, hostPath: /etc/kubernetes/ktrail, mountPath: /etc/kubernetes/ktrail, readOnly: true}
#
# k3s: /etc/rancher/k3s/config.yaml; RKE2: /etc/rancher/rke2/config.yaml
#   kube-apiserver-arg:
#   - audit-policy-file=/etc/rancher/ktrail/policy.yaml
#   - audit-webhook-config-file=/etc/rancher/ktrail/webhook.yaml
#   (RKE2 runs it as a pod: kube-apiserver-extra-mount: ["/etc/rancher/ktrail:/etc/rancher/ktrail:ro"])
#
# kind: the nodes reach this machine under the gateway of the docker network (docker network inspect kind)
#   nodes:
#   - role: control-plane
#     extraMounts: [{hostPath: ./ktrail, containerPath: /etc/kubernetes/ktrail, readOnly: true}]
#     kubeadmConfigPatches:
#     - |
#       kind: ClusterConfiguration
#       apiServer:
#         extraArgs: {audit-policy-file: /etc/kubernetes/ktrail/policy.yaml, audit-webhook-config-file: /etc/kubernetes/ktrail/webhook.yaml}
#         extraVolumes: [{name: ktrail, hostPath: /etc/kubernetes/ktrail, mountPath: /etc/kubernetes/ktrail, readOnly: true}]
#
# minikube: this machine is host.minikube.internal; files under ~/.minikube/files are copied into the node
#   mkdir -p ~/.minikube/files/etc/ssl/certs/ktrail && cp policy.yaml webhook.yaml ~/.minikube/files/etc/ssl/certs/ktrail/
#   minikube start --extra-config=apiserver.audit-policy-file=/etc/ssl/certs/ktrail/policy.yaml \\
#     --extra-config=apiserver.audit-webhook-config-file=/etc/ssl/certs/ktrail/webhook.yaml
`;
