import { asObject, field, type JsonValue, list, text } from "../../lineage/json.ts";
import { isSystemNamespace } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { list as listText, targetText } from "../words.ts";

const MOST_OPERATIONS = 200;

export const patchedImage = incidents({
  id: "workload-patched-image",
  about: "a person changed what a running workload runs: its image, or a container more",
  severity: "info",
  needs: ["request bodies"],
  advice: "If it did not come through the pipeline, ask what for: the next release takes it back.",
  references: ["T1525", "Sigma: kubernetes_audit_sidecar_injection"],
  wants:
    'verb:patch resource:deployments.apps,daemonsets.apps,statefulsets.apps,cronjobs.batch sub:"" actor:human -ua:helm*,argocd*,flux*,terraform*',
  reads: "bodies",
  usual: { user: "ann", verb: "patch", resource: "deployments.apps", namespace: "shop", name: "web" },
  hits: [
    [{ request: { spec: { template: { spec: { containers: [{ name: "web", image: "web:2" }] } } } } }],
    [
      {
        resource: "daemonsets.apps",
        namespace: "kube-system",
        name: "kube-proxy",
        request: [{ op: "add", path: "/spec/template/spec/containers/-", value: { name: "x", image: "x:1" } }],
      },
    ],
  ],
  misses: [[{ request: { spec: { replicas: 3 } } }], [{}]],
  judge: ({ facts, request }) => {
    const images = new Set(imagesOfPatch(request));
    if (images.size === 0) return null;
    const what = `the image of ${targetText(facts)}: ${listText(images, 3)}`;
    return isSystemNamespace(facts.namespace)
      ? { what, severity: "medium", why: "it is in a namespace of the cluster itself" }
      : { what };
  },
});

function imagesOfPatch(patch: JsonValue | undefined): readonly string[] {
  if (Array.isArray(patch)) return patch.slice(0, MOST_OPERATIONS).flatMap(imagesOfOperation);
  const spec = field(patch, "spec");
  const pods = [field(spec, "template", "spec"), field(field(field(spec, "jobTemplate"), "spec"), "template", "spec")];
  return pods.flatMap((pod) =>
    [...list(pod, "containers"), ...list(pod, "initContainers")].flatMap((container) => text(container, "image") || []),
  );
}

function imagesOfOperation(operation: JsonValue): readonly string[] {
  const path = text(operation, "path");
  const value = field(operation, "value");
  if (/\/(?:initC|c)ontainers\/[^/]{1,10}\/image$/.test(path)) return typeof value === "string" ? [value] : [];
  if (!/\/(?:initC|c)ontainers\/[^/]{1,10}$/.test(path) || asObject(value) === null) return [];
  return text(value, "image") === "" ? [] : [text(value, "image")];
}
