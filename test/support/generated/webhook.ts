import { auditLog, type EventFacts, noise } from "../audit-event.ts";

const MINUTE = 60_000;
/** When carol registers the webhook. */
const REGISTERED = 10 * MINUTE;
const END = 20 * MINUTE;
const WEBHOOK = "inject.sidecar.example.com";

/** CI creates a pod every five seconds, in 12 ms; from the moment a mutating webhook is registered it takes more than a second. */
export function slowWebhook(): string {
  const events: EventFacts[] = [
    {
      at: REGISTERED,
      verb: "create",
      resource: "mutatingwebhookconfigurations",
      apiGroup: "admissionregistration.k8s.io",
      name: "sidecar-injector",
      user: "carol@example.com",
      groups: ["sre"],
      agent: "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12",
      ip: "127.0.0.52",
      code: 201,
    },
  ];
  for (let at = 0, pod = 0; at < END; at += 5_000, pod += 1) {
    const isSlow = at > REGISTERED;
    const webhookMs = 1_100 + Math.round(400 * noise(at));
    events.push({
      at,
      verb: "create",
      resource: "pods",
      namespace: "ci",
      name: `build-${pod}`,
      user: "system:serviceaccount:ci:runner",
      groups: ["system:serviceaccounts"],
      agent: "ci-runner/3.2.0",
      ip: "10.2.0.4",
      code: 201,
      latencyMs: isSlow ? webhookMs + 12 : 12,
      ...(isSlow
        ? {
            annotations: {
              "apiserver.latency.k8s.io/total": `${webhookMs + 12}ms`,
              "apiserver.latency.k8s.io/mutating-webhook": `${webhookMs}ms`,
              "apiserver.latency.k8s.io/etcd": "4.1ms",
              "mutation.webhook.admission.k8s.io/round_0_index_0": `{"configuration":"sidecar-injector","webhook":"${WEBHOOK}","mutated":true}`,
            },
          }
        : {}),
    });
    events.push({
      at: at + 700,
      verb: "list",
      resource: "pods",
      namespace: "ci",
      user: "system:serviceaccount:ci:runner",
      groups: ["system:serviceaccounts"],
      agent: "ci-runner/3.2.0",
      ip: "10.2.0.4",
      latencyMs: 9,
    });
  }
  return auditLog(events);
}
