import { createReadStream, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { describe, expect, it } from "vitest";
import { maskBody, maskEvent, maskText } from "../../src/masking/mask.ts";

/** What people have to read: names, images, hashes, versions, ids, messages, settings that say where a secret is. */
const TEXTS: readonly string[] = [
  "secret-bodies: bodies of secrets and tokenreviews are written at RequestResponse: passwords, keys and tokens are in the log",
  "the log is kept like a secret: # accept pods-env-secret; else level: Metadata",
  'secret "db-password" not found',
  'MountVolume.SetUp failed for volume "token" : secret "db-token" not found',
  `couldn't find key password in Secret demo/db`,
  'Error: secret "x" not found',
  'secrets "sh.helm.release.v1.argocd.v1" is forbidden: User "system:serviceaccount:vault-secrets:default" cannot get resource "secrets" in API group "" in the namespace "x"',
  'RBAC: allowed by ClusterRoleBinding "system:token-reviewer" of ClusterRole "secret-reader" to ServiceAccount "token-controller/kube-system"',
  "system:serviceaccount:vault-secrets-operator:token-reader",
  "system:serviceaccount:kube-system:bootstrap-signer",
  "system:bootstrap:abcdef",
  "registry.example.com/secrets/token-service:1.27.3",
  "ghcr.io/external-secrets/external-secrets:v0.9.11",
  "quay.io/jetstack/cert-manager-controller:v1.13.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "nginx:1.27@sha256:3f9a0c7be2d1486570fb3f9a0c7be2d1486570fb3f9a0c7be2d1486570fb0011",
  "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36",
  "vault-secrets-operator/v0.4.0 (linux/amd64) kubernetes/$Format",
  "secrets-store-csi-driver/v1.4.0",
  "argocd-application-controller/v2.9.3+6eba5be864b7e031871ed7698f5233336dfe75c7",
  "OpenAPI-Generator/28.1.0/python",
  "Go-http-client/2.0",
  "helm/3.13.2",
  "cluster-autoscaler/aws-1.28.1",
  "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
  "/api/v1/namespaces/demo/secrets/db-password",
  "/api/v1/namespaces/demo/serviceaccounts/default/token",
  "/api/v1/secrets?limit=500&resourceVersion=0",
  "/api/v1/secrets?labelSelector=owner%3Dhelm&limit=10",
  "/apis/apps/v1/deployments?allowWatchBookmarks=true&resourceVersion=123456&timeout=8m5s&timeoutSeconds=485&watch=true",
  "/api/v1/pods?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MTIzNDU2LCJzdGFydCI6ImRlbW8vbmdpbngifQ&limit=500",
  "/api/v1/pods?fieldSelector=spec.nodeName%3Dworker-1&limit=500",
  "/openapi/v3/apis/apps/v1?hash=DB3EC5ABCD0123456789",
  "/api/v1/namespaces/demo/pods/web-0/exec?command=sh&command=-c&command=ls+-la&container=app&stdin=true&stdout=true&tty=true",
  "/api/v1/namespaces/demo/pods/web-0/exec?command=mysql&command=-u&command=root&command=app",
  "/api/v1/namespaces/demo/pods/web-0/log?follow=true&tailLines=100",
  "/apis/authentication.k8s.io/v1/tokenreviews",
  "/api/v1/nodes/worker-1/proxy/stats/summary?only_cpu_and_memory=true",
  "--service-account-signing-key-file=/etc/kubernetes/pki/sa.key",
  "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key",
  "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
  "--authorization-mode=Node,RBAC",
  "--enable-bootstrap-token-auth=true",
  "--token-auth-file=/etc/tokens.csv",
  "--kubeconfig=/etc/kubernetes/scheduler.conf",
  "--requestheader-extra-headers-prefix=X-Remote-Extra-",
  "--secure-port=10257",
  "--use-service-account-credentials=true",
  "--encryption-provider-config=/etc/kubernetes/enc.yaml",
  "--concurrent-serviceaccount-token-syncs=5",
  "kube-controller-manager --authentication-kubeconfig=/etc/kubernetes/controller-manager.conf --leader-elect=true",
  "--anonymous-auth=false",
  "--authentication-token-webhook=true",
  "--cert-dir=/tmp",
  "--key=value-of-label",
  "Unauthorized",
  "invalid bearer token",
  "[invalid bearer token, Token has expired]",
  "Token has expired",
  "unable to authenticate the request: token lookup failed",
  "x509: certificate has expired or is not yet valid",
  "Bearer token authentication is required",
  "basic authentication is disabled",
  'password authentication failed for user "app"',
  "FATAL: password authentication failed for user app",
  "the password is incorrect",
  "Warning: password is required",
  "token is expired",
  "secret is missing",
  "secret is not defined",
  "token: unauthorized",
  "error: token expired",
  "Authentication: none",
  "auth: unknown user",
  'Readiness probe failed: Get "http://10.244.1.5:8080/healthz": dial tcp 10.244.1.5:8080: connect: connection refused',
  "Back-off restarting failed container app in pod web-0_demo(6b9e8b68-39e2-4833-ac46-6b0c55002d51)",
  'Successfully pulled image "nginx:1.27" in 1.2s (1.2s including waiting)',
  "Created container: app",
  "0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/5 nodes are available",
  'Failed to pull image "ghcr.io/x/y:1": rpc error: code = Unknown desc = failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
  "Scaled up replica set nginx-857899445 to 4",
  "exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=1, limited: requests.cpu=1",
  'Operation cannot be fulfilled on secrets "x": the object has been modified; please apply your changes to the latest version and try again',
  'admission webhook "validate.vault-secrets.io" denied the request: secret name must match',
  'Deployment.apps "x" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"x"}}: field is immutable',
  "6b9e8b68-39e2-4833-ac46-6b0c55002d51",
  "nginx-857899445-7x5j6",
  "sh.helm.release.v1.my-release.v12",
  "kube-root-ca.crt",
  "default-token-x7z9q",
  "bootstrap-token-abcdef",
  "argocd-initial-admin-secret",
  "system:node:ip-10-0-1-23.eu-central-1.compute.internal",
  "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/alice@example.com",
  "arn:aws:iam::123456789012:role/EKS-NodeInstanceRole-1A2B3C4D5E6F7",
  "gke-prod-default-pool-1a2b3c4d-x7k2",
  "aks-nodepool1-12345678-vmss000000",
  "i-0abcdef1234567890",
  "projects/my-project/locations/europe-west1/clusters/prod",
  "containerd://3f9a0c7be2d1486570fb3f9a0c7be2d1486570fb3f9a0c7be2d1486570fb0011",
  "JTI=6b9e8b68-39e2-4833-ac46-6b0c55002d51",
  "X509SHA256=3f9a0c7be2d1486570fb3f9a0c7be2d1486570fb3f9a0c7be2d1486570fb0011",
  "resource:secrets verb:get,list user:system:serviceaccount:*",
  "cred:JTI=6b9e8b68-39e2-4833-ac46-6b0c55002d51",
  "code:401 -group:system:nodes",
  "annotation:authorization.k8s.io/decision=allow",
  "authreason:token",
  'user:"alice@example.com"',
  'id:"6b9e8b68-39e2-4833-ac46-6b0c55002d51"',
  "FailedCreatePodSandBox",
  "NodeAllocatableEnforced",
  "InvalidDiskCapacity",
  "WaitForFirstConsumer",
  "ProvisioningSucceeded",
  "TopologyAwareHintsDisabled",
  "SuccessfulRescaleHPAv2Beta2",
  "ServiceAccountTokenNodeBindingValidation",
  "io.k8s.api.core.v1.PodTemplateSpec",
  "HorizontalPodAutoscaler",
  "StatefulSetAutoDeletePVC=true,APIServerIdentity=true",
  "ValidatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "CustomResourceDefinition",
  "kubernetes.io/service-account-token",
  "kubernetes.io/dockerconfigjson",
  "Opaque",
  "bootstrap.kubernetes.io/token",
  "oidc:alice@example.com",
  "alice@example.com",
  "https://issuer.example.com/realms/prod#alice",
  "spiffe://cluster.local/ns/demo/sa/default",
  "https://kubernetes.default.svc.cluster.local",
  "http://web.demo.svc:8080/path?x=1",
  "https://github.com/org/repo.git",
  "git@github.com:org/repo.git",
  "postgres://db:5432/app",
  "mysql -u root -p",
  "docker run -p 8080:80 nginx",
  "curl -u alice https://x",
  "ssh -p 22 host",
  "tar -xzpf a.tgz",
  "redis-cli -p 6379 ping",
  "kubectl get secret db -o yaml",
  "kubectl create secret generic x --from-file=password.txt",
  "openssl x509 -in a.crt -noout",
  "ls -la /var/run/secrets/kubernetes.io/serviceaccount/token",
  "cat /etc/passwd",
  "passwd",
  "sleep 3600",
  "python -m http.server",
  'sh -c "while true; do date; sleep 1; done"',
  "nginx -g daemon off;",
  "java -Xmx512m -jar app.jar --spring.profiles.active=prod",
  "echo $DB_PASSWORD",
  'psql "$DATABASE_URL"',
  "server:\n  port: 8080\n  tokenTTL: 3600\n  secretName: db\n  passwordFile: /etc/p\n  keyRotation: 30d\nauth:\n  enabled: true\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: b\n",
  "tolerations:\n- key: node.kubernetes.io/not-ready\n  operator: Exists\n",
  "env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db\n      key: password\n",
  "volumes:\n- name: token\n  secret:\n    secretName: db\n    items:\n    - key: password\n      path: password\n",
  'rules:\n- apiGroups: [""]\n  resources: ["secrets", "configmaps"]\n  verbs: ["get"]\n',
  "subjects:\n- kind: ServiceAccount\n  name: token-reader\n  namespace: vault-secrets\n",
  "max_connections = 250\nshared_buffers = 128MB\npassword_encryption = scram-sha-256\nssl_key_file = /etc/tls.key\n",
  "log_format main $remote_addr - $remote_user [$time_local]\nssl_certificate_key /etc/nginx/tls.key;\n",
  "[auth]\nenabled=true\nmode=oidc\n",
  "issuer: https://dex.example.com\nclientID: argocd\n",
];

const BODIES: readonly object[] = [
  {
    kind: "Pod",
    spec: {
      serviceAccountName: "token-reader",
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: "reg" }],
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
      volumes: [
        {
          name: "kube-api-access",
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
              { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
              {
                downwardAPI: {
                  items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
                },
              },
              { secret: { name: "db", items: [{ key: "password", path: "p" }] } },
            ],
          },
        },
        { name: "s", secret: { secretName: "db", defaultMode: 420, optional: true } },
        {
          name: "c",
          csi: {
            driver: "secrets-store.csi.k8s.io",
            readOnly: true,
            volumeAttributes: { secretProviderClass: "x" },
            nodePublishSecretRef: { name: "x" },
          },
        },
      ],
      containers: [
        {
          name: "a",
          envFrom: [{ secretRef: { name: "db" } }],
          env: [
            { name: "P", valueFrom: { secretKeyRef: { name: "db", key: "password", optional: false } } },
            { name: "PASSWORD_FILE", value: "/run/secrets/p" },
            { name: "TOKEN_TTL", value: "24h" },
          ],
          terminationMessagePath: "/dev/termination-log",
        },
      ],
      topologySpreadConstraints: [
        {
          topologyKey: "zone",
          labelSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["x"] }] },
          matchLabelKeys: ["pod-template-hash"],
        },
      ],
    },
  },
  { kind: "ServiceAccount", secrets: [{ name: "default-token-x7z9q" }], imagePullSecrets: [{ name: "r" }] },
  {
    kind: "ClusterRole",
    rules: [
      {
        apiGroups: [""],
        resources: ["secrets", "serviceaccounts/token"],
        resourceNames: ["db-password"],
        verbs: ["get"],
      },
    ],
  },
  {
    kind: "PersistentVolume",
    spec: {
      csi: {
        driver: "d",
        nodeStageSecretRef: { name: "a", namespace: "b" },
        controllerPublishSecretRef: { name: "a", namespace: "b" },
        volumeHandle: "vol-0123456789abcdef0",
      },
      claimRef: { uid: "6b9e8b68-39e2-4833-ac46-6b0c55002d51" },
    },
  },
  { kind: "Ingress", spec: { tls: [{ hosts: ["a"], secretName: "tls" }] } },
  {
    kind: "Certificate",
    spec: {
      secretName: "tls",
      privateKey: { algorithm: "RSA", size: 2048, rotationPolicy: "Always" },
      issuerRef: { name: "ca", kind: "ClusterIssuer" },
      keystores: { jks: { create: true, passwordSecretRef: { name: "x", key: "p" } } },
    },
  },
  {
    kind: "TokenRequest",
    spec: { audiences: ["api"], expirationSeconds: 3607, boundObjectRef: { kind: "Pod", name: "x", uid: "u" } },
  },
  {
    kind: "ExternalSecret",
    spec: {
      refreshInterval: "1h",
      secretStoreRef: { name: "v", kind: "SecretStore" },
      target: { name: "x", creationPolicy: "Owner" },
      data: [{ remoteRef: { key: "db/creds", property: "password" } }],
    },
  },
  {
    kind: "MutatingWebhookConfiguration",
    webhooks: [
      {
        name: "a",
        clientConfig: {
          service: { name: "x", namespace: "y", path: "/m", port: 443 },
          caBundle: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJkVENDQVJxZ0F3SUJBZ0lVTHdMVVFW",
        },
      },
    ],
  },
  {
    kind: "CertificateSigningRequest",
    spec: {
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      request: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIeg==",
      usages: ["digital signature", "key encipherment"],
    },
  },
  {
    kind: "Secret",
    metadata: {
      name: "db-password",
      labels: { app: "x" },
      ownerReferences: [{ uid: "u", name: "n" }],
      managedFields: [{ manager: "kubectl", fieldsV1: { "f:data": { ".": {}, "f:password": {} }, "f:type": {} } }],
    },
    type: "Opaque",
  },
  {
    kind: "HorizontalPodAutoscaler",
    spec: {
      metrics: [
        { type: "Object", object: { metric: { name: "requests" }, describedObject: { kind: "Service", name: "x" } } },
      ],
    },
  },
  { kind: "AuthenticationConfiguration", jwt: [{ issuer: { url: "https://x", audiences: ["a"] } }] },
  {
    status: {
      conditions: [{ type: "TokenExpired", status: "False", reason: "Valid", message: "token is valid" }],
      observedGeneration: 3,
      tokens: 5,
      maxTokens: 4096,
    },
  },
];

describe("ordinary texts", () => {
  it.each(TEXTS.map((text) => [JSON.stringify(text).slice(0, 80), text]))("%s", (_, text) => {
    expect(maskText(text)).toBe(text);
  });

  it.each(BODIES.map((body, at) => [`${at} ${String((body as { kind?: string }).kind ?? "")}`, body] as const))(
    "body %s",
    (_, body) => {
      expect(maskBody(body, { resource: "" })).toEqual(body);
    },
  );
});

/** Strings that were changed, by the last three keys of where they are; values of Secrets apart. */
function changes(before: unknown, after: unknown, path: readonly string[], found: Map<string, string>): void {
  if (before === null || typeof before !== "object") {
    const where = path.filter((key) => !/^\d+$/.test(key)).slice(-3);
    if (before !== after) found.set(where.join("."), String(before));
    return;
  }
  const isSecret = (before as { kind?: unknown }).kind === "Secret";
  for (const [key, value] of Object.entries(before))
    if (!isSecret || (key !== "data" && key !== "stringData"))
      changes(value, (after as Record<string, unknown>)[key], [...path, key], found);
}

function strings(value: unknown, all: Set<string>): void {
  if (typeof value === "string") all.add(value);
  else if (value !== null && typeof value === "object") for (const item of Object.values(value)) strings(item, all);
}

it("nothing of a real cluster's log is masked but tokens and what is in Secrets", async () => {
  const demo = new URL("../../fixtures/demo/", import.meta.url);
  const found = new Map<string, string>();
  const all = new Set<string>();
  for (const name of readdirSync(demo)) {
    const file = createReadStream(new URL(name, demo));
    for await (const line of createInterface({ input: name.endsWith(".gz") ? file.pipe(createGunzip()) : file })) {
      const event: unknown = JSON.parse(line);
      strings(event, all);
      changes(event, maskEvent(event), [], found);
    }
  }
  expect(all.size).toBeGreaterThan(30_000);
  expect([...found.keys()].toSorted()).toEqual([
    // The manifest of a Secret, applied by kubectl.
    "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration",
    "responseObject.status.token",
  ]);
});
