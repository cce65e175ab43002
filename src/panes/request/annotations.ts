import { INFERRED_ANNOTATION } from "../../events/inferred.ts";
import { LATENCY_ANNOTATION } from "../../events/latency-annotations.ts";

/** What the API server's annotations mean, for those a person wants to see. */

const EXPLAINED: readonly (readonly [prefix: string, meaning: string])[] = [
  ["k8s.io/deprecated", "a deprecated API version was used"],
  ["k8s.io/removed-release", "release in which this API is removed"],
  ["pod-security.kubernetes.io/audit-violations", "violates the namespace's Pod Security audit level"],
  ["pod-security.kubernetes.io/enforce-policy", "Pod Security level that was enforced"],
  ["pod-security.kubernetes.io/exempt", "exempt from Pod Security"],
  ["validation.policy.admission.k8s.io/validation_failure", "a ValidatingAdmissionPolicy did not pass"],
  ["mutation.webhook.admission.k8s.io/", "a mutating webhook was called"],
  ["patch.webhook.admission.k8s.io/", "what a mutating webhook changed"],
  ["failed-open.mutation.webhook.admission.k8s.io/", "a mutating webhook failed and was passed over"],
  ["failed-open.validating.webhook.admission.k8s.io/", "a validating webhook failed and was passed over"],
  ["missing-san.invalid-cert.kubernetes.io/", "a certificate without subject alternative names"],
  ["insecure-sha1.invalid-cert.kubernetes.io/", "a certificate signed with SHA-1"],
  ["authentication.kubernetes.io/issued-credential-id", "id of the token that was issued"],
  ["authentication.openshift.io/", "how the OpenShift login went"],
  ["audit.k8s.io/truncated", "the API server dropped the bodies: the event was too large"],
  ["apiserver.k8s.io/unsafe-delete-ignore-read-error", "deleted although it could not be read"],
];

const AUTHORIZATION = "authorization.k8s.io/";

export function explainAnnotation(key: string): string {
  return EXPLAINED.find(([prefix]) => key === prefix || (prefix.endsWith("/") && key.startsWith(prefix)))?.[1] ?? "";
}

/** Annotations that are not shown elsewhere on the card. */
export function otherAnnotations(annotations: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(annotations).filter(
    ([key]) => !key.startsWith(AUTHORIZATION) && !key.startsWith(LATENCY_ANNOTATION) && key !== INFERRED_ANNOTATION,
  );
}
